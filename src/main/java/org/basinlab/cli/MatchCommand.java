package org.basinlab.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.basinlab.matching.Alignment;
import org.basinlab.matching.Alignments;
import org.basinlab.network.Examples;
import org.basinlab.network.Numerics;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Matching;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab match}: the permutations that align one network file with another. */
@Command(
        name = "match",
        mixinStandardHelpOptions = true,
        description = {
            "Finds the permutations of hidden units that align the network B with the network A, both safetensors files or",
            "Deeplearning4j archives. By their weights alone (weight, best-of), or by what they do on training images",
            "(activation, straight-through).",
            "Prints one JSON document: in permutations, p[i] is the unit of B put in place i."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab match a.safetensors b.safetensors",
            "  basinlab match a.safetensors b.safetensors --seed 7 --out permutations.json",
            "  basinlab match a.safetensors b.safetensors --method best-of --k 10",
            "  basinlab match a.safetensors b.safetensors --method activation --dataset cifar10 --images 10000",
            "  basinlab match a.safetensors b.safetensors --method straight-through --dataset cifar10 --epochs 5"
        })
final class MatchCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "A", description = "The network that stays as it is.")
    private Path a;

    @Parameters(index = "1", paramLabel = "B", description = "The network whose units are permuted.")
    private Path b;

    @Mixin
    private MatchingChoice choice;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of what is random in a method, as the order in which layers are visited (default: 0).")
    private long seed;

    @Option(names = "--out", paramLabel = "F.json", description = "Writes the document there, not to standard output.")
    private @Nullable Path out;

    @Option(names = "--force", description = "Lets --out replace a file.")
    private boolean force;

    @Mixin
    private NamesOption names;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    /** The document of the contract. */
    private record Document(
            String method,
            long seed,
            double objective,
            int sweeps,
            double l2Before,
            double l2After,
            double seconds,
            Map<String, int[]> permutations) {}

    @Override
    public Integer call() {
        Matching matching = choice.matching();
        Optional<OutputFile> file = Optional.ofNullable(out).map(path -> OutputFile.at(path, force, List.of(a, b)));
        PrintWriter err = spec.commandLine().getErr();
        List<NetworkFile> networks = NetworkFile.readAlike(List.of(a, b), names.names(), shared.verbose(), err);
        Optional<Examples> images = choice.images(networks, shared);
        Numerics.prepare(); // its start is no part of the matching
        Alignment found;
        try (ProgressLine progress = new ProgressLine("matching", err)) {
            found = Alignments.align(
                    matching, networks.get(0).weights(), networks.get(1).weights(), images, seed, progress);
        }
        double seconds = found.elapsed().toNanos() / 1e9;
        String document = CanonicalJson.write(new Document(
                matching.label(),
                seed,
                found.objective(),
                found.sweeps(),
                found.l2Before(),
                found.l2After(),
                seconds,
                found.permutations().toMap()));
        file.ifPresentOrElse(
                to -> to.write(stream -> stream.write((document + "\n").getBytes(StandardCharsets.UTF_8))),
                () -> spec.commandLine().getOut().println(document));
        if (!shared.json()) {
            err.println(String.format(
                    Locale.ROOT,
                    "matched %s with %s: distance %.4f, was %.4f; %d sweeps in %.2f s%s",
                    b,
                    a,
                    found.l2After(),
                    found.l2Before(),
                    found.sweeps(),
                    seconds,
                    file.map(to -> "; permutations in " + to.path()).orElse("")));
        }
        return ExitCode.DONE;
    }
}
