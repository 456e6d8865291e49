package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What is done to training images before they are normalised, afresh every epoch. */
public enum Augmentation {
    NONE,
    /** Padded by 4 black pixels, cropped at random to their size, mirrored in half of the cases: PyTorch's custom for CIFAR-10. */
    CROP_FLIP,
    /** Git Re-Basin's (arXiv 2209.04836): a random crop zoomed by 0.8–1.2, mirrored in half of the cases, turned by up to ±30°. */
    GIT_REBASIN;

    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
