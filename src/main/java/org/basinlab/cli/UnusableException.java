package org.basinlab.cli;

/** The environment cannot do what was asked: database, data or disk. The message is one line for the user. */
final class UnusableException extends RuntimeException {

    UnusableException(String message) {
        super(message);
    }
}
