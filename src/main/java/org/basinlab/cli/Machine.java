package org.basinlab.cli;

import java.util.List;
import java.util.Optional;
import org.basinlab.dataset.Listing;
import org.basinlab.network.EngineDescription;

/**
 * What {@code doctor} found on this machine; nothing is judged here.
 *
 * @param java name and version of the virtual machine
 * @param os name, version and architecture
 * @param memoryBytes that this process may use, inside a container its limit
 * @param blas what computes perceptrons
 * @param networks what computes networks of convolutions and attention
 * @param coreType the variable {@code OPENBLAS_CORETYPE}
 * @param gpu which ones there are, and whether this build computes on one
 */
record Machine(
        String java,
        String os,
        Processor cpu,
        long memoryBytes,
        Blas blas,
        Blas networks,
        Optional<String> coreType,
        List<Listing> data,
        StorePlace store,
        String gpu) {

    /**
     * The natives.
     *
     * @param engine what computes; empty where nothing can
     * @param gigaflops of a product of matrices, on one thread
     * @param failure why nothing can
     */
    record Blas(Optional<EngineDescription> engine, Optional<Double> gigaflops, Optional<String> failure) {}

    /**
     * Where the store is.
     *
     * @param own whether it is a PostgreSQL of our own in the data home
     * @param place the data home, or the URL of the database without secrets
     * @param exists whether the data home holds a store, or the database answers
     * @param obstacle why it cannot be used
     * @param freeBytes on the disk of the data home; empty for a database elsewhere
     */
    record StorePlace(boolean own, String place, boolean exists, Optional<String> obstacle, Optional<Long> freeBytes) {}
}
