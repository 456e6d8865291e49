package org.basinlab.cli;

/** What the command tells the shell. */
final class ExitCode {

    static final int DONE = 0;
    static final int SOMETHING_FAILED = 1;
    static final int BAD_ARGUMENTS = 2;
    static final int ENVIRONMENT = 3;
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
