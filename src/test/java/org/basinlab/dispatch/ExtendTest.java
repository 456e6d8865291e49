package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.ControlRefusedException;
import org.basinlab.ledger.Extensions;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.Signals;
import org.basinlab.ledger.Submissions;
import org.basinlab.ledger.Upkeep;
import org.basinlab.study.SeedRange;
import org.basinlab.study.StudyFile;
import org.junit.jupiter.api.Test;

/** Extensions as somebody asks for them, and what is refused. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class ExtendTest {

    @Inject
    Intake intake;

    @Inject
    LedgerFixture ledger;

    @Inject
    Submissions submissions;

    @Inject
    DataCatalogue data;

    @Inject
    StartNetworks starts;

    @Inject
    Extensions extensions;

    @Inject
    Signals signals;

    @Inject
    Upkeep upkeep;

    private static String text(long seed) {
        return """
                study: asked
                seed: %d
                dataset: { name: synthetic-shapes }
                network: { mlp: { hidden: [4] } }
                training: { seeds: { from: 0, count: 2 }, epochs: 1, optimiser: { sgd: { learningRate: 0.1 } } }
                evaluate: { weight-norm: {} }
                maxRunning: 3
                """.formatted(seed);
    }

    private UUID submit(long seed) {
        return intake.submit(StudyFile.read(text(seed), "asked.yaml"), text(seed))
                .study()
                .id();
    }

    @Test
    void seeds_are_added_once_and_then_refused_by_name() {
        UUID study = submit(3401);
        ledger.runAll(study);

        Intake.Extended extended = intake.extend(study, new SeedRange(7, 3), "test");

        assertThat(extended).isEqualTo(new Intake.Extended(study, 2, 6, 4));
        assertThatThrownBy(() -> intake.extend(study, new SeedRange(7, 3), "test"))
                .isInstanceOfSatisfying(
                        ControlRefusedException.class,
                        refused -> assertThat(refused.why()).isEqualTo(ControlRefusedException.Why.STATE))
                .hasMessage(
                        "study %s: the seeds of an extension must be new to the study, asked has 7:3 of 7:3 already (FROM:COUNT)"
                                .formatted(study));
        assertThatThrownBy(() -> intake.extend(study, new SeedRange(1, 4), "test"))
                .hasMessageContaining("asked has 0:2 of 1:4 already");
        assertThat(ledger.ask("SELECT version FROM results.studies WHERE id = ?1", Integer.class, study))
                .isEqualTo(2);
    }

    @Test
    void how_a_study_is_run_goes_into_the_store_with_it() {
        UUID study = submit(3402);

        assertThat(ledger.ask("SELECT max_running FROM ledger.study WHERE id = ?1", Integer.class, study))
                .isEqualTo(3);
    }

    @Test
    void a_store_without_room_takes_nothing_in_and_goes_on_with_what_it_has() {
        UUID there = submit(3403);
        StoreRoom none =
                new StoreRoom(new StoreRoomTest.Config(Optional.of(Path.of("target")), Optional.empty(), 0, 0), upkeep);
        Intake full = new Intake(submissions, data, starts, extensions, none, signals, new Bell());

        assertThatThrownBy(() -> full.submit(StudyFile.read(text(3404), "asked.yaml"), text(3404)))
                .isInstanceOf(StoreFullException.class);
        assertThatThrownBy(() -> full.resumeOrSubmit(StudyFile.read(text(3404), "asked.yaml"), text(3404)))
                .isInstanceOf(StoreFullException.class);
        assertThatThrownBy(() -> full.extend(there, new SeedRange(9, 1), "test"))
                .isInstanceOf(StoreFullException.class);
        assertThat(full.resumeOrSubmit(StudyFile.read(text(3403), "asked.yaml"), text(3403))
                        .study()
                        .id())
                .isEqualTo(there);
    }
}
