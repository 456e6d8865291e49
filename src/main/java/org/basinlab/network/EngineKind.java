package org.basinlab.network;

/** What computes networks. Engines round differently: equal work gives equal bytes within one of them only. */
public enum EngineKind {

    /** Matrix products by OpenBLAS on memory outside the Java heap, Java loops for the rest: the fastest on a CPU. */
    NATIVE_BLAS("native-blas"),

    /** Operations of ND4J throughout, on whatever device its backend drives. */
    ND4J("nd4j");

    private final String label;

    EngineKind(String label) {
        this.label = label;
    }

    /** Its name on the command line and in records. */
    public String label() {
        return label;
    }

    /** @throws IllegalArgumentException naming the engines there are */
    public static EngineKind ofLabel(String label) {
        for (EngineKind kind : values()) {
            if (kind.label.equals(label)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("an engine must be native-blas or nd4j, was '%s'".formatted(label));
    }
}
