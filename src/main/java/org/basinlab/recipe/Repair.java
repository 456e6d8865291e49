package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * How the hidden units of a mean of networks get back the activations that its networks had: averaging makes them vary less,
 * the more so from layer to layer.
 *
 * @see <a href="https://arxiv.org/abs/2211.08403">Jordan et al. 2023, REPAIR</a>
 * @see <a href="https://arxiv.org/abs/2402.05966">Qu and Horváth 2024, Rethink Model Re-Basin (RESCALE)</a>
 */
public enum Repair {
    /** Every unit gets the mean of the networks' means and the mean of their standard deviations. */
    REPAIR,
    /** Every unit is multiplied so that it gets the mean of the networks' standard deviations; its mean follows. */
    RESCALE;

    /** Its name in specifications. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
