package org.basinlab.cli;

import picocli.CommandLine.Parameters;

/** The one study that a command is about. */
final class StudyArgument {

    @Parameters(
            index = "0",
            paramLabel = "ID",
            description = "The id of a study, its beginning, or a study's name (then the newest).")
    private String id;

    /** As it was given. */
    String id() {
        return id;
    }
}
