package org.basinlab.study;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.recipe.Matching;

/** Reads {@code matching}: a name, or a mapping of a name to its settings. */
final class MatchingReader {

    /** Epochs of a straight-through estimator that names none. */
    private static final int USUAL_EPOCHS = 5;

    /** Matchings from which best-of chooses that names none. */
    private static final int USUAL_K = 10;

    private static final String NONE = "none";
    private static final List<String> NAMES = List.of("weight", "activation", "straight-through", "best-of");
    private static final Keys WITH_SETTINGS = Keys.of("a matching", "activation", "straight-through", "best-of");
    private static final Keys ACTIVATION = Keys.of("activation", "statistic", "images");
    private static final Keys STRAIGHT_THROUGH =
            Keys.of("straight-through", "epochs", "batch", "learningRate", "momentum");

    private MatchingReader() {}

    /** One that aligns. */
    static Matching read(Value value) {
        return value.isMapping() ? withSettings(value) : named(value.choice(NAMES, name -> name));
    }

    /** Also {@code none}. */
    static Matching readOrNone(Value value) {
        if (value.isMapping()) {
            return withSettings(value);
        }
        List<String> names = new ArrayList<>(NAMES);
        names.add(NONE);
        return named(value.choice(names, name -> name));
    }

    private static Matching named(String name) {
        return switch (name) {
            case "activation" -> Matching.Activation.withDefaults();
            case "straight-through" -> Matching.StraightThrough.withDefaults(USUAL_EPOCHS);
            case "best-of" -> new Matching.BestOf(USUAL_K);
            case NONE -> new Matching.None();
            default -> new Matching.Weight();
        };
    }

    private static Matching withSettings(Value value) {
        Section section = value.oneOf(WITH_SETTINGS);
        String name = section.keys().iterator().next();
        Value settings = section.get(name);
        return switch (name) {
            case "activation" -> activation(settings.section(ACTIVATION));
            case "straight-through" -> straightThrough(settings.section(STRAIGHT_THROUGH));
            default -> new Matching.BestOf(settings.integer(1, 10_000));
        };
    }

    private static Matching activation(Section section) {
        return new Matching.Activation(
                section.find("statistic")
                        .map(value -> value.choice(List.of(Matching.Statistic.values()), Matching.Statistic::label))
                        .orElse(Matching.Statistic.CROSS_MOMENT),
                section.find("images")
                        .map(value -> value.integer(Matching.Activation.FEWEST_IMAGES, Integer.MAX_VALUE)));
    }

    private static Matching straightThrough(Section section) {
        Matching.StraightThrough usual = Matching.StraightThrough.withDefaults(
                section.find("epochs").map(value -> value.integer(1, 1_000)).orElse(USUAL_EPOCHS));
        return new Matching.StraightThrough(
                usual.epochs(),
                section.find("batch").map(value -> value.integer(1, 65_536)).orElse(usual.batch()),
                section.find("learningRate")
                        .map(value -> value.number("(0, 100]", rate -> rate > 0 && rate <= 100))
                        .orElse(usual.learningRate()),
                section.find("momentum")
                        .map(value -> value.number("[0, 1)", momentum -> momentum >= 0 && momentum < 1))
                        .orElse(usual.momentum()));
    }
}
