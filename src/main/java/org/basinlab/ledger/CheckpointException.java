package org.basinlab.ledger;

/** A checkpoint that cannot be had: absent, given up or damaged. The message names it. */
public final class CheckpointException extends RuntimeException {

    CheckpointException(String message) {
        super(message);
    }
}
