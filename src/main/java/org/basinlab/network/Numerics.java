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

    private static final AtomicReference<Optional<EngineKind>> CHOICE = new AtomicReference<>(Optional.empty());

    private Numerics() {}

    /**
     * Chooses the engine of this process; to be called before anything is computed.
     *
     * @throws IllegalStateException if another one was chosen before or is in use
     */
    public static void use(EngineKind kind) {
        EngineKind chosen = choice(kind);
        if (chosen != kind) {
            throw new IllegalStateException(
                    "this process computes with %s, it cannot change to %s".formatted(chosen.label(), kind.label()));
        }
    }

    /** What was chosen, from here on {@code other} if nothing was. */
    private static EngineKind choice(EngineKind other) {
        return CHOICE.updateAndGet(chosen -> chosen.or(() -> Optional.of(other)))
                .orElseThrow();
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

    static Engine engine() {
        return Start.ONLY.engine.orElseThrow(() -> {
            Throwable failure = Start.ONLY.failure.orElseThrow();
            return new NumericsUnavailable(choice(DEFAULT), rootMessage(failure), failure);
        });
    }

    static Engine start(EngineKind kind) {
        return switch (kind) {
            case NATIVE_BLAS -> BlasEngine.start();
            case ND4J -> Nd4jEngine.start();
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
                started = Optional.of(start(choice(DEFAULT)));
            } catch (LinkageError | RuntimeException e) {
                failed = Optional.of(e);
            }
            engine = started;
            failure = failed;
        }
    }
}
