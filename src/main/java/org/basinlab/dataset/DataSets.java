package org.basinlab.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Split;

/**
 * The data sets of this process: read at their first use, then kept and shared by all threads.
 *
 * <p>A program makes one of these. It holds what it read for as long as it lives, about 184 MB for CIFAR-10 or
 * CIFAR-100, 55 MB for MNIST or Fashion-MNIST, 37 MB for the built-in one.
 */
public final class DataSets {

    private static final List<Form> FORMS =
            List.of(CifarLayout.CIFAR10, CifarLayout.CIFAR100, IdxLayout.MNIST, IdxLayout.FASHION_MNIST);

    private final List<Path> places;
    private final Map<KnownDataset, Form> forms;
    private final ConcurrentHashMap<KnownDataset, Dataset> opened = new ConcurrentHashMap<>();

    /** @param places the folders to look in, in this order, for what is not built in; they need not exist */
    public DataSets(List<Path> places) {
        this(places, FORMS);
    }

    /** With files of another length, for tests. */
    DataSets(List<Path> places, List<Form> forms) {
        this.places = List.copyOf(places);
        this.forms = forms.stream().collect(Collectors.toUnmodifiableMap(Form::name, form -> form));
    }

    /**
     * The data set of this name, checked.
     *
     * <p>The places are searched in their order, then where a system's package puts the data set; docs/datasets.md lists
     * the folders and files. The first of these that holds any file of it is taken, also when it turns out to be damaged: a
     * later place never hides a fault. A thread that asks while another reads waits for it. A failure is not remembered, so
     * that data which was put right is found.
     *
     * @throws DatasetException if it is not found, not whole, or not what its name says
     */
    public Dataset open(KnownDataset name) {
        return opened.computeIfAbsent(name, this::read);
    }

    /** Every known data set and where it lies; reads no data. */
    public List<Listing> list() {
        return Arrays.stream(KnownDataset.values())
                .filter(name -> name == KnownDataset.SYNTHETIC_SHAPES || forms.containsKey(name))
                .map(this::listing)
                .toList();
    }

    /** The constants that {@code standard} stands for; they are known without the data. */
    public static Normalisation.Constants standardNormalisation(KnownDataset name) {
        return ChannelStatistics.standard(name);
    }

    private Dataset read(KnownDataset name) {
        if (name == KnownDataset.SYNTHETIC_SHAPES) {
            return paintShapes();
        }
        Source source = find(name).orElseThrow(() -> new DatasetException(notFound(name)));
        Records records = source.read();
        return dataset(
                name, source.path().toString(), records.of(Split.TRAIN), records.of(Split.TEST), records.official());
    }

    private Optional<Source> find(KnownDataset name) {
        return Optional.ofNullable(forms.get(name)).flatMap(form -> form.find(places));
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
            return listing(known);
        }
        if (name == KnownDataset.SYNTHETIC_SHAPES) {
            return new Listing(name, Listing.BUILT_IN, 0, Optional.of(SyntheticShapes.DIGEST), true, Optional.empty());
        }
        return find(name)
                .map(source -> new Listing(
                        name, source.path().toString(), source.bytes(), Optional.empty(), false, source.lacks()))
                .orElseGet(() ->
                        new Listing(name, Listing.NOT_FOUND, 0, Optional.empty(), false, Optional.of(notFound(name))));
    }

    private Listing listing(Dataset known) {
        long bytes = find(known.name()).map(Source::bytes).orElse(0L);
        return new Listing(
                known.name(), known.origin(), bytes, Optional.of(known.digest()), known.official(), Optional.empty());
    }

    /**
     * The same after reading and checking the data set, which is not kept: its digest is known then, or what is wrong with
     * it.
     */
    public Listing inspect(KnownDataset name) {
        Listing listing = listing(name);
        if (listing.digest().isPresent() || listing.advice().isPresent()) {
            return listing;
        }
        try {
            return listing(read(name));
        } catch (DatasetException e) {
            return new Listing(
                    name,
                    listing.place(),
                    listing.bytes(),
                    Optional.empty(),
                    false,
                    Optional.ofNullable(e.getMessage()));
        }
    }

    private String notFound(KnownDataset name) {
        Form form = Optional.ofNullable(forms.get(name)).orElseThrow();
        String searched = places.isEmpty() && form.installed().isEmpty()
                ? "no folder"
                : Stream.concat(places.stream(), form.installed().stream())
                        .map(place -> Files.isDirectory(place) ? place.toString() : place + ", which is no folder")
                        .collect(Collectors.joining("; "));
        return ("data set %s must lie in a folder that is searched (%s): found no %s; basinlab data fetch %1$s gets it, or"
                        + " name its folder with --data-dir or BASINLAB_DATA_DIR")
                .formatted(name.label(), searched, form.wanted());
    }
}
