package org.basinlab.workflow;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;
import java.util.function.Function;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.TrainingRecipe;

/** What one task does, complete but for its input networks; its canonical JSON is what the ledger keeps. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = TaskSpec.Train.class, name = "train"),
    @JsonSubTypes.Type(value = TaskSpec.Merge.class, name = "merge"),
    @JsonSubTypes.Type(value = TaskSpec.Evaluate.class, name = "evaluate")
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
    <R> R fold(Function<Train, R> train, Function<Merge, R> merge, Function<Evaluate, R> evaluate);

    /** The kinds of tasks, each with the version of its numerics: raised whenever the bytes that it makes change. */
    enum Kind {
        TRAIN(1),
        MERGE(1),
        EVALUATE(1);

        private final int numericVersion;

        Kind(int numericVersion) {
            this.numericVersion = numericVersion;
        }

        public int numericVersion() {
            return numericVersion;
        }

        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
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
            return training.start();
        }

        @Override
        public Optional<DatasetRef> data() {
            return Optional.of(dataset);
        }

        @Override
        public <R> R fold(Function<Train, R> train, Function<Merge, R> merge, Function<Evaluate, R> evaluate) {
            return train.apply(this);
        }
    }

    /** Makes one network of its inputs, taken in their order. */
    record Merge(MergeStep step, long seed) implements TaskSpec {
        @Override
        public Kind kind() {
            return Kind.MERGE;
        }

        @Override
        public Optional<DatasetRef> data() {
            return Optional.empty();
        }

        @Override
        public <R> R fold(Function<Train, R> train, Function<Merge, R> merge, Function<Evaluate, R> evaluate) {
            return merge.apply(this);
        }
    }

    /** Measures one network, its only input. */
    record Evaluate(MetricRequest metric, Optional<Images> images) implements TaskSpec {
        public Evaluate {
            if (metric.readsImages() != images.isPresent()) {
                throw new IllegalArgumentException(
                        "%s %s images".formatted(metric.label(), metric.readsImages() ? "needs" : "takes no"));
            }
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
        public <R> R fold(Function<Train, R> train, Function<Merge, R> merge, Function<Evaluate, R> evaluate) {
            return evaluate.apply(this);
        }
    }

    /** The images of one split of a data set. */
    record Images(DatasetRef dataset, Split split) {}
}
