package org.basinlab.recipe;

/** A network whose settings are known, but not yet the images that it sees. */
@FunctionalInterface
public interface NetworkForm {

    /**
     * The network for these images and classes.
     *
     * @throws IllegalArgumentException if it does not fit such images
     */
    Architecture of(Extent image, int classes);
}
