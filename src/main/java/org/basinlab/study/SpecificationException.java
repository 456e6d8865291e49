package org.basinlab.study;

/**
 * A study specification that cannot be taken; its message is one line for the person who wrote it, such as
 * {@code quickstart.yaml:12:5: training.epochs must lie in [1, 10000], was 0}.
 */
public final class SpecificationException extends RuntimeException {

    private final String source;
    private final int line;
    private final int column;
    private final String key;

    /**
     * @param key dotted, {@code merge[1].groups[0]}; empty where the trouble is the text's, not a key's
     * @param problem what must hold, of what, and what was found
     */
    SpecificationException(String source, int line, int column, String key, String problem) {
        super("%s:%d:%d: %s".formatted(source, line, column, problem));
        this.source = source;
        this.line = line;
        this.column = column;
        this.key = key;
    }

    /** What was read: the name of a file, {@code request body}. */
    public String source() {
        return source;
    }

    /** Line of the value or key at fault, from 1. */
    public int line() {
        return line;
    }

    /** Its column in characters, from 1. */
    public int column() {
        return column;
    }

    /** The dotted key; empty where the trouble is the text's. */
    public String key() {
        return key;
    }
}
