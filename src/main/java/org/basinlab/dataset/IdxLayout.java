package org.basinlab.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Split;

/**
 * What the IDX files of MNIST and of sets in its form must look like: images in one file and labels in another, for each
 * split, each behind a header of big-endian numbers (type, then one size a dimension).
 *
 * @param files images and labels for training, then images and labels for testing
 * @param folders where a place may hold the files, in the order of the search, before the place itself: the files of
 *     several data sets have the same names
 * @param installed where a system's package puts them
 */
record IdxLayout(KnownDataset name, List<DataFile> files, List<String> folders, List<Path> installed) implements Form {

    private static final List<String> OF_MNIST = List.of("mnist", "MNIST/raw", "MNIST");
    private static final List<String> OF_FASHION_MNIST = List.of("fashion-mnist", "FashionMNIST/raw", "FashionMNIST");

    /** MNIST (LeCun, Cortes and Burges); the MD5 are those of its unpacked files. */
    static final IdxLayout MNIST = mnist(
            KnownDataset.MNIST.images(Split.TRAIN),
            KnownDataset.MNIST.images(Split.TEST),
            List.of(
                    "6bbc9ace898e44ae57da46a324031adb",
                    "a25bea736e30d166cdddb491f175f624",
                    "2646ac647ad5339dbf082846283269ea",
                    "27ae3e4e09519cfbb04c329615203637"));

    /** Fashion-MNIST (arXiv 1708.07747); the MD5 are those of its unpacked files. */
    static final IdxLayout FASHION_MNIST = fashionMnist(
            KnownDataset.FASHION_MNIST.images(Split.TRAIN),
            KnownDataset.FASHION_MNIST.images(Split.TEST),
            List.of(
                    "f4a8712d7a061bf5bd6d2ca38dc4d50a",
                    "9018921c3c673c538a1fc5bad174d6f9",
                    "8181f5470baa50b63fa0f6fddb340f0a",
                    "15d484375f8d13e6eb1aabb0c3f46965"),
            // Debian's package dataset-fashion-mnist
            List.of(Path.of("/usr/share/datasets/fashion-mnist")));

    IdxLayout {
        files = List.copyOf(files);
        folders = List.copyOf(folders);
        installed = List.copyOf(installed);
    }

    static IdxLayout mnist(int train, int test, List<String> originals) {
        return new IdxLayout(KnownDataset.MNIST, files(train, test, originals), OF_MNIST, List.of());
    }

    static IdxLayout fashionMnist(int train, int test, List<String> originals, List<Path> installed) {
        return new IdxLayout(KnownDataset.FASHION_MNIST, files(train, test, originals), OF_FASHION_MNIST, installed);
    }

    private static List<DataFile> files(int train, int test, List<String> originals) {
        return List.of(
                new DataFile("train-images-idx3-ubyte", Split.TRAIN, train, Fingerprint.md5(originals.get(0))),
                new DataFile("train-labels-idx1-ubyte", Split.TRAIN, train, Fingerprint.md5(originals.get(1))),
                new DataFile("t10k-images-idx3-ubyte", Split.TEST, test, Fingerprint.md5(originals.get(2))),
                new DataFile("t10k-labels-idx1-ubyte", Split.TEST, test, Fingerprint.md5(originals.get(3))));
    }

    @Override
    public Records records() {
        return new Records(name, files.get(0).images(), files.get(2).images(), files.size());
    }

    static boolean holdsImages(DataFile file) {
        return file.name().contains("-images-");
    }

    /** Some mirrors write {@code train-images.idx3-ubyte}. */
    @Override
    public Optional<Path> find(DataFile file, Path folder) {
        return file.find(folder, List.of(file.name().replace("-idx", ".idx")));
    }

    @Override
    public String whole() {
        return "the four files of %s, each plain or as .gz".formatted(name.label());
    }

    @Override
    public void read(int file, Path found, Records into) {
        new IdxReader(this, file, found.toString()).read(() -> DataFile.open(found), into);
    }

    /** Whether the place is by its own name a folder of the data set whose files have the same names. */
    private boolean isAnothers(Path place) {
        return Stream.of(OF_MNIST, OF_FASHION_MNIST)
                .filter(others -> !others.equals(folders))
                .flatMap(List::stream)
                .anyMatch(place::endsWith);
    }

    /** The published file of the data set whose files have the same names, for the same index. */
    Fingerprint namesake(int file) {
        IdxLayout other = name == KnownDataset.MNIST ? FASHION_MNIST : MNIST;
        return other.files.get(file).original();
    }

    KnownDataset namesake() {
        return name == KnownDataset.MNIST ? KnownDataset.FASHION_MNIST : KnownDataset.MNIST;
    }

    @Override
    public String wanted() {
        return "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte or t10k-labels-idx1-ubyte, and"
                + " no .gz of these";
    }

    @Override
    public Optional<Source> findIn(Path place) {
        Stream<Path> candidates = folders.stream().map(place::resolve);
        return Stream.concat(candidates, isAnothers(place) ? Stream.empty() : Stream.of(place))
                .map(folder -> new DataFolder(folder, this))
                .filter(DataFolder::holdsAnyFile)
                .map(Source.class::cast)
                .findFirst();
    }
}
