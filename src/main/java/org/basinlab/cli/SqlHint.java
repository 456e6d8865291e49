package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.UUID;
import org.basinlab.ledger.Reports;

/** The query that gives the table of a study, ready to copy. */
final class SqlHint {

    private SqlHint() {}

    /** On one line, as a shell takes it best. */
    static String query(UUID study) {
        return Reports.tableStatement(study).replaceAll("\\s+", " ");
    }

    /** The same for every metric and point; more than a screen. */
    static String everything(UUID study) {
        return Reports.everythingStatement(study).replaceAll("\\s+", " ");
    }

    static void print(UUID study, Store store, PrintWriter out) {
        out.println("The same table by SQL:");
        out.println("  ./basinlab sql \"%s\"".formatted(query(study)));
        if (store.isOwn()) {
            out.println("or, while a basinlab program runs (./basinlab serve), with psql:");
        } else {
            out.println("or with psql:");
        }
        out.println("  %s -c \"%s\"".formatted(store.psqlPrefix(), query(study)));
    }
}
