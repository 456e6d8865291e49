package org.basinlab.ledger;

/** This program does not fit the store: its schema, or a version of its numerics. The message says what to do. */
public final class WorkerRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public WorkerRefusedException(String message) {
        super(message);
    }
}
