package org.basinlab.evaluation;

import java.util.List;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;

/** Expected calibration error. */
public final class Calibration {

    private Calibration() {}

    /** Of networks that answer by the mean of their logits; of one network, by its own. */
    public static double error(List<Weights> networks, Examples examples, int bins, Progress progress) {
        throw new UnsupportedOperationException();
    }
}
