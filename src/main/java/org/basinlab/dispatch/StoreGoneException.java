package org.basinlab.dispatch;

/** The store could not be reached, or not be written to, for longer than a result may wait. */
final class StoreGoneException extends RuntimeException {

    StoreGoneException(String message, Throwable cause) {
        super(message, cause);
    }
}
