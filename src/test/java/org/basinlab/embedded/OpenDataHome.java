package org.basinlab.embedded;

import java.io.IOException;
import java.nio.file.Path;

/** Another program: opens the data home named by its argument, prints the URL, and closes when its input ends. */
final class OpenDataHome {

    private OpenDataHome() {}

    public static void main(String[] arguments) throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(Path.of(arguments[0]), line -> {})) {
            System.out.println(postgres.jdbcUrl());
            while (System.in.read() >= 0) {
                // Until the parent closes its end.
            }
        }
    }
}
