package org.basinlab.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;

/**
 * A file that a command makes: it appears when it is whole, and never in place of something that was to be kept.
 *
 * @param path as the user wrote it, for messages
 * @param target where it will lie, without symbolic links in its last name
 * @param force whether it may replace an older file
 */
record OutputFile(Path path, Path target, boolean force) {

    /** Writes the content. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Checks the place before any work is done for it.
     *
     * @param inputs files that must not be written over, {@code force} or not
     * @throws UsageException if the place is taken, is no file or lies in no folder
     */
    static OutputFile at(Path path, boolean force, List<Path> inputs) {
        try {
            Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
            OutputFile file = new OutputFile(path, target, force);
            file.requireFree();
            for (Path input : inputs) {
                if (Files.exists(path) && Files.exists(input) && Files.isSameFile(path, input)) {
                    throw new UsageException("--out must be another file than the inputs, was %s".formatted(path));
                }
            }
            file.requireAbsent();
            return file;
        } catch (IOException e) {
            throw new UnusableException("--out %s cannot be written: %s".formatted(path, e.getMessage()));
        }
    }

    private void requireFree() {
        if (Files.isDirectory(target)) {
            throw new UsageException("--out must be a file, %s is a folder".formatted(path));
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(target)) {
            throw new UsageException("--out must be a regular file, %s is none".formatted(path));
        }
        if (!Files.isDirectory(folder())) {
            throw new UsageException("--out must lie in a folder that exists, %s does not".formatted(folder()));
        }
        if (!Files.isWritable(folder())) {
            throw new UnusableException(
                    "--out must lie in a folder that can be written, %s cannot".formatted(folder()));
        }
    }

    private void requireAbsent() {
        if (!force && Files.exists(target)) {
            throw new UsageException(
                    "--out must be a new file, %s exists already (--force replaces it)".formatted(path));
        }
    }

    /**
     * Writes a temporary file in the same folder, to the disk, and gives it the name at last.
     *
     * @throws UnusableException if it cannot be written; nothing is left behind
     */
    void write(Content content) {
        Path part = folder().resolve(".%s.%s.part".formatted(target.getFileName(), UUID.randomUUID()));
        try {
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
                    OutputStream out = Channels.newOutputStream(channel)) {
                content.writeTo(out);
                channel.force(true);
            }
            requireAbsent(); // another program may have made it meanwhile
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UnusableException("%s cannot be written: %s".formatted(path, e.getMessage()));
        } finally {
            discard(part);
        }
    }

    private Path folder() {
        Path parent = target.getParent();
        return parent == null ? Path.of("/") : parent;
    }

    private static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            System.err.println("note: %s is left over: %s".formatted(part, e.getMessage()));
        }
    }
}
