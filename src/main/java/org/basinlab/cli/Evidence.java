package org.basinlab.cli;

import java.io.UncheckedIOException;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.basinlab.bundle.BundleException;
import org.basinlab.bundle.BundleImport;
import org.basinlab.bundle.Shelf;
import org.basinlab.recipe.Progress;

/** Puts what ships with the program beside a user's own studies. A command does its own work even where that fails. */
final class Evidence {

    private Evidence() {}

    static boolean isShipped() {
        return !Shelf.shipped().list().isEmpty();
    }

    /** On a store that may have no tables yet; it gets them only where there is something to bring. */
    static void bring(Store store, SharedOptions shared, Consumer<String> say) {
        if (!isShipped()) {
            return;
        }
        if (!new BundleImport(store.dataSource()).isReady()) {
            FreshStore.prepare(shared);
        }
        bring(store.dataSource(), say);
    }

    /** On a store that has its tables. */
    static void bring(DataSource database, Consumer<String> say) {
        try {
            for (BundleImport.Imported imported : Shelf.shipped().fill(database, Progress.UNWATCHED)) {
                say.accept("evidence: %s (study %s) is here to be read".formatted(imported.name(), imported.study()));
            }
        } catch (BundleException | IllegalStateException | UncheckedIOException e) {
            say.accept("note: the evidence that ships with the program is not shown: " + e.getMessage());
        }
    }
}
