package org.basinlab.api;

/** This server does as much of something as it does at a time; the message says of what. */
final class BusyException extends RuntimeException {

    /** For the header Retry-After. */
    static final int RETRY_SECONDS = 10;

    private static final long serialVersionUID = 1L;

    BusyException(String message) {
        super(message);
    }
}
