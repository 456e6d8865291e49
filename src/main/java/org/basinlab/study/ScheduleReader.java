package org.basinlab.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.recipe.WarmUp;

/** Reads {@code schedule} and {@code warmUp}: the size of the steps in the course of a training. */
final class ScheduleReader {

    private static final Keys SCHEDULES = Keys.of("a schedule", "cosine", "multi-step");
    private static final Keys COSINE = Keys.of("cosine", "every");
    private static final Keys MULTI_STEP = Keys.of("multi-step", "epochs", "factor");
    private static final Keys WARM_UP = Keys.of("warmUp", "epochs", "from");

    private ScheduleReader() {}

    /** @param epochs of the whole training */
    static Schedule schedule(Value value, int epochs) {
        if (value.isText("constant")) {
            return Schedule.CONSTANT;
        }
        if (value.isText("cosine")) {
            return Schedule.COSINE;
        }
        if (!value.isMapping()) {
            throw value.refuse("must be constant, cosine or a mapping with cosine or multi-step, was "
                    + value.yaml().described());
        }
        Section choice = value.oneOf(SCHEDULES);
        return choice.find("cosine")
                .map(cosine -> cosine(cosine.section(COSINE)))
                .orElseGet(() -> multiStep(choice.get("multi-step").section(MULTI_STEP), epochs));
    }

    /** @param epochs of the whole training */
    static Optional<WarmUp> warmUp(Section training, int epochs) {
        return training.findUnlessFalse("warmUp").map(value -> {
            Section warmUp = value.section(WARM_UP);
            return new WarmUp(
                    below(warmUp.get("epochs"), epochs),
                    warmUp.find("from")
                            .map(from -> from.number("[0, 1)", share -> share >= 0 && share < 1))
                            .orElse(0.0));
        });
    }

    private static Schedule cosine(Section cosine) {
        return new Schedule.Cosine(cosine.find("every")
                .map(every -> every.choice(List.of(Schedule.Tick.values()), Schedule.Tick::label))
                .orElse(Schedule.Tick.EPOCH));
    }

    private static Schedule multiStep(Section multiStep, int epochs) {
        Value list = multiStep.get("epochs");
        List<Value> items = list.items("a list of epochs");
        if (items.isEmpty() || items.size() > Schedule.MultiStep.MOST) {
            throw list.refuse("must have 1 to %d epochs, had %d".formatted(Schedule.MultiStep.MOST, items.size()));
        }
        List<Integer> steps = new ArrayList<>();
        int least = 1;
        for (Value item : items) {
            int step = below(item, epochs);
            if (step < least) {
                throw item.refuse("must be later than the epoch before it, %d, was %d".formatted(least - 1, step));
            }
            steps.add(step);
            least = step + 1;
        }
        return new Schedule.MultiStep(
                steps, multiStep.get("factor").number("(0, 1]", factor -> factor > 0 && factor <= 1));
    }

    /** An epoch that does not reach the training's end. */
    private static int below(Value value, int epochs) {
        int epoch = value.integer(1, TrainingRecipe.MOST_EPOCHS);
        if (epoch >= epochs) {
            throw value.refuse("must be below the training's %d epochs, was %d".formatted(epochs, epoch));
        }
        return epoch;
    }
}
