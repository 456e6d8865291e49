package org.basinlab.ledger;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A place in the life of a task at which a process can be made to die, as by {@code kill -9}: no hook runs, nothing is given
 * back. Only a process that was started with the variable {@value #VARIABLE} dies; in any other a place costs nothing.
 */
public enum FaultPoint {
    AFTER_CLAIM("after-claim"),
    DATA_LOAD("data-load"),
    MID_EPOCH("mid-epoch"),
    BEFORE_CHECKPOINT("before-checkpoint"),
    BETWEEN_CHUNKS("between-chunks"),
    BEFORE_COMMIT("before-commit"),
    AFTER_COMMIT("after-commit"),
    AFTER_ACKNOWLEDGEMENT("after-acknowledgement"),
    MID_PERMUTATION("mid-permutation"),
    MID_EPSILON_GRID("mid-epsilon-grid"),
    HEARTBEAT("heartbeat"),
    CANCEL_PENDING("cancel-pending"),
    DRAIN("drain");

    /** {@code POINT} or {@code POINT:N}: the process dies when it reaches that point for the N-th time. */
    public static final String VARIABLE = "BASINLAB_FAULT_POINT";

    /** How a process ends that died at its point. */
    public static final int EXIT_CODE = 86;

    private static final boolean ARMED = System.getenv(VARIABLE) != null;

    private final String label;

    FaultPoint(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /**
     * The point of this name.
     *
     * @throws IllegalArgumentException if no point is called so
     */
    public static FaultPoint ofLabel(String label) {
        return Arrays.stream(values())
                .filter(point -> point.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s must be one of %s, was '%s'"
                        .formatted(
                                VARIABLE,
                                Arrays.stream(values()).map(FaultPoint::label).collect(Collectors.joining(", ")),
                                label)));
    }

    /** Whether this process was started to die somewhere. */
    public static boolean isArmed() {
        return ARMED;
    }

    /** Ends this process if it was started to die here, and this is the visit. */
    public void reached() {
        if (ARMED) {
            Fuse.OF_THIS_PROCESS.filter(fuse -> fuse.burnsAt(this)).ifPresent(fuse -> {
                System.err.println("fault point " + label + ": this process ends");
                Runtime.getRuntime().halt(EXIT_CODE);
            });
        }
    }

    /** Where a process is to die, and how many visits are left until then; safe for use by several threads. */
    static final class Fuse {

        static final Optional<Fuse> OF_THIS_PROCESS = read(System.getenv(VARIABLE));

        private final FaultPoint point;
        private final AtomicInteger left;

        private Fuse(FaultPoint point, int visit) {
            this.point = point;
            this.left = new AtomicInteger(visit);
        }

        static Optional<Fuse> read(@Nullable String text) {
            if (text == null || text.isBlank()) {
                return Optional.empty();
            }
            String[] words = text.split(":", 2);
            int visit = words.length == 1 ? 1 : visit(words[1]);
            return Optional.of(new Fuse(ofLabel(words[0]), visit));
        }

        private static int visit(String text) {
            if (!text.matches("[1-9][0-9]{0,8}")) {
                throw new IllegalArgumentException(
                        "%s must say at which visit, from 1, was '%s'".formatted(VARIABLE, text));
            }
            return Integer.parseInt(text);
        }

        /** Counts a visit, and says whether it is the one. */
        boolean burnsAt(FaultPoint reached) {
            return reached == point && left.decrementAndGet() == 0;
        }
    }
}
