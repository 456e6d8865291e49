package org.basinlab.dataset;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.KnownDataset;

/**
 * How a data set was published: what {@code data fetch} gets, from where, and what its publisher says of its use.
 *
 * @param base the address under which the files lie
 * @param folder in which they are put within a place; empty for the place itself
 * @param licence as the publisher states it
 */
public record Publication(KnownDataset name, URI base, String folder, List<PublishedFile> files, String licence) {

    private static final String CIFAR = "no licence is stated; cite Krizhevsky 2009";

    public Publication {
        files = List.copyOf(files);
    }

    /** Bytes of all files together. */
    public long bytes() {
        return files.stream().mapToLong(PublishedFile::bytes).sum();
    }

    /** The licence of every data set, the built-in one among them. */
    public static String licence(KnownDataset name) {
        return find(name).map(Publication::licence).orElse("Apache-2.0, as this program");
    }

    /** Nothing for what is built in. */
    public static Optional<Publication> find(KnownDataset name) {
        return switch (name) {
            case CIFAR10 ->
                Optional.of(cifar(
                        name,
                        new PublishedFile(
                                "cifar-10-binary.tar.gz",
                                170_052_171,
                                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")));
            case CIFAR100 ->
                Optional.of(cifar(
                        name,
                        new PublishedFile(
                                "cifar-100-binary.tar.gz",
                                168_513_733,
                                "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")));
            case MNIST -> Optional.of(mnist());
            case FASHION_MNIST -> Optional.of(fashionMnist());
            case SYNTHETIC_SHAPES -> Optional.empty();
        };
    }

    private static Publication cifar(KnownDataset name, PublishedFile archive) {
        return new Publication(name, URI.create("https://www.cs.toronto.edu/~kriz/"), "", List.of(archive), CIFAR);
    }

    /** From the place that PyTorch keeps; the author's own asks for a password. */
    private static Publication mnist() {
        return new Publication(
                KnownDataset.MNIST,
                URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                "mnist",
                List.of(
                        new PublishedFile(
                                "train-images-idx3-ubyte.gz",
                                9_912_422,
                                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                        new PublishedFile(
                                "train-labels-idx1-ubyte.gz",
                                28_881,
                                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                        new PublishedFile(
                                "t10k-images-idx3-ubyte.gz",
                                1_648_877,
                                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                        new PublishedFile(
                                "t10k-labels-idx1-ubyte.gz",
                                4_542,
                                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")),
                "CC BY-SA 3.0");
    }

    private static Publication fashionMnist() {
        return new Publication(
                KnownDataset.FASHION_MNIST,
                URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
                "fashion-mnist",
                List.of(
                        new PublishedFile(
                                "train-images-idx3-ubyte.gz",
                                26_421_880,
                                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                        new PublishedFile(
                                "train-labels-idx1-ubyte.gz",
                                29_515,
                                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                        new PublishedFile(
                                "t10k-images-idx3-ubyte.gz",
                                4_422_102,
                                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                        new PublishedFile(
                                "t10k-labels-idx1-ubyte.gz",
                                5_148,
                                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")),
                "MIT");
    }
}
