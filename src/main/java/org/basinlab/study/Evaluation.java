package org.basinlab.study;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Split;

/** One thing that is asked of a population's networks, and of which of them. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Evaluation.OfNetworks.class, name = "networks"),
    @JsonSubTypes.Type(value = Evaluation.OfPairs.class, name = "pairs"),
    @JsonSubTypes.Type(value = Evaluation.OfRounds.class, name = "rounds"),
    @JsonSubTypes.Type(value = Evaluation.OfGroups.class, name = "groups"),
    @JsonSubTypes.Type(value = Evaluation.Exact.class, name = "exact")
})
public sealed interface Evaluation {

    /** A metric of single networks on the images of one split, where it looks at any. */
    record OfNetworks(
            MetricRequest metric, @JsonInclude(NON_ABSENT) Optional<Images> images, Population of)
            implements Evaluation {
        public OfNetworks {
            if (metric.readsImages() != images.isPresent()) {
                throw new IllegalArgumentException(
                        "%s %s images".formatted(metric.label(), metric.readsImages() ? "needs" : "takes no"));
            }
        }

        /** One that looks at no images. */
        public OfNetworks(MetricRequest metric, Population of) {
            this(metric, Optional.empty(), of);
        }
    }

    /** The line between the two networks of a merge, for the merges of the arm's first tree. */
    record OfPairs(MetricRequest.Barrier metric, Images images, Nodes nodes) implements Evaluation {}

    /** The loss of the mean before and after each round, for the groups of the arm's first MergeMany. */
    record OfRounds(Images images) implements Evaluation {}

    /**
     * Trained networks alone, the plain means of several with the networks that they are means of, and ensembles of logits or
     * features.
     */
    record OfGroups(MetricRequest.Scaling metric, Images images) implements Evaluation {}

    /** What is known without any network of the study; once for an arm. */
    record Exact(MetricRequest.CounterExample metric) implements Evaluation {}

    /**
     * Images of a split.
     *
     * @param limit how many of them, from the first; all where absent
     * @param normalise how they become inputs where that is not as in training
     */
    record Images(
            Split split,
            @JsonInclude(NON_ABSENT) Optional<Integer> limit,
            @JsonInclude(NON_ABSENT) Optional<Normalisation> normalise) {

        /** As in training. */
        public Images(Split split, Optional<Integer> limit) {
            this(split, limit, Optional.empty());
        }
    }

    /** Which networks of a population are measured. */
    enum Population {
        /** All but those of an L2 path, which only accuracy and weight norm are taken of. */
        ALL,
        /** Trained networks, controls, and of each scheme the merges of the first setting. */
        PRIMARY;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Which merges of a tree are looked into. */
    enum Nodes {
        /** Those of two trained networks. */
        PAIRS,
        ALL;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
