package org.basinlab.cli;

import picocli.CommandLine.Option;

/** The options of commands that work on files alone, without a store. */
final class FileOptions {

    @Option(names = "--json", description = "One JSON document on standard output; everything else on standard error.")
    private boolean json;

    @Option(names = "--verbose", description = "Say more, with stack traces.")
    private boolean verbose;

    boolean json() {
        return json;
    }

    boolean verbose() {
        return verbose;
    }
}
