package org.basinlab.dispatch;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Results that the store could not take yet, on the disk of this machine: one folder a process, locked for as long as the process
 * lives. What a process leaves behind is handed in by the next one; whether it still counts is for its token to say.
 */
@ApplicationScoped
class ResultBuffer {

    private static final Logger LOG = Logger.getLogger(ResultBuffer.class);

    private static final String LOCK = "lock";
    private static final String RESULT = ".result";

    private final Optional<Path> root;
    private @Nullable Path mine;
    private @Nullable FileChannel lock;

    ResultBuffer(DispatchConfig config) {
        this.root = config.buffer().map(Path::of);
    }

    /** Keeps a result; what cannot be kept here is said, and waits in memory as well. */
    synchronized void keep(Done done) {
        if (root.isEmpty()) {
            return;
        }
        try {
            DoneFile.write(file(folder(root.get()), done), done);
        } catch (IOException | RuntimeException e) {
            LOG.warnf(
                    "task %s: its result waits in memory only: %s", done.lease().taskId(), e.getMessage());
        }
    }

    /** The store has heard it. */
    synchronized void forget(Done done) {
        if (mine == null) {
            return;
        }
        try {
            Files.deleteIfExists(file(mine, done));
        } catch (IOException e) {
            LOG.warnf(
                    "task %s: its buffered result cannot be deleted: %s",
                    done.lease().taskId(), e.getMessage());
        }
    }

    private static Path file(Path folder, Done done) {
        return folder.resolve(done.lease().token() + RESULT);
    }

    private Path folder(Path all) throws IOException {
        if (mine == null) {
            Path folder = Files.createDirectories(all.resolve(UUID.randomUUID().toString()));
            FileChannel channel =
                    FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.lock();
            lock = channel;
            mine = folder;
        }
        return mine;
    }

    /**
     * Gives what processes that are gone have left to {@code handIn}, the oldest first, and deletes it afterwards. What cannot be
     * handed in now stays for the next one.
     *
     * @return how many there were
     */
    int handInLeftovers(Consumer<Done> handIn) {
        int count = 0;
        for (Path folder : root.map(ResultBuffer::folders).orElse(List.of())) {
            try (FileChannel channel = FileChannel.open(
                            folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock taken = tryLock(channel)) {
                if (taken != null) {
                    count += handIn(folder, handIn);
                    delete(folder);
                }
            } catch (IOException e) {
                LOG.warnf("results in %s wait: %s", folder, e.getMessage());
            }
        }
        return count;
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // it is this process's own
        }
    }

    private static int handIn(Path folder, Consumer<Done> handIn) throws IOException {
        int count = 0;
        for (Path file : list(folder, RESULT)) {
            Done done;
            try {
                done = DoneFile.read(file);
            } catch (IOException e) {
                LOG.warnf("a result that was kept is of no use, its task runs again: %s", e.getMessage());
                Files.move(file, folder.resolve(file.getFileName() + ".damaged"));
                continue;
            }
            handIn.accept(done);
            Files.delete(file);
            count++;
        }
        return count;
    }

    private static List<Path> folders(Path root) {
        try {
            return Files.isDirectory(root) ? list(root, "") : List.of();
        } catch (IOException e) {
            LOG.warnf("results in %s wait: %s", root, e.getMessage());
            return List.of();
        }
    }

    /** Tokens grow: by age. */
    private static List<Path> list(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new ArrayList<>(files.filter(file -> file.toString().endsWith(ending))
                    .sorted(Comparator.comparing((Path file) -> file.toString().length())
                            .thenComparing(Path::toString))
                    .toList());
        }
    }

    /** Empty but for its lock; one that holds something damaged stays to be looked at. */
    private static void delete(Path folder) throws IOException {
        if (list(folder, ".damaged").isEmpty()) {
            Files.deleteIfExists(folder.resolve(LOCK));
            for (Path unfinished : list(folder, ".unfinished")) {
                Files.delete(unfinished);
            }
            Files.delete(folder);
        }
    }

    @PreDestroy
    synchronized void close() {
        try {
            if (mine != null && list(mine, RESULT).isEmpty()) {
                delete(mine);
            }
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.debugf("%s stays: %s", mine, e.getMessage());
        }
        mine = null;
        lock = null;
    }
}
