package org.basinlab.network;

/** PLACEHOLDER until merged. */
public enum EngineKind {
    NATIVE_BLAS("native-blas"),
    ND4J("nd4j");

    private final String label;

    EngineKind(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
