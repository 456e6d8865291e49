package org.basinlab.embedded;

import java.util.Locale;
import java.util.Set;

/** The machines for which PostgreSQL's programs are packed with Basinlab: Linux on x86-64, with glibc. */
final class Platform {

    private static final Set<String> X86_64 = Set.of("amd64", "x86_64");

    private Platform() {}

    /** Both arguments as in Java's system properties {@code os.name} and {@code os.arch}. */
    static void require(String osName, String architecture) {
        if (!osName.equals("Linux") || !X86_64.contains(architecture.toLowerCase(Locale.ROOT))) {
            throw new EmbeddedPostgresException(
                    "Basinlab's own PostgreSQL runs on Linux x86-64 only, this is %s %s: name a PostgreSQL 15 or newer with --database jdbc:postgresql://HOST:PORT/NAME"
                            .formatted(osName, architecture));
        }
    }
}
