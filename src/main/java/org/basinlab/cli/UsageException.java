package org.basinlab.cli;

/** What the user asked for cannot be asked so. The message is one line: what must hold, and what was given. */
final class UsageException extends RuntimeException {

    UsageException(String message) {
        super(message);
    }

    UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
