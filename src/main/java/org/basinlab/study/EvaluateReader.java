package org.basinlab.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Split;

/** Reads {@code evaluate}: what is measured, on which images, of which networks. A family that is {@code false} is not. */
final class EvaluateReader {

    static final String OF = "of";
    static final String IMAGES = "images";

    private static final List<String> FAMILIES = List.of(
            "accuracy",
            "weight-norm",
            "calibration",
            "lipschitz",
            "fgsm",
            "pgd",
            "deepfool",
            "gaussian",
            "uniform",
            "weight-noise",
            "barrier",
            "running-mean",
            "scaling",
            "patterns",
            "counter-example");
    private static final String NORMALISE = "normalise";
    private static final Keys EVALUATE = Keys.of(
            "evaluate", Stream.concat(FAMILIES.stream(), Stream.of(NORMALISE)).toArray(String[]::new));
    private static final Keys ACCURACY = Keys.of("accuracy", "train", "test", OF);
    private static final Keys WEIGHT_NORM = Keys.of("weight-norm", OF);
    private static final Keys CALIBRATION = Keys.of("calibration", "bins", IMAGES, OF);
    private static final Keys LIPSCHITZ = Keys.of("lipschitz", "bounds", "radius", "samples", IMAGES, OF);
    private static final Keys BARRIER = Keys.of("barrier", "lambdas", "split", "nodes", IMAGES);
    private static final Keys RUNNING_MEAN = Keys.of("running-mean", "split", IMAGES);

    private static final Keys SCALING = Keys.of("scaling", "factors", "modes", "powers", IMAGES);
    private static final Keys PATTERNS = Keys.of("patterns", "draws", "split", IMAGES, OF);
    private static final Keys COUNTER_EXAMPLE = Keys.of("counter-example", "lambdas");

    /** Those of arXiv 2411.09263, whose 100 is the usual one, and what it leaves between. */
    private static final Points USUAL_FACTORS = Points.of("0.1", "0.5", "0.9", "1.1", "2", "10", "100");

    private static final int USUAL_PERMUTATIONS = 999;
    private static final int USUAL_COUNTER_EXAMPLE = 101;
    private static final int USUAL_BINS = 10;
    private static final int USUAL_LAMBDAS = 25;
    private static final int USUAL_LIPSCHITZ_IMAGES = 32;
    private static final int USUAL_LIPSCHITZ_SAMPLES = 8;
    private static final double USUAL_RADIUS = 0.1;

    private final KnownDataset dataset;
    private final Architecture network;
    private final Optional<Normalisation> normalise;
    private final List<Evaluation> evaluations = new ArrayList<>();

    private EvaluateReader(KnownDataset dataset, Architecture network, Optional<Normalisation> normalise) {
        this.dataset = dataset;
        this.network = network;
        this.normalise = normalise;
    }

    /** What is evaluated where a study does not say. */
    static YamlValue.Fields usual(Position at) {
        LinkedHashMap<String, YamlValue.Field> metrics = new LinkedHashMap<>();
        for (String family : List.of("accuracy", "weight-norm")) {
            metrics.put(family, new YamlValue.Field(at, new YamlValue.Fields(new LinkedHashMap<>(), at)));
        }
        return new YamlValue.Fields(metrics, at);
    }

    /** In one order whatever the text's, so that equal questions have equal identities. */
    static List<Evaluation> read(Value evaluate, KnownDataset dataset, Architecture network) {
        Section section = evaluate.section(EVALUATE);
        EvaluateReader reader = new EvaluateReader(
                dataset, network, section.findUnlessFalse(NORMALISE).flatMap(value -> normalise(value, dataset)));
        for (String family : FAMILIES) {
            section.findUnlessFalse(family).ifPresent(settings -> reader.family(family, settings));
        }
        return reader.evaluations;
    }

    /** Absent where it is as in training. */
    private static Optional<Normalisation> normalise(Value value, KnownDataset dataset) {
        if (value.isText("as-trained")) {
            return Optional.empty();
        }
        // What a public port of Git Re-Basin did to networks that it had trained with the customary constants.
        return Optional.of(
                value.isText("mismatched")
                        ? new Normalisation.Named(Normalisation.Choice.HALF)
                        : ArmReader.normalisation(value, dataset.channels()));
    }

    private void family(String family, Value settings) {
        switch (family) {
            case "accuracy" -> accuracy(settings);
            case "weight-norm" -> {
                Section section = settings.section(WEIGHT_NORM);
                add(new MetricRequest.WeightNorm(), Optional.empty(), of(section, Evaluation.Population.ALL));
            }
            case "calibration" -> {
                Section section = settings.section(CALIBRATION);
                int bins = integer(section, "bins", MetricRequest.MOST_BINS, USUAL_BINS);
                onTest(new MetricRequest.Calibration(bins), section);
            }
            case "lipschitz" -> lipschitz(settings.section(LIPSCHITZ));
            case "barrier" -> barrier(settings.section(BARRIER));
            case "scaling" -> scaling(settings.section(SCALING));
            case "patterns" -> {
                Section section = settings.section(PATTERNS);
                int draws = integer(section, "draws", MetricRequest.Patterns.MOST_DRAWS, USUAL_PERMUTATIONS);
                Split split = section.find("split").isPresent() ? split(section) : Split.TRAIN;
                add(
                        new MetricRequest.Patterns(draws),
                        Optional.of(images(section, split)),
                        of(section, Evaluation.Population.PRIMARY));
            }
            case "counter-example" -> {
                Section section = settings.section(COUNTER_EXAMPLE);
                int lambdas = section.find("lambdas")
                        .map(value -> value.integer(2, MetricRequest.MOST_LAMBDAS))
                        .orElse(USUAL_COUNTER_EXAMPLE);
                evaluations.add(new Evaluation.Exact(new MetricRequest.CounterExample(lambdas)));
            }
            case "running-mean" -> {
                Section section = settings.section(RUNNING_MEAN);
                evaluations.add(new Evaluation.OfRounds(images(section, split(section))));
            }
            default -> {
                Section section = settings.section(AttackReader.keys(family));
                AttackReader.read(family, section, settings).forEach(metric -> onTest(metric, section));
            }
        }
    }

