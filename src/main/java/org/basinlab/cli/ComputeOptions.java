package org.basinlab.cli;

import java.util.Arrays;
import org.basinlab.network.Device;
import org.basinlab.network.EngineKind;
import org.basinlab.network.Gpus;
import org.basinlab.network.Numerics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that compute. */
final class ComputeOptions {

    @Option(
            names = "--device",
            paramLabel = "cpu|gpu",
            defaultValue = "cpu",
            description = "What to compute on (default: ${DEFAULT-VALUE}). gpu needs a build with CUDA (docs/gpu.md).")
    private String device;

    @Option(
            names = "--engine",
            paramLabel = "native-blas|nd4j",
            description = "What computes: native-blas is the fastest on a CPU, nd4j is the one that a GPU has.")
    private @Nullable String engine;

    Device device() {
        return Arrays.stream(Device.values())
                .filter(known -> known.label().equals(device))
                .findFirst()
                .orElseThrow(() -> new UsageException("--device must be cpu or gpu, was " + device));
    }

    EngineKind engine() {
        if (engine == null) {
            return device() == Device.GPU ? EngineKind.ND4J : EngineKind.NATIVE_BLAS;
        }
        EngineKind kind;
        try {
            kind = EngineKind.ofLabel(engine);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--engine: " + e.getMessage());
        }
        if (kind == EngineKind.NATIVE_BLAS && device() == Device.GPU) {
            throw new UsageException("--engine native-blas computes on a CPU only, was given with --device gpu");
        }
        return kind;
    }

    /** On a CPU a task takes one core; a GPU is one device, which two tasks would only share. */
    int usualSlots() {
        return device() == Device.GPU ? 1 : Runtime.getRuntime().availableProcessors();
    }

    /**
     * Settles what this process computes with, before it opens anything.
     *
     * @throws org.basinlab.network.GpuUnavailable if a GPU is asked for and none can be used
     */
    void settle() {
        EngineKind kind = engine();
        if (device() == Device.GPU) {
            Gpus.ofThisMachine().require();
        }
        Numerics.use(kind, device());
    }
}
