package org.basinlab.dataset;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Split;
import org.jspecify.annotations.Nullable;

/** A data set that was read and checked; its content never changes, and any number of threads may use it. */
public final class Dataset {

    private final KnownDataset name;
    private final String origin;
    private final ImageSet train;
    private final ImageSet test;
    private final String digest;
    private final boolean official;

    /** Computed at its first use, guarded by this object. */
    private Normalisation.@Nullable Constants ofTraining;

    Dataset(KnownDataset name, String origin, ImageSet train, ImageSet test, String digest, boolean official) {
        this.name = name;
        this.origin = origin;
        this.train = train;
        this.test = test;
        this.digest = digest;
        this.official = official;
    }

    /**
     * A data set out of its records, as {@link #records} gave them.
     *
     * @param digest that they must have together
     * @param official whether that is known to be the published data's
     * @param origin where they come from, for messages
     * @param train handed over, as is {@code test}
     * @throws DatasetException if they have another digest, or are no records of this data set
     */
    public static Dataset ofRecords(
            KnownDataset name, String digest, boolean official, String origin, byte[] train, byte[] test) {
        MessageDigest found = Digests.sha256();
        found.update(train);
        found.update(test);
        String actual = Digests.hex(found.digest());
        if (!actual.equals(digest)) {
            throw new DatasetException("the records of %s (%s) must have the digest %s, found %s"
                    .formatted(name.label(), origin, digest, actual));
        }
        int record = 1 + name.pixels();
        if (train.length % record != 0 || test.length % record != 0) {
            throw new DatasetException("the records of %s (%s) must have %d bytes each, found %d and %d bytes in all"
                    .formatted(name.label(), origin, record, train.length, test.length));
        }
        return new Dataset(name, origin, new ImageSet(name, train), new ImageSet(name, test), digest, official);
    }

    /** The records of a split: label and pixels of each image in order. Read-only; the digest is over both splits' records. */
    public ByteBuffer records(Split split) {
        return split(split).records();
    }

    public KnownDataset name() {
        return name;
    }

    /** The folder or archive it was read from, or {@code built in}. */
    public String origin() {
        return origin;
    }

    public ImageSet split(Split split) {
        return split == Split.TRAIN ? train : test;
    }

    /** Lower-case hexadecimal SHA-256 over the unpacked records, training files in order before the test file. */
    public String digest() {
        return digest;
    }

    /** Whether these are the very bytes that were published under this name; else it is a variant. */
    public boolean official() {
        return official;
    }

    /**
     * The constants by which pixels in [0, 1] become inputs.
     *
     * @return one mean and one standard deviation a channel; {@code train} is computed once and kept
     * @throws IllegalArgumentException if given constants are of another number of channels
     */
    public Normalisation.Constants resolve(Normalisation normalisation) {
        if (normalisation instanceof Normalisation.Named named) {
            return switch (named.choice()) {
                case STANDARD -> ChannelStatistics.standard(name);
                case TRAIN -> ofTraining();
                case HALF -> ChannelStatistics.uniform(name.channels(), 0.5, 0.5);
                case NONE -> ChannelStatistics.uniform(name.channels(), 0, 1);
            };
        }
        Normalisation.Constants given = (Normalisation.Constants) normalisation;
        if (given.mean().size() != name.channels()) {
            throw new IllegalArgumentException("%s needs normalisation constants of %d channels, was %d"
                    .formatted(name.label(), name.channels(), given.mean().size()));
        }
        return given;
    }

    /**
     * Checks that this is what a specification asks for.
     *
     * @return this
     * @throws DatasetException if the specification pins another digest
     * @throws IllegalArgumentException if it names another data set
     */
    public Dataset require(DatasetRef wanted) {
        if (wanted.name() != name) {
            throw new IllegalArgumentException(
                    "the data set must be %s, was %s".formatted(wanted.name().label(), name.label()));
        }
        wanted.digest().filter(pinned -> !pinned.equals(digest)).ifPresent(pinned -> {
            throw new DatasetException("%s (%s) must have the digest that the specification pins, %s, found %s"
                    .formatted(name.label(), origin, pinned, digest));
        });
        return this;
    }

    private synchronized Normalisation.Constants ofTraining() {
        if (ofTraining == null) {
            ofTraining = ChannelStatistics.of(train);
        }
        return ofTraining;
    }
}
