package org.basinlab.network;

import java.util.Optional;

/** The engine of this process, started at its first use and set to one thread a product: slots are the parallelism. */
public final class Numerics {

    private Numerics() {}

    /**
     * Starts the engine where it does not run yet (1–9 s, the longer when it unpacks its native libraries) and says what
     * it is.
     *
     * @throws NumericsUnavailable if this machine has no usable native libraries
     */
    public static EngineDescription prepare() {
        return engine().description();
    }

    /**
     * Measures the product of matrices on one thread, for about a second: SGEMM 512 × 512 × 3072, the best of several runs.
     *
     * @return 10⁹ floating-point operations a second
     * @throws NumericsUnavailable if this machine has no usable native libraries
     */
    public static double gemmSpeed() {
        return GemmSpeed.measure(engine());
    }

    static Engine engine() {
        return Start.ONLY.engine.orElseThrow(
                () -> new NumericsUnavailable(rootMessage(Start.ONLY.failure.orElseThrow()), Start.ONLY.failure.get()));
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
                started = Optional.of(Nd4jEngine.start());
            } catch (LinkageError | RuntimeException e) {
                failed = Optional.of(e);
            }
            engine = started;
            failure = failed;
        }
    }
}
