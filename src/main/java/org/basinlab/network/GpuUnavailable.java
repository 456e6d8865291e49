package org.basinlab.network;

/** No graphics processor of this machine can be computed on by this build; the CPU can. */
public final class GpuUnavailable extends IllegalStateException {

    GpuUnavailable(String missing) {
        super("--device gpu needs " + missing + "; --device cpu computes on the CPU");
    }
}
