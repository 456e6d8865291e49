package org.basinlab.ledger;

/** A study cannot be steered so from where it is; nothing was changed. The message says what must hold and what was found. */
public final class ControlRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Why why;

    public ControlRefusedException(Why why, String message) {
        super(message);
        this.why = why;
    }

    public Why why() {
        return why;
    }

    /** What was wrong. */
    public enum Why {
        /** There is no such study or task. */
        UNKNOWN,
        /** It is not in a state from which that goes. */
        STATE
    }
}
