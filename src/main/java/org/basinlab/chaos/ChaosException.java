package org.basinlab.chaos;

/** A run of faults cannot go on, for a reason of its own: nothing is said of what it tests. */
public class ChaosException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ChaosException(String message) {
        super(message);
    }

    ChaosException(String message, Throwable cause) {
        super(message, cause);
    }
}
