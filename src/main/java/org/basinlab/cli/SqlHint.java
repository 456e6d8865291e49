package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.UUID;

/** The query that gives the table of a study, ready to copy. */
final class SqlHint {

    private SqlHint() {}

    static String query(UUID study) {
        return "SELECT arm, scheme, group_size, variant, split, metric, avg(value), stddev_samp(value), count(*)"
                + " FROM results.metrics WHERE study_id = '%s' AND at IS NULL AND status = 'ok'".formatted(study)
                + " GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 6, 5, 3, 2, 4";
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
