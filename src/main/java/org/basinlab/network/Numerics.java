package org.basinlab.network;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The engine of this process, chosen once, started at its first use and set to one thread a product: slots are the
 * parallelism.
 */
public final class Numerics {

    /** What is used where nobody chooses. */
    public static final EngineKind DEFAULT = EngineKind.NATIVE_BLAS;

    private static final AtomicReference<Choice> CHOICE = new AtomicReference<>();

    private Numerics() {}

    private record Choice(EngineKind engine, Device device) {
        @Override
        public String toString() {
            return engine.label() + " on the " + device.label();
        }
    }

    /** Chooses the engine of this process, on the CPU. */
    public static void use(EngineKind kind) {
        use(kind, Device.CPU);
    }

    /**
     * Chooses what this process computes with; to be called before anything is computed.
     *
     * @throws IllegalArgumentException if the engine does not compute on that device
     * @throws IllegalStateException if another choice was made before or is in use
     */
    public static void use(EngineKind kind, Device device) {
        if (kind == EngineKind.NATIVE_BLAS && device == Device.GPU) {
            throw new IllegalArgumentException("engine %s computes on the CPU only".formatted(kind.label()));
        }
        Choice choice = new Choice(kind, device);
        if (!CHOICE.compareAndSet(null, choice) && !choice.equals(CHOICE.get())) {
            throw new IllegalStateException(
                    "this process computes with %s, it cannot change to %s".formatted(CHOICE.get(), choice));
        }
    }

    /**
     * Starts the engine where it does not run yet and says what it is. Native BLAS starts in a fraction of a second, ND4J in
     * one to three; either takes longer when it unpacks its native libraries for the first time.
     *
     * @throws NumericsUnavailable if this machine has no usable native libraries
     */
    public static EngineDescription prepare() {
        return engine().description();
    }

    /**
     * Loads what computes networks that are no perceptrons on the CPU, and says what it is.
     *
     * @throws NumericsUnavailable if its library does not load, by name
     */
    public static EngineDescription prepareNetworks() {
        return OneDnn.library().description();
    }

    /**
     * Measures the product of matrices on one thread, for about a second: SGEMM 512 × 512 × 3072, the best of several runs.
     *
     * @return 10⁹ floating-point operations a second
     * @throws NumericsUnavailable if this machine has no usable native libraries
     */
    public static double gemmSpeed() {
        prepare();
        return GemmSpeed.measure();
    }

    static Engine engine() {
        return Start.ONLY.engine.orElseThrow(() -> {
            Throwable failure = Start.ONLY.failure.orElseThrow();
            return new NumericsUnavailable(settled().engine(), rootMessage(failure), failure);
        });
    }

    /** The choice of this process; where there was none it is the usual one from here on. */
    private static Choice settled() {
        Choice usual = new Choice(DEFAULT, Device.CPU);
        Choice chosen = CHOICE.compareAndExchange(null, usual);
        return chosen == null ? usual : chosen;
    }

    static Engine start(EngineKind kind, Device device) {
        return switch (kind) {
            case NATIVE_BLAS -> BlasEngine.start();
            case ND4J -> Nd4jEngine.start(device);
        };
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    /**
     * The one start of this process. A failure is kept, since the Java platform names the cause of a class that does not
     * load at the first attempt only.
     */
    private static final class Start {

        static final Start ONLY = new Start();

        final Optional<Engine> engine;
        final Optional<Throwable> failure;

        private Start() {
            Optional<Engine> started = Optional.empty();
            Optional<Throwable> failed = Optional.empty();
            try {
                Choice choice = settled();
                started = Optional.of(start(choice.engine(), choice.device()));
            } catch (LinkageError | RuntimeException e) {
                failed = Optional.of(e);
            }
            engine = started;
            failure = failed;
        }
    }
}
