package org.basinlab.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The graphics processors of this machine, and whether this build can compute on one. */
public final class Gpus {

    private static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";
    private static final long PATIENCE_SECONDS = 20;

    private final boolean hasBackend;
    private final Optional<String> driver;

    /**
     * @param hasBackend whether the CUDA backend is on the class path
     * @param driver what the driver says of its processors, a line each; empty where there is no driver
     */
    Gpus(boolean hasBackend, Optional<String> driver) {
        this.hasBackend = hasBackend;
        this.driver = driver;
    }

    /** Asks the driver of this machine, which takes up to a second. */
    public static Gpus ofThisMachine() {
        return new Gpus(isOnClassPath(), askDriver());
    }

    /** All of them, usable or not; only the first that CUDA sees where {@code CUDA_VISIBLE_DEVICES} is set. */
    public List<Gpu> all() {
        return driver.stream()
                .flatMap(String::lines)
                .map(Gpu::parse)
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * The first one, which is the one that is computed on.
     *
     * @throws GpuUnavailable if this build has no CUDA backend, this machine no driver or no processor, or the backend no
     *     code for it
     */
    public Gpu require() {
        Optional<String> missing = missing();
        if (missing.isPresent()) {
            throw new GpuUnavailable(missing.get());
        }
        return all().get(0);
    }

    /** What computing on a GPU needs and is not here; empty if nothing. */
    public Optional<String> missing() {
        if (!hasBackend) {
            return Optional.of("a build with the CUDA backend, this one has none (docs/gpu.md says how to make one)");
        }
        if (driver.isEmpty()) {
            return Optional.of("a GPU with NVIDIA's driver, nvidia-smi found none");
        }
        List<Gpu> all = all();
        if (all.isEmpty()) {
            return Optional.of("a GPU whose compute capability the driver tells, nvidia-smi said: "
                    + driver.get().strip().replaceAll("\\s+", " "));
        }
        Gpu first = all.get(0);
        return first.isSupported()
                ? Optional.empty()
                : Optional.of(
                        "a GPU of compute capability %s, %s has %s: the CUDA 11.6 build of ND4J, the newest that there is, holds no code for it"
                                .formatted(Gpu.SUPPORTED, first.name(), first.capability()));
    }

    private static boolean isOnClassPath() {
        try {
            Class.forName(BACKEND, false, Gpus.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static Optional<String> askDriver() {
        List<String> command = new ArrayList<>(
                List.of("nvidia-smi", "--query-gpu=name,compute_cap,driver_version", "--format=csv,noheader"));
        // The driver's program lists all, whatever CUDA is to see of them.
        firstVisible(System.getenv("CUDA_VISIBLE_DEVICES")).ifPresent(first -> command.add("--id=" + first));
        try {
            Process asking =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            asking.getOutputStream().close();
            if (!asking.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                asking.destroyForcibly();
                return Optional.of("no answer within %d s".formatted(PATIENCE_SECONDS));
            }
            return Optional.of(new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty(); // no such program, so no driver
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** The first that CUDA sees by the variable of its environment; empty where that does not say. */
    static Optional<String> firstVisible(@Nullable String visibleDevices) {
        return Optional.ofNullable(visibleDevices)
                .map(devices -> devices.split(",", 2)[0].strip())
                .filter(first -> !first.isEmpty());
    }
}
