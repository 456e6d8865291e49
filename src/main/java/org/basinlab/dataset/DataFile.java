package org.basinlab.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.basinlab.recipe.Split;

/**
 * One file of a data set, as it was published.
 *
 * @param name its customary name, unpacked
 * @param split that its images or labels belong to
 * @param images how many it holds, or holds the labels of
 * @param original the published digest of its unpacked bytes
 */
record DataFile(String name, Split split, int images, Fingerprint original) {

    static final String PACKED = ".gz";
    private static final int BUFFER = 1 << 16;

    /** Where it lies in a folder under this or another name: plain, else packed. The plain one is read where both lie. */
    Optional<Path> find(Path folder, List<String> alsoCalled) {
        return Stream.concat(Stream.of(name), alsoCalled.stream())
                .flatMap(called -> Stream.of(called, called + PACKED))
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst();
    }

    static boolean isPacked(Path file) {
        return file.toString().endsWith(PACKED);
    }

    /** The unpacked bytes of a file that {@link #find} found. */
    static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        if (!isPacked(file)) {
            return in;
        }
        try {
            return new GZIPInputStream(in, BUFFER);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** How much room it takes as it lies there; zero where that cannot be told. */
    static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