    private void accuracy(Value settings) {
        Section section = settings.section(ACCURACY);
        Evaluation.Population of = of(section, Evaluation.Population.ALL);
        int before = evaluations.size();
        for (Split split : List.of(Split.TEST, Split.TRAIN)) {
            Optional<Value> limit = section.find(split.label());
            if (limit.isEmpty() || !limit.get().isFalse()) {
                add(new MetricRequest.Accuracy(), Optional.of(images(limit, split)), of);
            }
        }
        if (evaluations.size() == before) {
            throw settings.refuse("must be taken on one split at least, had train: false and test: false");
        }
    }

    private void lipschitz(Section section) {
        List<String> known = List.of("spectral", "local", "sampled");
        boolean perceptron = network instanceof Architecture.Mlp;
        List<String> bounds = section.find("bounds")
                .map(value -> value.choices(known, Function.identity()))
                .orElse(perceptron ? known : known.subList(0, 1));
        if (!perceptron && (bounds.contains("local") || bounds.contains("sampled"))) {
            throw section.get("bounds")
                    .refuse(
                            "must be spectral alone for %s: local and sampled bounds are made for perceptrons, which are linear between rectifiers"
                                    .formatted(network.label()));
        }
        double radius = section.find("radius")
                .map(value -> value.number("(0, 1000]", number -> number > 0 && number <= 1_000))
                .orElse(USUAL_RADIUS);
        int samples = integer(section, "samples", MetricRequest.MOST_DRAWS, USUAL_LIPSCHITZ_SAMPLES);
        Evaluation.Population of = of(section, Evaluation.Population.PRIMARY);
        Evaluation.Images images = section.find(IMAGES)
                .map(value -> images(Optional.of(value), Split.TEST))
                .orElse(new Evaluation.Images(Split.TEST, Optional.of(USUAL_LIPSCHITZ_IMAGES), normalise));
        if (bounds.contains("spectral")) {
            add(new MetricRequest.LipschitzSpectral(), Optional.empty(), of);
        }
        if (bounds.contains("local")) {
            add(new MetricRequest.LipschitzLocal(radius), Optional.of(images), of);
        }
        if (bounds.contains("sampled")) {
            add(new MetricRequest.LipschitzSampled(radius, samples), Optional.of(images), of);
        }
    }

    private void scaling(Section section) {
        Points factors = section.find("factors").map(EvaluateReader::factors).orElse(USUAL_FACTORS);
        List<MetricRequest.Scaled> known = List.of(MetricRequest.Scaled.values());
        List<MetricRequest.Scaled> modes = section.find("modes")
                .map(value -> value.choices(known, MetricRequest.Scaled::label))
                .orElse(known);
        boolean powers = section.find("powers").map(Value::truth).orElse(false);
        evaluations.add(new Evaluation.OfGroups(
                new MetricRequest.Scaling(factors, modes, powers), images(section, Split.TEST)));
    }

    private static Points factors(Value value) {
        Points factors = PointsReader.read(value);
        if (factors.values().get(0).signum() == 0) {
            throw value.refuse("must have factors above 0, the first was 0");
        }
        return factors;
    }

    private void barrier(Section section) {
        int lambdas = section.find("lambdas")
                .map(value -> value.integer(2, MetricRequest.MOST_LAMBDAS))
                .orElse(USUAL_LAMBDAS);
        Evaluation.Nodes nodes = section.find("nodes")
                .map(value -> value.choice(List.of(Evaluation.Nodes.values()), Evaluation.Nodes::label))
                .orElse(Evaluation.Nodes.PAIRS);
        evaluations.add(
                new Evaluation.OfPairs(new MetricRequest.Barrier(lambdas), images(section, split(section)), nodes));
    }

    private static Split split(Section section) {
        return section.find("split")
                .map(value -> value.choice(List.of(Split.values()), Split::label))
                .orElse(Split.TEST);
    }

    private void onTest(MetricRequest metric, Section section) {
        add(metric, Optional.of(images(section, Split.TEST)), of(section, Evaluation.Population.PRIMARY));
    }

    private void add(MetricRequest metric, Optional<Evaluation.Images> images, Evaluation.Population of) {
        evaluations.add(new Evaluation.OfNetworks(metric, images, of));
    }

    private static Evaluation.Population of(Section section, Evaluation.Population usual) {
        return section.find(OF)
                .map(value -> value.choice(List.of(Evaluation.Population.values()), Evaluation.Population::label))
                .orElse(usual);
    }

    private Evaluation.Images images(Section section, Split split) {
        return images(section.find(IMAGES), split);
    }

    /** All of them where none are named, or as many as there are. */
    private Evaluation.Images images(Optional<Value> limit, Split split) {
        int all = dataset.images(split);
        return new Evaluation.Images(
                split, limit.map(value -> value.integer(1, all)).filter(most -> most < all), normalise);
    }

    private static int integer(Section section, String key, int most, int usual) {
        return section.find(key).map(value -> value.integer(1, most)).orElse(usual);
    }
}
