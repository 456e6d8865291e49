package org.basinlab.dispatch;

/** A data set that a study names and this machine does not have; its message is one line for the user. */
public final class DataUnavailableException extends RuntimeException {

    public DataUnavailableException(String message) {
        super(message);
    }

    public DataUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
