package org.basinlab.dispatch;

/** A study that cannot be taken in, because no training can start where it says; its message is one line for the user. */
public final class StartRefusedException extends RuntimeException {

    StartRefusedException(String message) {
        super(message);
    }

    StartRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
