package org.basinlab.workflow;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.ProbeBehaviour;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.TrainingRecipe;

/** What one task does, complete but for its input networks; its canonical JSON is what the ledger keeps. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = TaskSpec.Train.class, name = "train"),
    @JsonSubTypes.Type(value = TaskSpec.Merge.class, name = "merge"),
    @JsonSubTypes.Type(value = TaskSpec.Control.class, name = "control"),
    @JsonSubTypes.Type(value = TaskSpec.Evaluate.class, name = "evaluate"),
    @JsonSubTypes.Type(value = TaskSpec.Judge.class, name = "judge"),
    @JsonSubTypes.Type(value = TaskSpec.Probe.class, name = "probe")
})
public sealed interface TaskSpec {

    /** Its name in SQL, JSON and on the command line. */
    @JsonIgnore
    Kind kind();

    /** The data that it reads; its digest is part of the task's key. */
    @JsonIgnore
    Optional<DatasetRef> data();

    /** SHA-256 of the stored network that a training starts from; it must be there for as long as the task is. */
    @JsonIgnore
    default Optional<String> start() {
        return Optional.empty();
    }

    /** One value out of each case. */
    <R> R fold(
            Function<Train, R> train,
            Function<Merge, R> merge,
            Function<Control, R> control,
            Function<Evaluate, R> evaluate,
            Function<Judge, R> judge,
            Function<Probe, R> probe);

    /** The kinds of tasks, each with the version of its numerics: raised whenever the bytes that it makes change. */
    enum Kind {
        TRAIN(1),
        MERGE(1),
        CONTROL(1),
        /** 2: norms by layer, outcomes of single images. */
        EVALUATE(2),
        /** Raised whenever a rule changes by which verdicts are reached. */
        JUDGE(1),
        PROBE(1);

        private final int numericVersion;

        Kind(int numericVersion) {
            this.numericVersion = numericVersion;
        }

        public int numericVersion() {
            return numericVersion;
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether a network comes out of it. */
        public boolean makesNetwork() {
            return this == TRAIN || this == MERGE || this == CONTROL;
        }
    }

    /** Trains one network; no inputs. */
    record Train(DatasetRef dataset, Architecture architecture, TrainingRecipe training, long seed)
            implements TaskSpec {
        @Override
        public Kind kind() {
            return Kind.TRAIN;
        }

        @Override
        public Optional<String> start() {
            return training.startNetwork();
        }

        @Override
        public Optional<DatasetRef> data() {
            return Optional.of(dataset);
        }

        @Override
        public <R> R fold(
                Function<Train, R> train,
                Function<Merge, R> merge,
                Function<Control, R> control,
                Function<Evaluate, R> evaluate,
                Function<Judge, R> judge,
                Function<Probe, R> probe) {
            return train.apply(this);
        }
    }

    /**
     * Makes one network of its inputs, taken in their order.
     *
     * @param images that it looks at: for matchings, repairs and selections that do, for the statistics of BatchNorms, and the first
     *     10,000 of them to know the better of a pair; absent where it looks at none
     */
    record Merge(
            MergeStep step,
            long seed,
            @JsonInclude(NON_ABSENT) Optional<Images> images) implements TaskSpec {
        public Merge {
            boolean needed = step.readsImages() || movesBetter(step);
            if (needed && images.isEmpty()) {
                throw new IllegalArgumentException("a merge needs images where the better of a pair is permuted, where"
                        + " units are matched or repaired by their activations, and where networks are selected");
            }
        }

        /** Whether images say which of a pair is permuted. */
        static boolean movesBetter(MergeStep step) {
            return step instanceof MergeStep.Pair pair && pair.permute().equals(Optional.of(Permuted.BETTER));
        }

        /** One that looks at no images. */
        public Merge(MergeStep step, long seed) {
            this(step, seed, Optional.empty());
        }

        @Override
        public Kind kind() {
            return Kind.MERGE;
        }

        @Override
        public Optional<DatasetRef> data() {
            return images.map(Images::dataset);
        }

        @Override
        public <R> R fold(
                Function<Train, R> train,
                Function<Merge, R> merge,
                Function<Control, R> control,
                Function<Evaluate, R> evaluate,
                Function<Judge, R> judge,
                Function<Probe, R> probe) {
            return merge.apply(this);
        }
    }

    /**
     * Makes the network that its first input, a merge, is set against.
     *
     * @param seed of what is random in it
     * @param images whose accuracy is made equal; a training inside it reads the training images of the same data
     */
    record Control(
            ControlStep step,
            long seed,
            @JsonInclude(NON_ABSENT) Optional<Images> images) implements TaskSpec {
        public Control {
            requireImages(step.label(), step.readsImages(), images);
        }

        @Override
        public Kind kind() {
            return Kind.CONTROL;
        }

        @Override
        public Optional<DatasetRef> data() {
            return images.map(Images::dataset);
        }

        @Override
        public <R> R fold(
                Function<Train, R> train,
                Function<Merge, R> merge,
                Function<Control, R> control,
                Function<Evaluate, R> evaluate,
                Function<Judge, R> judge,
                Function<Probe, R> probe) {
            return control.apply(this);
        }
    }

    /**
     * Measures one network: its first input; none where the metric is of no network, and there are no inputs. Further inputs are what that was made of, where the metric looks at them.
     *
     * @param seed of what is random in the metric, or of an alignment; absent where nothing is
     * @param combination when present, the inputs are measured together as one classifier, and no network has the metrics
     * @param training images by which the networks that the metric makes are finished as merges are: where they are repaired, or have
     *     BatchNorms
     */
    record Evaluate(
            MetricRequest metric,
            Optional<Images> images,
            @JsonInclude(NON_ABSENT) Optional<Long> seed,
            @JsonInclude(NON_ABSENT) Optional<Combination> combination,
            @JsonInclude(NON_ABSENT) Optional<Images> training)
            implements TaskSpec {
        public Evaluate {
            requireImages(metric.label(), metric.readsImages(), images);
            boolean random = metric.isRandom()
                    || combination.filter(Combination::isAligned).isPresent();
            if (random != seed.isPresent()) {
                throw new IllegalArgumentException(
                        "%s %s seed".formatted(metric.label(), random ? "needs a" : "takes no"));
            }
        }

        /** By a metric that makes no networks, or makes them without images. */
        public Evaluate(
                MetricRequest metric, Optional<Images> images, Optional<Long> seed, Optional<Combination> combination) {
            this(metric, images, seed, combination, Optional.empty());
        }

        /** One network, by a metric in which nothing is random. */
        public Evaluate(MetricRequest metric, Optional<Images> images) {
            this(metric, images, Optional.empty(), Optional.empty());
        }

        @Override
        public Kind kind() {
            return Kind.EVALUATE;
        }

        @Override
        public Optional<DatasetRef> data() {
            return images.map(Images::dataset);
        }

        @Override
        public <R> R fold(
                Function<Train, R> train,
                Function<Merge, R> merge,
                Function<Control, R> control,
                Function<Evaluate, R> evaluate,
                Function<Judge, R> judge,
                Function<Probe, R> probe) {
            return evaluate.apply(this);
        }
    }

    /**
     * Decides the claims of one paper, together because their p are adjusted together, when everything else in the study has
     * ended. It has no inputs and its result is never taken from another task.
     *
     * @param claims their ids, in the order of the specification
     */
    record Judge(String paper, List<String> claims) implements TaskSpec {
        public Judge {
            claims = List.copyOf(claims);
        }

        @Override
        public Kind kind() {
            return Kind.JUDGE;
        }

        @Override
        public Optional<DatasetRef> data() {
            return Optional.empty();
        }

        @Override
        public <R> R fold(
                Function<Train, R> train,
                Function<Merge, R> merge,
                Function<Control, R> control,
                Function<Evaluate, R> evaluate,
                Function<Judge, R> judge,
                Function<Probe, R> probe) {
            return judge.apply(this);
        }
    }

    /**
     * Computes nothing, and says nothing but that it is done; for trying queues, workers and limits.
     *
     * @param label what tells it from others: two of one label and settings are equal work
     * @param seconds that it waits before it behaves so
     */
    record Probe(String label, double seconds, ProbeBehaviour behaviour) implements TaskSpec {
        public Probe {
            if (!(seconds >= 0) || seconds > org.basinlab.study.Probe.MOST_SECONDS) {
                throw new IllegalArgumentException("a probe must take 0 to %d seconds, was %s"
                        .formatted(org.basinlab.study.Probe.MOST_SECONDS, seconds));
            }
        }

        @Override
        public Kind kind() {
            return Kind.PROBE;
        }

        @Override
        public Optional<DatasetRef> data() {
            return Optional.empty();
        }

        @Override
        public <R> R fold(
                Function<Train, R> train,
                Function<Merge, R> merge,
                Function<Control, R> control,
                Function<Evaluate, R> evaluate,
                Function<Judge, R> judge,
                Function<Probe, R> probe) {
            return probe.apply(this);
        }
    }

    /**
     * Images of one split of a data set.
     *
     * @param limit how many of them, in file order; all where absent
     */
    record Images(
            DatasetRef dataset,
            Split split,
            @JsonInclude(NON_ABSENT) Optional<Integer> limit) {
        public Images {
            int all = dataset.name().images(split);
            limit.filter(most -> most < 1 || most > all).ifPresent(most -> {
                throw new IllegalArgumentException(
                        "a number of %s images must lie in [1, %d], was %d".formatted(split.label(), all, most));
            });
            // One text for all of them.
            limit = limit.filter(most -> most < all);
        }

        /** All of them. */
        public Images(DatasetRef dataset, Split split) {
            this(dataset, split, Optional.empty());
        }

        /** How many there are, in a data set as its name promises. */
        public int count() {
            return limit.orElse(dataset.name().images(split));
        }
    }

    /** How several networks answer as one. */
    enum Combination {
        /** By the mean of their logits. */
        LOGIT_MEAN,
        /** By the mean of their probabilities. */
        PROBABILITY_MEAN,
        /** By the first network's last layer of the mean of what their last layers take. */
        FEATURE_MEAN,
        /** By the mean of their last layers of that. */
        FEATURE_MEAN_HEAD,
        /** The same after each was aligned with the first by weight matching. */
        ALIGNED_FEATURE_MEAN,
        ALIGNED_FEATURE_MEAN_HEAD;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether the networks are aligned with the first before. */
        @JsonIgnore
        public boolean isAligned() {
            return this == ALIGNED_FEATURE_MEAN || this == ALIGNED_FEATURE_MEAN_HEAD;
        }
    }

    private static void requireImages(String what, boolean needed, Optional<Images> images) {
        if (needed != images.isPresent()) {
            throw new IllegalArgumentException("%s %s images".formatted(what, needed ? "needs" : "takes no"));
        }
    }
}
