package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the learning rate changes over the epochs, apart from a {@link WarmUp}. */
public sealed interface Schedule {

    /** The same rate throughout. */
    Schedule CONSTANT = new Constant();

    /** Cosine annealing stepped once an epoch, PyTorch's customary use. */
    Schedule COSINE = new Cosine(Tick.EPOCH);

    /**
     * The factor on the rate, in [0, 1].
     *
     * @param epoch from 0
     * @param within how much of that epoch is done, in [0, 1)
     * @param epochs of the whole training
     * @param warmUp epochs at its start that are the warm-up's; {@code epoch} is none of them
     */
    double factor(int epoch, double within, int epochs, int warmUp);

    /** Its name in a specification and in JSON, where it needs no settings. */
    @JsonValue
    Object json();

    /** The same rate throughout. */
    record Constant() implements Schedule {
        @Override
        public double factor(int epoch, double within, int epochs, int warmUp) {
            return 1;
        }

        @Override
        public Object json() {
            return "constant";
        }
    }

    /** How often a schedule looks at the time. */
    enum Tick {
        EPOCH,
        STEP;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * ½(1 + cos(π·t)), where t is the share of the training after the warm-up that is done, taken at the start of each
     * tick (Loshchilov and Hutter, arXiv 1608.03983, without restarts).
     */
    record Cosine(Tick every) implements Schedule {
        @Override
        public double factor(int epoch, double within, int epochs, int warmUp) {
            double done = epoch - warmUp + (every == Tick.STEP ? within : 0);
            return 0.5 * (1 + Math.cos(Math.PI * done / (epochs - warmUp)));
        }

        @Override
        public Object json() {
            return every == Tick.EPOCH ? "cosine" : Map.of("cosine", Map.of("every", every.label()));
        }
    }

    /**
     * Multiplied by {@code factor} at the start of each named epoch (PyTorch's {@code MultiStepLR}).
     *
     * @param epochs counted from 0 at the start of the training, a warm-up with it; each larger than the one before; at
     *     most {@value #MOST}
     * @param factor in (0, 1]
     */
    record MultiStep(List<Integer> epochs, double factor) implements Schedule {

        public static final int MOST = 100;

        public MultiStep {
            epochs = List.copyOf(epochs);
            Ranges.requireBetween("the number of epochs of a multi-step schedule", epochs.size(), 1, MOST);
            Ranges.requirePositive("factor", factor, 1);
            int least = 1;
            for (int epoch : epochs) {
                Ranges.requireBetween("an epoch of a multi-step schedule", epoch, least, TrainingRecipe.MOST_EPOCHS);
                least = epoch + 1;
            }
        }

        @Override
        public double factor(int epoch, double within, int all, int warmUp) {
            double product = 1;
            for (int step : epochs) {
                if (epoch >= step) {
                    product *= factor;
                }
            }
            return product;
        }

        @Override
        public Object json() {
            return Map.of("multi-step", Map.of("epochs", epochs, "factor", factor));
        }
    }

    @JsonCreator
    static Schedule parse(Object json) {
        if (json.equals("constant")) {
            return CONSTANT;
        }
        if (json.equals("cosine")) {
            return COSINE;
        }
        if (json instanceof Map<?, ?> choice && choice.size() == 1) {
            if (choice.get("cosine") instanceof Map<?, ?> cosine && "step".equals(cosine.get("every"))) {
                return new Cosine(Tick.STEP);
            }
            if (choice.get("multi-step") instanceof Map<?, ?> steps
                    && steps.get("epochs") instanceof List<?> epochs
                    && steps.get("factor") instanceof Number factor) {
                return new MultiStep(epochs.stream().map(Schedule::wholeNumber).toList(), factor.doubleValue());
            }
        }
        throw new IllegalArgumentException("a schedule must be constant, cosine or multi-step, was " + json);
    }

    private static int wholeNumber(Object json) {
        if (json instanceof Integer number) {
            return number;
        }
        throw new IllegalArgumentException("an epoch of a multi-step schedule must be a whole number, was " + json);
    }
}
