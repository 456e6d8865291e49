package org.basinlab.network;

/** No engine can compute on this machine: its native libraries are missing or do not run here. */
public final class NumericsUnavailable extends IllegalStateException {

    NumericsUnavailable(String found, Throwable cause) {
        super(
                "numerics need the native libraries of ND4J and OpenBLAS for %s on %s, but they do not load: %s"
                        .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), found),
                cause);
    }
}
