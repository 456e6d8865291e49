package org.basinlab.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.basinlab.recipe.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a shelf with one small study, which an earlier build of this program ran and exported. */
class ShelfTest {

    private static final Shelf SHELF = new Shelf("/bundle/evidence");

    @TempDir
    Path folder;

    @Test
    void the_shelf_of_the_program_can_be_read() {
        assertThat(Shelf.shipped().list()).allMatch(entry -> entry.sha256().length() == 64);
    }

    @Test
    void two_programs_that_fill_a_store_at_once_bring_each_study_once() throws Exception {
        ExecutorService programs = Executors.newFixedThreadPool(2);
        try (EmptyStore store = new EmptyStore(folder.resolve("store"))) {
            Callable<Integer> fill =
                    () -> SHELF.fill(store.database(), Progress.UNWATCHED).size();

            List<Future<Integer>> brought = programs.invokeAll(List.of(fill, fill));

            assertThat(brought.get(0).get() + brought.get(1).get()).isOne();
            assertThat(SHELF.missing(store.database())).isEmpty();
            assertThat(SHELF.fill(store.database(), Progress.UNWATCHED)).isEmpty();
            assertThat(EmptyStore.rows(store.database(), "SELECT name, state, bundle IS NULL FROM results.studies"))
                    .containsExactly("(small-plan,FAILED,f)");
            assertThat(EmptyStore.rows(store.database(), "SELECT claim, outcome FROM ledger.verdict"))
                    .containsExactly("(H1,inconclusive)");
            String study = SHELF.list().get(0).study().toString();
            assertThat(EmptyStore.rows(store.database(), RealStudy.UNITS.formatted(study)))
                    .hasSize(3);
        } finally {
            programs.shutdownNow();
        }
    }

    @Test
    void its_table_has_what_the_verdicts_say() {
        assertThat(SHELF.table()).isEqualTo("""
                | claim | reported | measured | verdict |
                |---|---|---|---|
                | **H1** Pairs keep \\| their accuracy | not reported | −0.0123 [−0.0200, 0.00100], n = 12 | inconclusive |
                """);
    }

    @Test
    void a_damaged_bundle_is_not_taken_in() {
        try (EmptyStore store = new EmptyStore(folder.resolve("store"))) {
            assertThatExceptionOfType(BundleException.class)
                    .isThrownBy(() -> new Shelf("/bundle/damaged").fill(store.database(), Progress.UNWATCHED))
                    .withMessageStartingWith("small.zip of the program must have the SHA-256 ababab");

            assertThat(EmptyStore.rows(store.database(), "SELECT id FROM ledger.study"))
                    .isEmpty();
        }
    }
}
