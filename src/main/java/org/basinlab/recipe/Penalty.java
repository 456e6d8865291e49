package org.basinlab.recipe;

/**
 * What large weights cost in training: the gradient of every weight and bias w gets l1·sign(w) + l2·w added, that of
 * l1·Σ|w| + ½·l2·Σw². PyTorch calls the second {@code weight_decay} of SGD and Adam. The losses that are reported are
 * without it.
 *
 * @param l1 in [0, 10]; sign(0) = 0
 * @param l2 in [0, 10]
 */
public record Penalty(double l1, double l2) {

    public static final double MOST = 10;

    public Penalty {
        Ranges.requireBetween("l1", l1, 0, MOST);
        Ranges.requireBetween("l2", l2, 0, MOST);
        if (l1 == 0 && l2 == 0) {
            throw new IllegalArgumentException("l1 or l2 must be above 0, or there is no penalty");
        }
    }
}
