package org.basinlab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.basinlab.dataset.DataSets;
import org.basinlab.dataset.Dataset;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Numerics;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.TensorNames;
import org.basinlab.worker.Measured;
import org.basinlab.worker.Measuring;
import org.basinlab.worker.Subject;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.SanityCheck;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab evaluate}: metrics of network files. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Measures networks in safetensors files or Deeplearning4j archives on the images of a data set.",
        footer = {
            "",
            "Examples:",
            "  basinlab evaluate a.safetensors --dataset cifar10",
            "  basinlab evaluate a.safetensors b.safetensors --dataset cifar10 --metric accuracy \\",
            "      --metric fgsm-accuracy@0:0.02:0.002 --limit 1000",
            "  basinlab evaluate a.safetensors --dataset cifar10 --metric deepfool-l2-median --metric deepfool-rho",
            "  basinlab evaluate a.safetensors --dataset cifar10 --normalise half --json"
        })
final class EvaluateCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "M", description = "One network or more.")
    private List<Path> files;

    @Option(names = "--dataset", paramLabel = "NAME", required = true, description = "Whose images they see.")
    private String dataset;

    @Option(
            names = "--normalise",
            paramLabel = "standard|train|none|half",
            description = "What pixels become (default: what the file says of itself, else standard).")
    private @Nullable String normalise;

    @Option(names = "--limit", paramLabel = "N", description = "The first N images only.")
    private @Nullable Integer limit;

    @Option(
            names = "--split",
            paramLabel = "test|train",
            defaultValue = "test",
            description = "Of the data set (default: ${DEFAULT-VALUE}).")
    private String splitName;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of noise, restarts and samples (default: 0); those of a study with this seed.")
    private long seed;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Draws the weights of networks without hidden layers there, a PNG for each class.")
    private @Nullable Path pictures;

    @Mixin
    private EvaluateOptions metrics;

    @Mixin
    private NamesOption names;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<MetricChoice> choices = metrics.choices();
        KnownDataset known = Choices.dataset("--dataset", dataset);
        Split split = Choices.get("--split", splitName, List.of(Split.TEST, Split.TRAIN), Split::label);
        Optional<Normalisation> asked = Optional.ofNullable(normalise).map(EvaluateCommand::normalisation);
        requireLimit(known, split);
        TensorNames said = names.names();
        List<NetworkFile> networks =
                files.stream().map(path -> NetworkFile.read(path, said)).toList();
        networks.forEach(network -> requireFit(network, known));
        networks.forEach(network -> requireDefined(network, choices));
        if (pictures != null) {
            Path folder = pictures;
            networks.forEach(network -> PatternPictures.write(network, known, folder));
        }
        compute.settle();
        boolean readsImages =
                choices.stream().anyMatch(choice -> choice.request().readsImages());
        Optional<Dataset> data =
                readsImages ? Optional.of(new DataSets(shared.dataPlaces()).open(known)) : Optional.empty();
        Numerics.prepare();
        List<EvaluatedFile> found = new ArrayList<>();
        PrintWriter err = spec.commandLine().getErr();
        String what = networks.size() == 1 ? "measuring 1 network" : "measuring %d networks".formatted(networks.size());
        try (ProgressLine progress = new ProgressLine(what, err)) {
            for (int i = 0; i < networks.size(); i++) {
                Progress part = part(progress, i, networks.size());
                found.add(measure(networks.get(i), data, split, asked, choices, part));
            }
        }
        say(found);
        return ExitCode.DONE;
    }

    private static Normalisation normalisation(String name) {
        return new Normalisation.Named(
                Choices.get("--normalise", name, List.of(Normalisation.Choice.values()), Normalisation.Choice::label));
    }

    private void requireLimit(KnownDataset known, Split split) {
        if (limit != null && (limit < 1 || limit > known.images(split))) {
            throw new UsageException("--limit must lie in [1, %d], the images of %s of %s, was %d"
                    .formatted(known.images(split), split.label(), known.label(), limit));
        }
    }

    static void requireFit(NetworkFile network, KnownDataset known) {
        network.requireFinite();
        int inputs = network.weights().architecture().inputs();
        int classes = network.weights().architecture().classes();
        if (inputs != known.pixels()) {
            throw new UsageException("%s must take the %d × %d × %d = %d pixels of %s, takes %d inputs"
                    .formatted(
                            network.path(),
                            known.channels(),
                            known.height(),
                            known.width(),
                            known.pixels(),
                            known.label(),
                            inputs));
        }
        if (classes != known.classes()) {
            throw new UsageException("%s must tell the %d classes of %s apart, has %d outputs"
                    .formatted(network.path(), known.classes(), known.label(), classes));
        }
    }

    private static void requireDefined(NetworkFile network, List<MetricChoice> choices) {
        if (network.weights().architecture() instanceof Architecture.Mlp) {
            return;
        }
        for (MetricChoice choice : choices) {
            if (choice.request() instanceof MetricRequest.LipschitzLocal
                    || choice.request() instanceof MetricRequest.LipschitzSampled) {
                throw new UsageException("%s must be a perceptron for %s, which is not defined for %s"
                        .formatted(
                                network.path(),
                                choice.request().label(),
                                network.weights().architecture().label()));
            }
        }
    }

    private static Progress part(Progress whole, int index, int of) {
        return fraction -> whole.at((index + fraction) / of);
    }

    private EvaluatedFile measure(
            NetworkFile network,
            Optional<Dataset> data,
            Split split,
            Optional<Normalisation> asked,
            List<MetricChoice> choices,
            Progress progress) {
        Optional<Normalisation.Constants> constants = data.map(open -> constants(network, open, asked));
        int usual = data.map(open -> count(open, split)).orElse(0);
        Map<String, Integer> ownImages = new HashMap<>();
        List<Measurement> measurements = new ArrayList<>();
        List<SanityCheck> failed = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            MetricChoice choice = choices.get(i);
            Optional<NormalisedImages> images = choice.request().readsImages()
                    ? data.map(open -> images(open, split, constants.orElseThrow(), choice))
                    : Optional.empty();
            Optional<Long> own = choice.request().isRandom()
                    ? Optional.of(
                            Seeds.derive(seed, "evaluate/" + choice.request().label()))
                    : Optional.empty();
            Subject subject = Subject.of(network.weights(), images, split);
            Measured measured = Measuring.of(choice.request(), subject, own, part(progress, i, choices.size()));
            int looked = images.map(NormalisedImages::count).orElse(0);
            measured.measurements().stream().filter(choice::holds).forEach(measurement -> {
                measurements.add(measurement);
                if (looked != usual) {
                    ownImages.put(measurement.metric(), looked);
                }
            });
            measured.checks().stream().filter(check -> !check.passed()).forEach(failed::add);
        }
        return new EvaluatedFile(network, dataset, split, usual, ownImages, measurements, failed);
    }

    private int count(Dataset open, Split split) {
        return limit == null ? open.split(split).count() : limit;
    }

    private NormalisedImages images(Dataset open, Split split, Normalisation.Constants constants, MetricChoice choice) {
        Optional<Integer> most = limit == null ? choice.family().usualImages() : Optional.of(limit);
        return NormalisedImages.of(open.split(split), constants, most);
    }

    /** What was asked for goes before what the file says of itself, and that before {@code standard}. */
    private Normalisation.Constants constants(NetworkFile network, Dataset open, Optional<Normalisation> asked) {
        Optional<Normalisation.Constants> own = FileNormalisation.stated(network, open.name());
        Normalisation.Constants standard = DataSets.standardNormalisation(open.name());
        if (asked.isEmpty()) {
            return own.orElse(standard);
        }
        Normalisation.Constants given = open.resolve(asked.get());
        if (own.isPresent() && !own.get().equals(given)) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "note: %s is measured with --normalise %s, mean %s and std %s, but was made for mean %s and std %s"
                                    .formatted(
                                            network.path(),
                                            normalise,
                                            given.mean(),
                                            given.std(),
                                            own.get().mean(),
                                            own.get().std()));
        }
        return given;
    }

    private void say(List<EvaluatedFile> found) {
        PrintWriter out = spec.commandLine().getOut();
        if (shared.json()) {
            out.println(CanonicalJson.write(
                    found.stream().map(EvaluatedFile::document).toList()));
        } else {
            EvaluationTable.of(found).print(out);
        }
        for (EvaluatedFile file : found) {
            for (SanityCheck check : file.failed()) {
                spec.commandLine()
                        .getErr()
                        .println(String.format(
                                Locale.ROOT,
                                "note: %s of %s failed its check %s: limit %s, found %s; it decides nothing",
                                check.metric(),
                                file.network().path(),
                                check.check(),
                                check.limit(),
                                check.measured()));
            }
        }
    }
}
