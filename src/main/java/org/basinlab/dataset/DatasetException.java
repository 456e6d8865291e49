package org.basinlab.dataset;

/** A data set that cannot be used; its message is one line for the user: what must hold, where, what was found. */
public final class DatasetException extends RuntimeException {

    DatasetException(String message) {
        super(message);
    }

    DatasetException(String message, Throwable cause) {
        super(message, cause);
    }
}
