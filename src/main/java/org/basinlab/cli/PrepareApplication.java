package org.basinlab.cli;

import io.quarkus.runtime.QuarkusApplication;

/** Ends as soon as the server has started: by then the store has its tables. */
public final class PrepareApplication implements QuarkusApplication {

    @Override
    public int run(String... args) {
        return ExitCode.DONE;
    }
}
