package org.basinlab.network;

/**
 * An archive that is no Deeplearning4j network of a known architecture, or a network that Deeplearning4j cannot hold. The
 * message is one line of printable characters.
 */
public final class Dl4jException extends IllegalArgumentException {

    Dl4jException(String message) {
        super(SafetensorsException.line(message));
    }

    Dl4jException(String message, Throwable cause) {
        super(SafetensorsException.line(message), cause);
    }

    static Dl4jException malformed(String mustHold) {
        return new Dl4jException("a Deeplearning4j archive " + mustHold);
    }
}
