package org.basinlab.cli;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.merging.MergeImages;
import org.basinlab.merging.SchemeMerge;
import org.basinlab.network.Dl4j;
import org.basinlab.network.Dl4jException;
import org.basinlab.network.Numerics;
import org.basinlab.network.Safetensors;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.MergeScheme;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab merge}: one network file of several. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        description =
                "Merges networks in safetensors files or Deeplearning4j archives, all of one architecture and one normalisation, into one file.",
        footer = {
            "",
            "Examples:",
            "  basinlab merge a.safetensors b.safetensors --out ab.safetensors",
            "  basinlab merge a.safetensors b.safetensors --share 0.3 --out ab.safetensors",
            "  basinlab merge --scheme merge-many --out mean.safetensors *.safetensors",
            "  basinlab merge a.safetensors b.safetensors --matching best-of-10 --out ab.safetensors",
            "  basinlab merge a.safetensors b.safetensors --repair repair --dataset cifar10 --images 10000 \\",
            "      --out ab.safetensors",
            "  basinlab merge --scheme greedy-soup --dataset cifar10 --out soup.safetensors *.safetensors"
        })
final class MergeCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "IN", description = "Two networks or more.")
    private List<Path> inputs;

    @Option(
            names = "--out",
            paramLabel = "M",
            required = true,
            description =
                    "The merged file; appears when it is whole. One that ends in .zip is a Deeplearning4j archive.")
    private Path out;

    @Option(names = "--force", description = "Lets --out replace a file, but never an input.")
    private boolean force;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Orders the visits of layers and networks (default: 0); equal seeds give equal files.")
    private long seed;

    @Mixin
    private SchemeChoice choice;

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            description = "Whose training images are looked at: for --repair, greedy-soup, activation and"
                    + " straight-through, and for networks with BatchNorm, whose statistics are estimated anew.")
    private @Nullable String dataset;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "The first N training images only (default: all). With --dataset only.")
    private @Nullable Integer imageCount;

    @Mixin
    private NamesOption names;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    /**
     * The document of the contract.
     *
     * @param members of a greedy soup: the inputs that are in it
     */
    private record Document(
            String scheme,
            List<String> inputs,
            int rounds,
            int matchings,
            @JsonInclude(NON_ABSENT) Optional<List<String>> members,
            double seconds,
            String out,
            String sha256) {}

    /**
     * From what a merged file was made; enough to make it again, and nothing that differs from run to run.
     *
     * @param inputs SHA-256 of the input files, in order
     * @param images whose, where any were looked at
     */
    private record Provenance(
            List<String> inputs,
            MergeScheme scheme,
            long seed,
            @JsonInclude(NON_ABSENT) Optional<Seen> images) {}

    /** The first training images of a data set. */
    private record Seen(String dataset, int count) {}

    @Override
    public Integer call() {
        MergeScheme scheme = choice.scheme(inputs.size());
        OutputFile file = OutputFile.at(out, force, inputs);
        PrintWriter err = spec.commandLine().getErr();
        List<NetworkFile> networks = NetworkFile.readAlike(inputs, names.names(), shared.verbose(), err);
        requireWritable(networks.get(0).weights().architecture());
        Optional<NormalisedImages> images = images(scheme, networks);
        Optional<String> normalisation = FileNormalisation.shared(networks);
        if (!(scheme instanceof MergeScheme.Naive) || images.isPresent()) {
            Numerics.prepare(); // its start is no part of the merging
        }
        List<Weights> weights = networks.stream().map(NetworkFile::weights).toList();
        SchemeMerge merged;
        long started = System.nanoTime();
        try (ProgressLine progress = new ProgressLine("merging %d networks".formatted(weights.size()), err)) {
            merged = SchemeMerge.of(scheme, weights, seed, images.map(MergeImages::new), progress);
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        Map<String, String> metadata = metadata(merged, networks, normalisation, scheme, images);
        byte[] bytes =
                isArchive() ? Dl4j.write(merged.weights(), metadata) : Safetensors.write(merged.weights(), metadata);
        file.write(stream -> stream.write(bytes));
        if (!merged.converged()) {
            err.println(
                    scheme instanceof MergeScheme.CycleConsistent
                            ? "note: C2M3 was still moving after %d iterations".formatted(merged.rounds())
                            : "note: MergeMany was still moving after %d rounds".formatted(merged.rounds()));
        }
        say(merged, scheme, seconds, bytes);
        return ExitCode.DONE;
    }

    /** The images that the merge looks at; a data set that it does not look at is a mistake, and so is none where it must. */
    private Optional<NormalisedImages> images(MergeScheme scheme, List<NetworkFile> networks) {
        boolean batchNorm = networks.get(0).weights().architecture().graph().hasBatchNorm();
        if (dataset != null && (scheme.step().readsImages() || batchNorm)) {
            return Optional.of(
                    TrainingImages.of(dataset, Optional.ofNullable(imageCount), networks, shared.dataPlaces()));
        }
        if (dataset != null) {
            throw new UsageException("--dataset goes with --repair, --scheme greedy-soup, --matching activation or"
                    + " straight-through, and networks with BatchNorm: this merge looks at no images");
        }
        if (imageCount != null) {
            throw new UsageException("--images goes with --dataset only");
        }
        if (scheme.step().readsImages()) {
            throw new UsageException("%s needs --dataset, whose training images it looks at".formatted(reader(scheme)));
        }
        if (batchNorm) {
            throw new UsageException(
                    "networks with BatchNorm, %s, need --dataset, by whose training images their statistics"
                                    .formatted(networks.get(0)
                                            .weights()
                                            .architecture()
                                            .label())
                            + " are estimated anew");
        }
        return Optional.empty();
    }

    private static String reader(MergeScheme scheme) {
        if (scheme.repair().isPresent()) {
            return "--repair";
        }
        return scheme instanceof MergeScheme.GreedySoup
                ? "--scheme greedy-soup"
                : "--matching " + scheme.matchingLabel();
    }

    private boolean isArchive() {
        return out.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
    }

    /** Before anything is merged. */
    private void requireWritable(Architecture architecture) {
        if (isArchive()) {
            try {
                Dl4j.requireWritable(architecture);
            } catch (Dl4jException e) {
                throw new UsageException("%s: %s".formatted(out, e.getMessage()), e);
            }
        }
    }

    private Map<String, String> metadata(
            SchemeMerge merged,
            List<NetworkFile> networks,
            Optional<String> normalisation,
            MergeScheme scheme,
            Optional<NormalisedImages> images) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("architecture", CanonicalJson.write(merged.weights().architecture()));
        normalisation.ifPresent(text -> metadata.put(FileNormalisation.KEY, text));
        List<String> digests = networks.stream().map(NetworkFile::sha256).toList();
        Optional<Seen> seen = images.map(some -> new Seen(String.valueOf(dataset), some.count()));
        metadata.put("provenance", CanonicalJson.write(new Provenance(digests, scheme, seed, seen)));
        return metadata;
    }

    private void say(SchemeMerge merged, MergeScheme scheme, double seconds, byte[] bytes) {
        PrintWriter to = spec.commandLine().getOut();
        String sha256 = Digests.of(bytes);
        if (shared.json()) {
            to.println(CanonicalJson.write(new Document(
                    scheme.label(),
                    inputs.stream().map(Path::toString).toList(),
                    merged.rounds(),
                    merged.matchings(),
                    members(merged, scheme),
                    seconds,
                    out.toString(),
                    sha256)));
            return;
        }
        to.println(String.format(
                Locale.ROOT,
                "merged %d networks %s: %s, %s%s, %.2f s",
                inputs.size(),
                merged.weights().architecture().label(),
                scheme.label(),
                count(merged.matchings(), "matching"),
                rounds(merged, scheme),
                seconds));
        members(merged, scheme).ifPresent(members -> to.println("in it: " + String.join(", ", members)));
        to.println("%s  %s  sha256 %s".formatted(out, Sizes.bytes(bytes.length), sha256));
    }

    private static String rounds(SchemeMerge merged, MergeScheme scheme) {
        if (scheme instanceof MergeScheme.MergeMany) {
            return " in " + count(merged.rounds(), "round");
        }
        return scheme instanceof MergeScheme.CycleConsistent ? " in " + count(merged.rounds(), "iteration") : "";
    }

    private Optional<List<String>> members(SchemeMerge merged, MergeScheme scheme) {
        return scheme instanceof MergeScheme.GreedySoup
                ? Optional.of(merged.members().stream()
                        .map(k -> inputs.get(k).toString())
                        .toList())
                : Optional.empty();
    }

    private static String count(int n, String what) {
        return n == 1 ? "1 " + what : n + " " + what + "s";
    }
}
