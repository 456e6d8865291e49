package org.basinlab.ledger;

/** The same work on the same engine came out in other bytes, which must not be; the message says where. */
public final class DeterminismException extends RuntimeException {

    DeterminismException(String message) {
        super(message);
    }
}
