package org.basinlab.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Split;

/**
 * The data sets of this process: read at their first use, then kept and shared by all threads.
 *
 * <p>A program makes one of these. It holds what it read for as long as it lives, about 184 MB for CIFAR-10 and 37 MB
 * for the built-in one.
 */
public final class DataSets {

    private final List<Path> places;
    private final CifarLayout layout;
    private final ConcurrentHashMap<KnownDataset, Dataset> opened = new ConcurrentHashMap<>();

    /** @param places the folders to look in, in this order, for what is not built in; they need not exist */
    public DataSets(List<Path> places) {
        this(places, CifarLayout.ORIGINAL);
    }

    /** With files of another length, for tests. */
    DataSets(List<Path> places, CifarLayout layout) {
        this.places = List.copyOf(places);
        this.layout = layout;
    }

    /**
     * The data set of this name, checked.
     *
     * <p>In each place CIFAR-10 is looked for in the place itself, in its folders {@code cifar-10-batches-bin} and
     * {@code cifar10}, and as the archive {@code cifar-10-binary.tar.gz}. The first of these that holds any batch is
     * taken, also when it turns out to be damaged: a later place never hides a fault. A thread that asks while another
     * reads waits for it. A failure is not remembered, so that data which was put right is found.
     *
     * @throws DatasetException if it is not found, not whole, or not what its name says
     */
    public Dataset open(KnownDataset name) {
        return opened.computeIfAbsent(name, this::read);
    }

    /** Every known data set and where it lies; reads no data. */
    public List<Listing> list() {
        return Arrays.stream(KnownDataset.values()).map(this::listing).toList();
    }

    /** The constants that {@code standard} stands for; they are known without the data. */
    public static Normalisation.Constants standardNormalisation(KnownDataset name) {
        return ChannelStatistics.standard(name);
    }

    private Dataset read(KnownDataset name) {
        return switch (name) {
            case CIFAR10 -> readCifar();
            case CIFAR100, MNIST, FASHION_MNIST -> throw new DatasetException(notFound());
            case SYNTHETIC_SHAPES -> paintShapes();
        };
    }

    private Dataset readCifar() {
        CifarSource source = CifarSource.find(places).orElseThrow(() -> new DatasetException(notFound()));
        CifarRecords records = source.read(layout);
        return dataset(
                KnownDataset.CIFAR10,
                source.path().toString(),
                records.train(),
                records.test(),
                layout.isOriginal(records));
    }

    private static Dataset paintShapes() {
        byte[] train = SyntheticShapes.records(Split.TRAIN);
        byte[] test = SyntheticShapes.records(Split.TEST);
        Dataset painted = dataset(KnownDataset.SYNTHETIC_SHAPES, Listing.BUILT_IN, train, test, true);
        if (!painted.digest().equals(SyntheticShapes.DIGEST)) {
            throw new IllegalStateException("the built-in images must have the digest %s on every machine, found %s"
                    .formatted(SyntheticShapes.DIGEST, painted.digest()));
        }
        return painted;
    }

    private static Dataset dataset(KnownDataset name, String origin, byte[] train, byte[] test, boolean official) {
        MessageDigest digest = Digests.sha256();
        digest.update(train);
        digest.update(test);
        return new Dataset(
                name,
                origin,
                new ImageSet(name, train),
                new ImageSet(name, test),
                Digests.hex(digest.digest()),
                official);
    }

    private Listing listing(KnownDataset name) {
        Dataset known = opened.get(name);
        if (known != null) {
            return new Listing(name, known.origin(), Optional.of(known.digest()), known.official(), Optional.empty());
        }
        if (name == KnownDataset.SYNTHETIC_SHAPES) {
            return new Listing(name, Listing.BUILT_IN, Optional.of(SyntheticShapes.DIGEST), true, Optional.empty());
        }
        return CifarSource.find(places)
                .map(source -> new Listing(name, source.path().toString(), Optional.empty(), false, source.lacks()))
                .orElseGet(
                        () -> new Listing(name, Listing.NOT_FOUND, Optional.empty(), false, Optional.of(notFound())));
    }

    private String notFound() {
        String searched = places.isEmpty()
                ? "no folder"
                : places.stream()
                        .map(place -> Files.isDirectory(place) ? place.toString() : place + ", which is no folder")
                        .collect(Collectors.joining("; "));
        return ("data set cifar10 must lie in a folder that is searched (%s): found no data_batch_1.bin …"
                        + " test_batch.bin, no .bin.gz of these and no %s; put the binary version from the CIFAR-10 page of"
                        + " Alex Krizhevsky at the University of Toronto there, or name its folder with --data-dir or"
                        + " BASINLAB_DATA_DIR")
                .formatted(searched, CifarSource.ARCHIVE);
    }
}
