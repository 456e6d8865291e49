package org.basinlab.bundle;

/** A bundle that cannot be written or taken in. The message is one line for the user: what must hold, where, what was found. */
public final class BundleException extends RuntimeException {

    public BundleException(String message) {
        super(message);
    }

    public BundleException(String message, Throwable cause) {
        super(message, cause);
    }
}
