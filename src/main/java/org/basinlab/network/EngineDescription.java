package org.basinlab.network;

/**
 * What computes on this machine, for the ledger: runs are equal to the bit where these are equal.
 *
 * @param kind which of our engines
 * @param engine its name, with the library and version that it is built on: {@code native-blas}, {@code nd4j 1.0.0-M2.1}
 * @param blas library and version of the matrix products, {@code OpenBLAS 0.3.31}
 * @param kernel the instruction set that the BLAS chose for this CPU, {@code SKYLAKEX}; {@code unknown} if it does not say
 * @param threads threads of one matrix product
 * @param cpu the processor's own name for itself
 * @param device where networks are held and computed: {@value #CPU}, or a GPU's own name for itself
 */
public record EngineDescription(
        EngineKind kind, String engine, String blas, String kernel, int threads, String cpu, String device) {

    public static final String CPU = "cpu";
}
