package org.basinlab.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.LongConsumer;
import org.basinlab.recipe.Digests;

/**
 * One file on its way from a server to its folder. It grows in a file beside its name, from which an interrupted download
 * goes on, and takes its name in one step once its digest is the published one.
 */
final class Download {

    private static final int BUFFER = 1 << 16;
    private static final int PARTIAL = 206;
    private static final int NOT_FOUND = 404;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final PublishedFile file;
    private final Path target;
    private final Path part;
    private final List<URI> addresses;
    private final Patience patience;

    /** @param addresses in the order in which they are asked; the next one where one has no such file */
    Download(PublishedFile file, Path folder, List<URI> addresses, Patience patience) {
        this.file = file;
        this.target = folder.resolve(file.name());
        this.part = folder.resolve("." + file.name() + ".part");
        this.addresses = addresses;
        this.patience = patience;
    }

    /**
     * Gets it, unless it is there.
     *
     * @param bytes is told how many are here
     * @return whether it was there
     */
    @SuppressWarnings("try") // the lock is held, and asked nothing
    boolean run(LongConsumer bytes) {
        try {
            if (Files.exists(target)) {
                requirePublished();
                return true;
            }
            try (FileChannel channel = FileChannel.open(
                            part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock lock = lock(channel)) {
                receive(channel, bytes);
                channel.force(true);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            }
            return false;
        } catch (IOException e) {
            throw new DatasetException("%s must be writable: %s".formatted(target, Fetching.reason(e)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatasetException("%s must be fetched to its end: it was interrupted".formatted(target), e);
        }
    }

    private void requirePublished() throws IOException {
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.READ)) {
            String found = sha256(channel);
            if (!found.equals(file.sha256())) {
                throw new DatasetException(
                        "%s must be the published file with SHA-256 %s, found %s: move it away to fetch it"
                                .formatted(target, file.sha256(), found));
            }
        }
    }

    private FileLock lock(FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new DatasetException(
                    "%s must be fetched by one program at a time: another one does".formatted(target));
        }
        return lock;
    }

    /** Until the part is the published file. What was begun by an earlier program may be of another file: it gets one retry. */
    private void receive(FileChannel channel, LongConsumer bytes) throws IOException, InterruptedException {
        boolean resumed = channel.size() > 0;
        transfer(channel, bytes);
        String found = sha256(channel);
        if (!found.equals(file.sha256()) && resumed) {
            channel.truncate(0);
            transfer(channel, bytes);
            found = sha256(channel);
        }
        if (!found.equals(file.sha256())) {
            Files.deleteIfExists(part);
            throw new DatasetException("%s must have the SHA-256 %s, what %s sent has %s"
                    .formatted(file.name(), file.sha256(), addresses.get(0).getHost(), found));
        }
    }

    private void transfer(FileChannel channel, LongConsumer bytes) throws IOException, InterruptedException {
        int failures = 0;
        while (channel.size() != file.bytes()) {
            if (channel.size() > file.bytes()) {
                channel.truncate(0);
            }
            long before = channel.size();
            try {
                ask(channel, bytes);
            } catch (Broken e) {
                failures = channel.size() > before ? 1 : failures + 1;
                if (failures >= patience.tries()) {
                    throw new DatasetException(
                            "%s must be fetched: %s, after %d tries; the same command goes on after %s of %s bytes"
                                    .formatted(
                                            file.name(),
                                            e.getMessage(),
                                            failures,
                                            WholeFile.grouped(channel.size()),
                                            WholeFile.grouped(file.bytes())),
                            e);
                }
                patience.waitAfter(failures);
            }
        }
    }

    private void ask(FileChannel channel, LongConsumer bytes) throws IOException, InterruptedException, Broken {
        for (URI address : addresses) {
            try (WebRequest request = new WebRequest(address, patience.silence())) {
                HttpResponse<InputStream> answer = request.send(channel.size());
                if (answer.statusCode() == NOT_FOUND && !address.equals(addresses.get(addresses.size() - 1))) {
                    continue;
                }
                take(request, answer, channel, bytes);
                return;
            }
        }
    }

    private void take(WebRequest request, HttpResponse<InputStream> answer, FileChannel channel, LongConsumer bytes)
            throws IOException, InterruptedException, Broken {
        if (answer.statusCode() == RANGE_NOT_SATISFIABLE && channel.size() > 0) {
            channel.truncate(0);
            throw new Broken("the server has another file than the one that was begun");
        }
        request.requireSuccess(answer);
        String expected = "bytes %d-".formatted(channel.size());
        boolean goesOn = answer.statusCode() == PARTIAL
                && answer.headers()
                        .firstValue("Content-Range")
                        .filter(range -> range.startsWith(expected))
                        .isPresent();
        if (!goesOn) {
            channel.truncate(0);
        }
        if (answer.statusCode() == PARTIAL && !goesOn) {
            throw new Broken("the server sent another part than the one asked for");
        }
        channel.position(channel.size());
        byte[] buffer = new byte[BUFFER];
        for (int count = request.read(buffer); count >= 0; count = request.read(buffer)) {
            channel.write(ByteBuffer.wrap(buffer, 0, count));
            bytes.accept(channel.size());
            if (channel.size() > file.bytes()) {
                channel.truncate(0);
                throw new DatasetException("%s must have %s bytes, %s sends more"
                        .formatted(file.name(), WholeFile.grouped(file.bytes()), request.host()));
            }
        }
        if (channel.size() < file.bytes()) {
            throw new Broken("%s ended the connection early".formatted(request.host()));
        }
    }

    private static String sha256(FileChannel channel) throws IOException {
        MessageDigest digest = Digests.sha256();
        channel.position(0);
        InputStream in = Channels.newInputStream(channel);
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            digest.update(buffer, 0, count);
        }
        return Digests.hex(digest.digest());
    }

    /** What a later try may mend. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }

        Broken(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
