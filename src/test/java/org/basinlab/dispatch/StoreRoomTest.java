package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.Upkeep;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class StoreRoomTest {

    @Inject
    Upkeep upkeep;

    @Inject
    LedgerFixture ledger;

    @TempDir
    private Path place;

    @Test
    void what_a_disk_keeps_for_others_is_neither_taken_nor_free() {
        assertThat(StoreRoom.share(252, 169, 20))
                .hasValueSatisfying(share -> assertThat(share).isBetween(0.80, 0.81));
        assertThat(StoreRoom.share(100, 10, 10)).contains(0.9);
        assertThat(StoreRoom.share(0, 0, 0)).isEmpty();
    }

    record Config(Optional<Path> storeDirectory, Optional<MemorySize> storeCapacity, double alarm, double full)
            implements UpkeepConfig {

        @Override
        public Duration schedules() {
            return Duration.ofSeconds(5);
        }

        @Override
        public Duration ageing() {
            return Duration.ofMinutes(1);
        }

        @Override
        public String retention() {
            return "off";
        }

        @Override
        public Duration retain() {
            return Duration.ofDays(90);
        }

        @Override
        public Duration replayCheck() {
            return Duration.ofHours(1);
        }

        @Override
        public Duration replay() {
            return Duration.ofDays(1);
        }

        @Override
        public int replayTasks() {
            return 0;
        }

        @Override
        public Duration clock() {
            return Duration.ofMinutes(1);
        }

        @Override
        public Duration room() {
            return Duration.ofMinutes(1);
        }
    }

    private StoreRoom ofDisk(double alarm, double full) {
        return new StoreRoom(new Config(Optional.of(place), Optional.empty(), alarm, full), upkeep);
    }

    private StoreRoom ofCapacity(long bytes) {
        MemorySize capacity = new MemorySize(BigInteger.valueOf(bytes));
        return new StoreRoom(new Config(Optional.empty(), Optional.of(capacity), 0.8, 0.9), upkeep);
    }

    @Test
    void above_the_first_share_there_is_an_alarm_and_above_the_second_nothing_is_taken_in() {
        assertThat(ofDisk(1.1, 1.2).room()).isEqualTo(Upkeep.Room.ROOM);
        assertThat(ofDisk(0, 1.2).room()).isEqualTo(Upkeep.Room.ALARM);
        assertThatCode(ofDisk(0, 1.2)::require).doesNotThrowAnyException();
        assertThat(ofDisk(0, 0).room()).isEqualTo(Upkeep.Room.FULL);
        assertThatThrownBy(ofDisk(0, 0)::require)
                .isInstanceOf(StoreFullException.class)
                .hasMessageMatching(
                        "the store must have room before a study is taken in, \\d+ % of the disk of .* are taken"
                                + " \\(at most 0 % may be\\): free some space, what runs goes on");
    }

    @Test
    void a_database_elsewhere_is_held_against_its_capacity() {
        long bytes = upkeep.storeBytes();

        assertThat(ofCapacity(2 * bytes).room()).isEqualTo(Upkeep.Room.ROOM);
        assertThat(ofCapacity(bytes * 100 / 85).room()).isEqualTo(Upkeep.Room.ALARM);
        assertThat(ofCapacity(bytes / 2).room()).isEqualTo(Upkeep.Room.FULL);
    }

    @Test
    void where_nothing_is_known_nothing_is_refused() {
        StoreRoom unknown = new StoreRoom(new Config(Optional.empty(), Optional.empty(), 0, 0), upkeep);

        assertThat(unknown.usage()).isEmpty();
        assertThatCode(unknown::require).doesNotThrowAnyException();
    }

    @Test
    void each_change_is_noted_once_on_whichever_server() {
        DiskWatch one = new DiskWatch(ofDisk(0, 0), upkeep);
        DiskWatch other = new DiskWatch(ofDisk(0, 0), upkeep);
        DiskWatch later = new DiskWatch(ofDisk(1.1, 1.2), upkeep);

        one.look();
        other.look();
        one.look();
        later.look();
        later.look();

        assertThat(ledger.ask(
                        "SELECT string_agg(action, ' ' ORDER BY id) FROM ledger.audit WHERE action LIKE 'store-%'",
                        String.class))
                .isEqualTo("store-full store-room");
    }

    @Test
    void a_server_whose_store_fills_up_is_not_well() {
        assertThat(new StoreHealth(ofDisk(1.1, 1.2)).call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(new StoreHealth(ofDisk(0, 1.2)).call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
    }
}
