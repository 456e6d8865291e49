package org.basinlab.study;

/**
 * A study as somebody wants it.
 *
 * @param study what it asks
 * @param settings how it is to be run
 * @param text the specification that says both, as it was given
 */
public record Wanted(Study study, RunSettings settings, String text) {

    /**
     * What a text asks for, with claims of the shipped register.
     *
     * @param source name of the text for messages: a file's name, {@code request body}
     * @throws SpecificationException at the first thing that cannot be taken, with its line, column and key
     */
    public static Wanted read(String text, String source) {
        return new Wanted(StudyFile.read(text, source), StudyFile.settings(text, source), text);
    }
}
