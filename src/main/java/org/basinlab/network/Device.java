package org.basinlab.network;

import java.util.Locale;

/** What a network is computed on. */
public enum Device {
    /** The cores of this machine. */
    CPU,
    /** One NVIDIA graphics processor, in a build with the CUDA backend. */
    GPU;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
