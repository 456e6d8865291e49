package org.basinlab.dispatch;

import org.basinlab.recipe.Architecture;

/** Knows the stored networks that trainings start from. */
public interface StartNetworks {

    /**
     * The architecture of a stored network, its bytes verified.
     *
     * @throws org.basinlab.ledger.CheckpointException if its bytes cannot be had
     * @throws IllegalArgumentException if they are no network
     */
    Architecture architecture(String sha256);
}
