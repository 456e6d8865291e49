package org.basinlab.workflow;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.basinlab.study.Specification;

/**
 * Answers on fewer images than an attack or noise was measured on, where a specification needs both: which of those images a network gets
 * right without it is then not known of all.
 *
 * @param answers the accuracy that is needed
 * @param has on how many images it is measured, at the least
 * @param changed what is needed beside it, of the same population
 * @param needed on how many images that is measured, at the most
 */
public record Shortfall(Specification.Need answers, int has, Specification.Need changed, int needed) {

    private static final List<String> CHANGED =
            List.of("fgsm-", "pgd-", "deepfool-", "gaussian-", "uniform-", "weight-noise-");

    /**
     * The first there is.
     *
     * @param images the numbers of images that a need is measured on; none where it is not measured
     */
    public static Optional<Shortfall> of(
            List<Specification.Need> needs, Function<Specification.Need, IntStream> images) {
        return needs.stream()
                .filter(need -> CHANGED.stream().anyMatch(need.metric()::startsWith))
                .flatMap(changed -> needs.stream()
                        .filter(need -> need.metric().equals("accuracy") && isBeside(need, changed))
                        .flatMap(answers -> of(answers, changed, images).stream()))
                .findFirst();
    }

    private static boolean isBeside(Specification.Need one, Specification.Need other) {
        return one.arm().equals(other.arm()) && one.split().equals(other.split());
    }

    private static Optional<Shortfall> of(
            Specification.Need answers, Specification.Need changed, Function<Specification.Need, IntStream> images) {
        int needed = images.apply(changed).max().orElse(0);
        int has = images.apply(answers).min().orElse(needed);
        return has < needed ? Optional.of(new Shortfall(answers, has, changed, needed)) : Optional.empty();
    }

    /** {@code accuracy on at least as many images as deepfool-l2-mean in arm main, which …: raise evaluate.accuracy.test}. */
    String words() {
        String split = answers.split().map(name -> "." + name).orElse("");
        return "accuracy on at least as many images as %s in arm %s, which is measured on %d, accuracy on %d: raise evaluate.accuracy%s"
                .formatted(changed.metric(), changed.arm(), needed, has, split);
    }
}
