package org.basinlab.dispatch;

/** A task took longer than it may, or was silent for longer; its message is one line for the user. */
final class TimeLimitException extends RuntimeException {

    TimeLimitException(String message) {
        super(message);
    }
}
