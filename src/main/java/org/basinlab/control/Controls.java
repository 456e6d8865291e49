package org.basinlab.control;

import java.util.List;
import java.util.Optional;
import org.basinlab.network.Weights;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.Progress;

/** Makes the network that a merge is set against. */
public final class Controls {

    private Controls() {}

    /** @param inputs as the step names them, the target first */
    public static ControlNetwork make(
            ControlStep step, List<Weights> inputs, long seed, Optional<ControlData> data, Progress progress) {
        throw new UnsupportedOperationException();
    }
}
