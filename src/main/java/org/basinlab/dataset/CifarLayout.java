package org.basinlab.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Split;

/**
 * What the binary files of CIFAR-10 and CIFAR-100 must look like: records of labels and pixels, nothing else.
 *
 * @param files training files in order, then the test file
 * @param coarseClasses of the label that stands before the class in every record; zero where none does
 * @param archive the name of the archive that holds all files
 * @param folders where a place may hold the files, in the order of the search; the archive comes after these
 */
record CifarLayout(KnownDataset name, List<DataFile> files, int coarseClasses, String archive, List<String> folders)
        implements Form {

    /**
     * The files of the archive {@code cifar-10-binary.tar.gz}. Its author published no digest of the single files;
     * these are the SHA-1 which Apache MXNet checks in its class {@code gluon.data.vision.CIFAR10}.
     */
    static final CifarLayout CIFAR10 = cifar10(
            KnownDataset.CIFAR10.images(Split.TEST),
            List.of(
                    "aadd24acce27caa71bf4b10992e9e7b2d74c2540",
                    "c0ba65cce70568cd57b4e03e9ac8d2a5367c1795",
                    "1dd00a74ab1d17a6e7d73e185b69dbf31242f295",
                    "aab85764eb3584312d3c7f65fd2fd016e36a258e",
                    "26e2849e66a845b7f1e4614ae70f4889ae604628",
                    "67eb016db431130d61cd03c7ad570b013799c88c"));

    /** The files of the archive {@code cifar-100-binary.tar.gz}, with the SHA-1 of MXNet's class {@code CIFAR100}. */
    static final CifarLayout CIFAR100 = cifar100(
            KnownDataset.CIFAR100.images(Split.TRAIN),
            KnownDataset.CIFAR100.images(Split.TEST),
            List.of("e207cd2e05b73b1393c74c7f5e7bea451d63e08e", "8fb6623e830365ff53cf14adec797474f5478006"));

    private static final int BATCHES = 5;

    CifarLayout {
        files = List.copyOf(files);
        folders = List.copyOf(folders);
    }

    /** Six batches of so many records. */
    static CifarLayout cifar10(int recordsPerBatch, List<String> originals) {
        List<DataFile> files = new ArrayList<>();
        for (int batch = 1; batch <= BATCHES; batch++) {
            Fingerprint original = Fingerprint.sha1(originals.get(batch - 1));
            files.add(new DataFile("data_batch_%d.bin".formatted(batch), Split.TRAIN, recordsPerBatch, original));
        }
        files.add(
                new DataFile("test_batch.bin", Split.TEST, recordsPerBatch, Fingerprint.sha1(originals.get(BATCHES))));
        return new CifarLayout(
                KnownDataset.CIFAR10,
                files,
                0,
                "cifar-10-binary.tar.gz",
                List.of("", "cifar-10-batches-bin", "cifar10"));
    }

    /** Two files of so many records. Names as plain as theirs may be anybody's, so the place itself is looked at last. */
    static CifarLayout cifar100(int train, int test, List<String> originals) {
        return new CifarLayout(
                KnownDataset.CIFAR100,
                List.of(
                        new DataFile("train.bin", Split.TRAIN, train, Fingerprint.sha1(originals.get(0))),
                        new DataFile("test.bin", Split.TEST, test, Fingerprint.sha1(originals.get(1)))),
                20,
                "cifar-100-binary.tar.gz",
                List.of("cifar-100-binary", "cifar100", ""));
    }

    /** Bytes before the pixels: the class, and before it the coarse class where there is one. */
    int labels() {
        return coarseClasses > 0 ? 2 : 1;
    }

    /** Bytes of one record: labels, then the pixels, channel-major. */
    int record() {
        return labels() + name.pixels();
    }

    int images(Split split) {
        return files.stream()
                .filter(file -> file.split() == split)
                .mapToInt(DataFile::images)
                .sum();
    }

    /** The first image of this file within its split. */
    int firstImage(int file) {
        return files.stream()
                .limit(file)
                .filter(earlier -> earlier.split() == files.get(file).split())
                .mapToInt(DataFile::images)
                .sum();
    }

    @Override
    public Records records() {
        return new Records(name, images(Split.TRAIN), images(Split.TEST), files.size());
    }

    /** {@code all six batches of cifar10}. */
    String everyFile() {
        return (files.size() == 2 ? "both files of " : "all six batches of ") + name.label();
    }

    @Override
    public String whole() {
        return everyFile() + ", each as .bin or .bin.gz";
    }

    @Override
    public Optional<Path> find(DataFile file, Path folder) {
        return file.find(folder, List.of());
    }

    @Override
    public void read(int file, Path found, Records into) {
        BatchReader reader = new BatchReader(this, file, found.toString());
        try {
            if (!DataFile.isPacked(found) && Files.isRegularFile(found)) {
                reader.requireSize(Files.size(found));
            }
        } catch (IOException e) {
            throw WholeFile.unreadable(found.toString(), e);
        }
        reader.read(() -> DataFile.open(found), into);
    }

    @Override
    public Optional<Source> findIn(Path place) {
        for (String folder : folders) {
            DataFolder candidate = new DataFolder(place.resolve(folder), this);
            if (candidate.holdsAnyFile()) {
                return Optional.of(candidate);
            }
        }
        Path packed = place.resolve(archive);
        return Files.exists(packed) ? Optional.of(new CifarArchive(packed, this)) : Optional.empty();
    }

    @Override
    public List<Path> installed() {
        return List.of();
    }

    @Override
    public String wanted() {
        String first = files.get(0).name();
        String last = files.get(files.size() - 1).name();
        return "%s %s %s, no .bin.gz of these and no %s"
                .formatted(first, files.size() == 2 ? "or" : "…", last, archive);
    }
}
