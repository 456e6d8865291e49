package org.basinlab.study;

/**
 * Where something stands in a specification.
 *
 * @param source name of the text
 * @param line from 1
 * @param column in characters, from 1
 */
record Position(String source, int line, int column) {

    /** The error that stands here; {@code key} is dotted, and empty where the trouble is the text's. */
    SpecificationException refuse(String key, String problem) {
        return new SpecificationException(source, line, column, key, problem);
    }
}
