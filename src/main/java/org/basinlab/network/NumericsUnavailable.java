package org.basinlab.network;

/** No engine can compute on this machine: its native libraries are missing or do not run here. */
public final class NumericsUnavailable extends IllegalStateException {

    NumericsUnavailable(EngineKind engine, String found, Throwable cause) {
        super(
                "engine %s needs its native libraries for %s on %s, but they do not load: %s"
                        .formatted(engine.label(), System.getProperty("os.name"), System.getProperty("os.arch"), found),
                cause);
    }

    /** A library that not all networks need. */
    NumericsUnavailable(String library, Throwable cause) {
        super(
                "networks that are no perceptrons need %s for %s on %s, but it does not load: %s"
                        .formatted(library, System.getProperty("os.name"), System.getProperty("os.arch"), cause),
                cause);
    }
}
