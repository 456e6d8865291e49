package org.basinlab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.basinlab.network.Dl4j;
import org.basinlab.network.Dl4jException;
import org.basinlab.network.Dl4jFile;
import org.basinlab.network.Safetensors;
import org.basinlab.network.SafetensorsException;
import org.basinlab.network.SafetensorsFile;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.TensorNames;
import org.basinlab.recipe.TensorShape;

/**
 * A safetensors file or a Deeplearning4j archive as a user named it, read and checked.
 *
 * @param path as the user wrote it, for messages
 * @param sha256 of its bytes
 */
record NetworkFile(Path path, String sha256, Weights weights, Map<String, String> metadata) {

    /** A header and the weights of the largest network. */
    private static final long MOST_BYTES =
            Long.BYTES + Safetensors.LONGEST_HEADER + (long) Float.BYTES * Architecture.MOST_PARAMETERS;

    /** @throws UsageException if it cannot be read or is no network; the message names the file */
    static NetworkFile read(Path path, TensorNames names) {
        return of(path, bytes(path), names);
    }

    /** The same of bytes that {@link #bytes} read. */
    static NetworkFile of(Path path, byte[] bytes, TensorNames names) {
        try {
            if (Dl4j.isArchive(bytes)) {
                Dl4jFile file = Dl4j.read(bytes);
                return new NetworkFile(path, Digests.of(bytes), file.weights(), file.metadata());
            }
            SafetensorsFile file = Safetensors.read(bytes, names);
            return new NetworkFile(path, Digests.of(bytes), file.weights(), file.metadata());
        } catch (SafetensorsException | Dl4jException e) {
            throw new UsageException("%s: %s".formatted(path, e.getMessage()), e);
        }
    }

    /** @throws UsageException if there is no such file, it cannot be read or is too large for any network */
    static byte[] bytes(Path path) {
        try {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            if (!Files.isRegularFile(path)) {
                throw new UsageException("%s must be a safetensors file, it is %s"
                        .formatted(path, Files.isDirectory(path) ? "a folder" : "no regular file"));
            }
            long length = Files.size(path);
            if (length > MOST_BYTES) {
                throw new UsageException("%s must be a safetensors file of at most %s, it has %s"
                        .formatted(path, Sizes.bytes(MOST_BYTES), Sizes.bytes(length)));
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw new UsageException("%s must be a safetensors file, there is no such file".formatted(path), e);
        } catch (AccessDeniedException e) {
            throw new UsageException("%s must be readable, access is denied".formatted(path), e);
        } catch (IOException e) {
            throw new UsageException("%s cannot be read: %s".formatted(path, e.getMessage()), e);
        }
    }

    /** Reads them all, tells of each where more is to be said, and holds them against {@link #requireAlike}. */
    static List<NetworkFile> readAlike(List<Path> paths, TensorNames names, boolean verbose, PrintWriter err) {
        List<NetworkFile> files = paths.stream().map(path -> read(path, names)).toList();
        if (verbose) {
            files.forEach(file -> err.println("%s  %s  sha256 %s"
                    .formatted(file.path(), file.weights().architecture().label(), file.sha256())));
        }
        requireAlike(files);
        return files;
    }

    /** @throws UsageException unless all are finite and of the first one's architecture; the message names the file */
    private static void requireAlike(List<NetworkFile> files) {
        NetworkFile first = files.get(0);
        for (NetworkFile file : files) {
            Architecture architecture = file.weights().architecture();
            if (!architecture.equals(first.weights().architecture())) {
                throw new UsageException("%s must have the architecture of %s, %s, has %s"
                        .formatted(
                                file.path(),
                                first.path(),
                                first.weights().architecture().label(),
                                architecture.label()));
            }
            file.requireFinite();
        }
    }

    /** @throws UsageException unless all weights are finite */
    void requireFinite() {
        if (weights().isFinite()) {
            return;
        }
        for (TensorShape shape : weights().architecture().tensors()) {
            float[] values = weights().tensor(shape);
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    throw new UsageException("%s must hold finite weights, %s holds %s at its value %d"
                            .formatted(path, shape.name(), values[i], i));
                }
            }
        }
    }
}
