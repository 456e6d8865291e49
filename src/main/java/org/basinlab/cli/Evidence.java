package org.basinlab.cli;

import java.util.function.Consumer;
import javax.sql.DataSource;
import org.basinlab.bundle.BundleImport;
import org.basinlab.bundle.Shelf;
import org.basinlab.ledger.SchemaVersion;
import org.basinlab.recipe.Progress;

/** Puts what ships with the program beside a user's own studies. A command does its own work even where that fails. */
final class Evidence {

    /** {@code off} leaves what ships out of every store. */
    private static final String SWITCH = "basinlab.evidence";

    private Evidence() {}

    /** Whether there is something to bring. */
    static boolean isShipped() {
        return isWanted() && !Shelf.shipped().list().isEmpty();
    }

    private static boolean isWanted() {
        String said = System.getProperty(SWITCH, System.getenv().getOrDefault("BASINLAB_EVIDENCE", "on"));
        return !said.equalsIgnoreCase("off");
    }

    /** On a store that may have no tables, or old ones. Our own gets them; one that was named is its server's to bring up to date. */
    static void bring(Store store, SharedOptions shared, Consumer<String> say) {
        if (!isShipped()) {
            return;
        }
        try {
            if (!SchemaVersion.isCurrent(store.dataSource())) {
                if (!store.isOwn()) {
                    say.accept("note: the evidence that ships with the program is not shown: "
                            + "the database has not the tables of this version, which `basinlab serve` makes");
                    return;
                }
                FreshStore.prepare(shared);
            }
        } catch (RuntimeException e) {
            say.accept(notShown(e));
            return;
        }
        bring(store.dataSource(), say);
    }

    /** On a store that has its tables. */
    static void bring(DataSource database, Consumer<String> say) {
        if (!isWanted()) {
            return;
        }
        try {
            Shelf shelf = Shelf.shipped();
            int studies = shelf.missing(database).size();
            if (studies > 0) {
                say.accept("evidence: taking in %d %s with the program, which happens once for each store"
                        .formatted(studies, studies == 1 ? "study that ships" : "studies that ship"));
            }
            for (BundleImport.Imported imported : shelf.fill(database, Progress.UNWATCHED)) {
                say.accept("evidence: %s (study %s) is here to be read".formatted(imported.name(), imported.study()));
            }
        } catch (RuntimeException e) {
            say.accept(notShown(e));
        }
    }

    private static String notShown(RuntimeException why) {
        return "note: the evidence that ships with the program is not shown: " + why.getMessage();
    }
}
