package org.basinlab.ledger;

/** A checkpoint that cannot be computed again, because no task of the store made it. The message names it. */
public final class LineageMissingException extends RuntimeException {

    public LineageMissingException(String message) {
        super(message);
    }
}
