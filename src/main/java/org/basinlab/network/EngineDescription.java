package org.basinlab.network;

/**
 * What computes on this machine, for the ledger: runs are equal to the bit where these are equal.
 *
 * @param engine library and version, {@code ND4J 1.0.0-M2.1}
 * @param blas library and version of the matrix products, {@code OpenBLAS 0.3.31}
 * @param kernel the instruction set that the BLAS chose for this CPU, {@code SKYLAKEX}; {@code unknown} if it does not say
 * @param threads threads of one matrix product
 * @param cpu the processor's own name for itself
 */
public record EngineDescription(String engine, String blas, String kernel, int threads, String cpu) {}
