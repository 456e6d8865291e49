package org.basinlab.workflow;

/** A study that cannot be taken in, because it lists a claim that it does not measure; its message is one line for the user. */
public final class ClaimRefusedException extends RuntimeException {

    ClaimRefusedException(String message) {
        super(message);
    }
}
