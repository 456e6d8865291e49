package org.basinlab.evaluation;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.basinlab.network.ArrayExamples;

/** The test images of CIFAR-10, read from their definition. */
final class Cifar10TestImages {

    private static final int IMAGES = 10_000;
    private static final int PIXELS = 3_072;
    private static final double[] MEAN = {0.4914, 0.4822, 0.4465};
    private static final double[] STD = {0.2470, 0.2435, 0.2616};

    private Cifar10TestImages() {}

    /** All of them, normalised; a test that asks for them is left out where they are not. */
    static ArrayExamples images() {
        Optional<Path> batch = batch();
        assumeTrue(batch.isPresent(), "no CIFAR-10: set BASINLAB_DATA_DIR to the folder of cifar-10-batches-bin");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(batch.orElseThrow()))) {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> batch() {
        return Stream.of(Optional.ofNullable(System.getenv("BASINLAB_DATA_DIR")), Optional.of("../shared/data"))
                .flatMap(Optional::stream)
                .map(folder -> Path.of(folder, "cifar-10-batches-bin", "test_batch.bin.gz"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static ArrayExamples read(InputStream in) throws IOException {
        float[][] values = new float[IMAGES][PIXELS];
        int[] labels = new int[IMAGES];
        for (int i = 0; i < IMAGES; i++) {
            byte[] image = in.readNBytes(1 + PIXELS);
            labels[i] = image[0];
            for (int j = 0; j < PIXELS; j++) {
                int channel = j / 1_024;
                values[i][j] = (float) (((image[1 + j] & 0xff) / 255.0 - MEAN[channel]) / STD[channel]);
            }
        }
        return new ArrayExamples(values, labels);
    }
}
