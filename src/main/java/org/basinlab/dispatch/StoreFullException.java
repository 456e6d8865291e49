package org.basinlab.dispatch;

/** A study that cannot be taken in because the store has no room; its message is one line for the user. */
public final class StoreFullException extends RuntimeException {

    StoreFullException(String message) {
        super(message);
    }
}
