package org.basinlab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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
            "  basinlab merge --scheme merge-many --out mean.safetensors *.safetensors"
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

    @Mixin
    private NamesOption names;

    @Mixin
    private FileOptions shared;

    @Spec
    private CommandSpec spec;

    /** The document of the contract. */
    private record Document(
            String scheme, List<String> inputs, int rounds, int matchings, double seconds, String out, String sha256) {}

    /**
     * From what a merged file was made; enough to make it again, and nothing that differs from run to run.
     *
     * @param inputs SHA-256 of the input files, in order
     */
    private record Provenance(List<String> inputs, MergeScheme scheme, long seed) {}

    @Override
    public Integer call() {
        MergeScheme scheme = choice.scheme(inputs.size());
        OutputFile file = OutputFile.at(out, force, inputs);
        PrintWriter err = spec.commandLine().getErr();
        List<NetworkFile> networks = NetworkFile.readAlike(inputs, names.names(), shared, err);
        requireWritable(networks.get(0).weights().architecture());
        Optional<String> normalisation = FileNormalisation.shared(networks);
        if (!(scheme instanceof MergeScheme.Naive)) {
            Numerics.prepare(); // its start is no part of the merging
        }
        List<Weights> weights = networks.stream().map(NetworkFile::weights).toList();
        SchemeMerge merged;
        long started = System.nanoTime();
        try (ProgressLine progress = new ProgressLine("merging %d networks".formatted(weights.size()), err)) {
            merged = SchemeMerge.of(scheme, weights, seed, progress);
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        Map<String, String> metadata = metadata(merged.weights(), networks, normalisation, scheme);
        byte[] bytes =
                isArchive() ? Dl4j.write(merged.weights(), metadata) : Safetensors.write(merged.weights(), metadata);
        file.write(stream -> stream.write(bytes));
        if (!merged.converged()) {
            err.println("note: MergeMany was still moving after %d rounds".formatted(merged.rounds()));
        }
        say(merged, scheme, seconds, bytes);
        return ExitCode.DONE;
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
            Weights merged, List<NetworkFile> networks, Optional<String> normalisation, MergeScheme scheme) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("architecture", CanonicalJson.write(merged.architecture()));
        normalisation.ifPresent(text -> metadata.put(FileNormalisation.KEY, text));
        List<String> digests = networks.stream().map(NetworkFile::sha256).toList();
        metadata.put("provenance", CanonicalJson.write(new Provenance(digests, scheme, seed)));
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
                scheme instanceof MergeScheme.MergeMany ? " in " + count(merged.rounds(), "round") : "",
                seconds));
        to.println("%s  %s  sha256 %s".formatted(out, Sizes.bytes(bytes.length), sha256));
    }

    private static String count(int n, String what) {
        return n == 1 ? "1 " + what : n + " " + what + "s";
    }
}
