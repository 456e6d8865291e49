package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The part of the training images that a network sees, drawn without replacement.
 *
 * @param fraction of the images, of the classes not favoured if some are; in [0, 1]
 * @param favoured classes of which another share is taken
 * @param seed of the draw; where absent each network draws its own from the seed of its training
 * @param part the images drawn, or all others: two networks with one seed and different parts see disjoint halves; of a
 *     population also both in turn
 */
public record Subset(
        double fraction,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Favoured> favoured,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Long> seed,
        Part part) {

    public Subset {
        Ranges.requireBetween("fraction", fraction, 0, 1);
        if (part == Part.ALTERNATING && seed.isEmpty()) {
            throw new IllegalArgumentException(
                    "a subset whose part alternates must have a seed: one draw for all networks");
        }
    }

    /** How many training images of a data set this part has, all classes of which are equally frequent. */
    public int images(KnownDataset dataset) {
        int all = dataset.images(Split.TRAIN);
        int ofFavoured = favoured.map(
                        some -> all / dataset.classes() * some.classes().size())
                .orElse(0);
        int drawn = drawn(fraction, all - ofFavoured)
                + favoured.map(some -> drawn(some.fraction(), ofFavoured)).orElse(0);
        return switch (part) {
            case DRAWN -> drawn;
            case REST -> all - drawn;
            case ALTERNATING -> Math.min(drawn, all - drawn);
        };
    }

    /** That of the network at a place of its population, from 0: one whose part does not alternate. */
    public Subset at(int place) {
        return part == Part.ALTERNATING
                ? new Subset(fraction, favoured, seed, place % 2 == 0 ? Part.DRAWN : Part.REST)
                : this;
    }

    /** How many of {@code images} a fraction of them is: the nearest whole number, the larger of two. */
    public static int drawn(double fraction, int images) {
        return (int) Math.round(fraction * images);
    }

    /**
     * Classes that are more, or less, frequent in the part than in the whole.
     *
     * @param classes at least one, from 0, each once
     * @param fraction of their images, in [0, 1]
     */
    public record Favoured(List<Integer> classes, double fraction) {
        public Favoured {
            classes = List.copyOf(classes);
            Ranges.requireBetween("fraction of favoured classes", fraction, 0, 1);
            if (classes.isEmpty() || classes.stream().distinct().count() != classes.size()) {
                throw new IllegalArgumentException(
                        "favoured classes must be at least one and each once, were " + classes);
            }
            classes.forEach(label -> Ranges.requireBetween("a favoured class", label, 0, Integer.MAX_VALUE));
        }
    }

    /** Which of the two parts that a draw makes. */
    public enum Part {
        DRAWN,
        REST,
        /** Of a population: the first network of every pair has the one drawn, the second the rest. */
        ALTERNATING;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
