package org.basinlab.network;

import java.util.regex.Pattern;

/**
 * Bytes that are no safetensors file of a known architecture. The message is one line of printable characters: what must
 * hold, where in the file, and what was found.
 */
public final class SafetensorsException extends IllegalArgumentException {

    /** Names and numbers come from the file: a message quotes no more of them than fits into a line. */
    private static final int LONGEST_MESSAGE = 300;

    /** Whatever could end a line, move a terminal's cursor or turn its direction round. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    SafetensorsException(String mustHold) {
        super(line("a safetensors file " + mustHold));
    }

    static String line(String text) {
        String printable = UNPRINTABLE.matcher(text).replaceAll("?");
        if (printable.length() <= LONGEST_MESSAGE) {
            return printable;
        }
        int end = Character.isHighSurrogate(printable.charAt(LONGEST_MESSAGE - 1))
                ? LONGEST_MESSAGE - 1
                : LONGEST_MESSAGE;
        return printable.substring(0, end) + "…";
    }
}
