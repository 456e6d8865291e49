package org.basinlab.ledger;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.basinlab.recipe.Digests;
import org.basinlab.workflow.ImageOutcome;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.SanityCheck;
import org.basinlab.workflow.TaskOutcome;
import org.jspecify.annotations.Nullable;

/**
 * The digest of all that a task measured, exact to the last bit and independent of the order: numbers, outcomes of images and
 * checks, but for the time that it took.
 */
final class ResultDigest {

    /** What no two runs share. */
    private static final String TIME = "seconds";

    private final List<String> lines = new ArrayList<>();

    /** @param withImages which places have their outcomes of images taken along */
    static String of(TaskOutcome.Succeeded result, Predicate<String> withImages) {
        ResultDigest digest = new ResultDigest();
        for (Measurement one : result.measurements()) {
            digest.metric(
                    place(
                            one.metric(),
                            one.variant(),
                            one.space().orElse(null),
                            one.at().orElse(null),
                            one.split().map(split -> split.label()).orElse(null)),
                    one.images().isPresent() ? one.images().getAsInt() : 0,
                    one.value(),
                    one.status());
        }
        for (ImageOutcome one : result.images()) {
            String place = place(
                    one.metric(),
                    one.variant(),
                    one.space().orElse(null),
                    one.at().orElse(null),
                    one.split().label());
            if (!withImages.test(place)) {
                continue;
            }
            one.correct().ifPresent(correct -> digest.bits(place, bits(correct, one.images())));
            one.distances().ifPresent(distances -> digest.distances(place, distances));
        }
        for (SanityCheck one : result.checks()) {
            digest.check(one.metric(), one.space(), one.check(), one.measured(), one.limit(), one.passed());
        }
        return digest.hex();
    }

    /** Where a number stands among those of its task; equal points have equal texts, however many zeros they end in. */
    static String place(
            String metric, String variant, @Nullable String space, @Nullable BigDecimal at, @Nullable String split) {
        String point = at == null ? "" : at.stripTrailingZeros().toPlainString();
        return String.join("|", metric, variant, space == null ? "" : space, point, split == null ? "" : split);
    }

    /** {@code 0110…}, the first image leftmost. */
    static String bits(BitSet correct, int images) {
        char[] bits = new char[images];
        Arrays.fill(bits, '0');
        correct.stream().forEach(image -> bits[image] = '1');
        return new String(bits);
    }

    void metric(String place, int images, double value, String status) {
        if (!place.startsWith(TIME + "|")) {
            lines.add("number|%s|%d|%x|%s".formatted(place, images, Double.doubleToLongBits(value), status));
        }
    }

    void bits(String place, String bits) {
        lines.add("bits|%s|%s".formatted(place, bits));
    }

    void distances(String place, float[] distances) {
        StringBuilder line = new StringBuilder("distances|").append(place);
        for (float distance : distances) {
            line.append('|').append(Integer.toHexString(Float.floatToIntBits(distance)));
        }
        lines.add(line.toString());
    }

    void check(String metric, Optional<String> space, String check, double measured, double bound, boolean passed) {
        lines.add("check|%s|%s|%s|%x|%x|%s"
                .formatted(
                        metric,
                        space.orElse(""),
                        check,
                        Double.doubleToLongBits(measured),
                        Double.doubleToLongBits(bound),
                        passed));
    }

    String hex() {
        lines.sort(null);
        return Digests.of(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }
}
