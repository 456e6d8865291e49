package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.basinlab.ledger.Upkeep;
import org.jboss.logging.Logger;

/** How much of the store's disk, or of what it may take up, is taken. */
@ApplicationScoped
public class StoreRoom {

    private static final Logger LOG = Logger.getLogger(StoreRoom.class);

    /** Asking a database for its size goes through all of its files. */
    private static final long BETWEEN_QUESTIONS = Duration.ofSeconds(10).toNanos();

    private final UpkeepConfig config;
    private final Upkeep upkeep;

    private Optional<Usage> size = Optional.empty();
    private long askedAt;

    StoreRoom(UpkeepConfig config, Upkeep upkeep) {
        this.config = config;
        this.upkeep = upkeep;
    }

    /**
     * How much is taken.
     *
     * @param share in [0, 1]; above 1 where more is taken than may be
     * @param of what it is a share of, for messages
     */
    public record Usage(double share, String of) {

        /** In percent, rounded down: 90 % are said when they are reached. */
        public int percent() {
            return (int) Math.floor(100 * share);
        }
    }

    /** The scarcer of disk and capacity; empty where neither is known. */
    public Optional<Usage> usage() {
        return Stream.concat(disk().stream(), capacity().stream())
                .reduce((one, other) -> one.share() >= other.share() ? one : other);
    }

    Upkeep.Room room() {
        double share = usage().map(Usage::share).orElse(0.0);
        if (share >= config.full()) {
            return Upkeep.Room.FULL;
        }
        return share >= config.alarm() ? Upkeep.Room.ALARM : Upkeep.Room.ROOM;
    }

    /** @throws StoreFullException if nothing may be taken in */
    void require() {
        usage().filter(usage -> usage.share() >= config.full()).ifPresent(usage -> {
            throw new StoreFullException(
                    "the store must have room before a study is taken in, %d %% of %s are taken (at most %d %% may be): free some"
                                    .formatted(usage.percent(), usage.of(), Math.round(100 * config.full()))
                            + " space, what runs goes on");
        });
    }

    private Optional<Usage> disk() {
        return config.storeDirectory().flatMap(StoreRoom::disk);
    }

    private static Optional<Usage> disk(Path directory) {
        try {
            FileStore disk = Files.getFileStore(directory);
            return share(disk.getTotalSpace(), disk.getUnallocatedSpace(), disk.getUsableSpace())
                    .map(share -> new Usage(share, "the disk of %s".formatted(directory)));
        } catch (IOException e) {
            LOG.debugf("the free space at %s cannot be read: %s", directory, e);
            return Optional.empty();
        }
    }

    /**
     * As df counts: what is kept for others is neither taken nor free.
     *
     * @param unallocated bytes that hold nothing, whoever may fill them
     * @param usable those of them that we may fill
     */
    static Optional<Double> share(long total, long unallocated, long usable) {
        long taken = total - unallocated;
        return taken + usable <= 0 ? Optional.empty() : Optional.of((double) taken / (taken + usable));
    }

    private synchronized Optional<Usage> capacity() {
        long now = System.nanoTime();
        if (config.storeCapacity().isPresent() && (size.isEmpty() || now - askedAt > BETWEEN_QUESTIONS)) {
            long most = config.storeCapacity().get().asLongValue();
            size = Optional.of(new Usage(
                    (double) upkeep.storeBytes() / most, "the capacity of the store, %d bytes,".formatted(most)));
            askedAt = now;
        }
        return size;
    }
}
