package org.basinlab.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Progress;
import org.basinlab.study.ClaimRegister;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.verdict.ClaimLine;
import org.basinlab.verdict.Verdicts;
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
    void the_list_of_what_ships_is_that_of_its_bundles_which_are_small() throws IOException {
        assertThat(Files.readString(Path.of("evidence/index.json")))
                .as("./basinlab evidence --index evidence writes it")
                .isEqualTo(Shelf.index(Path.of("evidence")));
        try (Stream<Path> files = Files.list(Path.of("evidence"))) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(10_000_000);
        }
    }

    @Test
    void all_that_ships_goes_into_an_empty_store_and_its_verdicts_come_out_again() {
        Shelf shipped = Shelf.shipped();
        try (EmptyStore store = new EmptyStore(folder.resolve("store"))) {
            shipped.fill(store.database(), Progress.UNWATCHED);

            assertThat(EmptyStore.rows(
                            store.database(), "SELECT id FROM results.studies WHERE NOT partial ORDER BY id"))
                    .hasSameSizeAs(shipped.list());
            Verdicts verdicts = new Verdicts(ClaimRegister.shipped(), Optional.of(store.database()));
            for (Shelf.Entry entry : shipped.list()) {
                assertThat(verdicts.lines(entry.study()))
                        .isNotEmpty()
                        .allSatisfy(line -> assertThat(verdicts.card(line.id(), Optional.of(entry.study()))
                                        .orElseThrow()
                                        .errors())
                                .as(line.id())
                                .isEmpty());
            }
        }
    }

    @Test
    void a_folder_is_listed_by_the_names_of_its_bundles() throws IOException {
        Path shelf = Path.of("src/test/resources/bundle/evidence");

        assertThat(Shelf.index(shelf).replaceAll("\\s", ""))
                .isEqualTo("[%s]".formatted(CanonicalJson.write(SHELF.list().get(0))));
        assertThat(Shelf.index(folder)).isEqualTo("[]\n");
    }

    @Test
    void a_folder_with_one_study_twice_or_with_what_is_no_bundle_is_not_listed() throws IOException {
        Path bundle = Path.of("src/test/resources/bundle/evidence/small.zip");
        Files.copy(bundle, folder.resolve("a.zip"));
        Files.copy(bundle, folder.resolve("b.zip"));

        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> Shelf.index(folder))
                .withMessageStartingWith(
                        folder.resolve("b.zip") + " must be of a study that no other bundle there has");
        Files.write(folder.resolve("b.zip"), new byte[100]);
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> Shelf.index(folder))
                .withMessageStartingWith(folder.resolve("b.zip") + " must be a whole zip file");
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
    void a_claim_of_an_earlier_version_is_shown_and_one_that_cannot_be_read_is_an_error_in_its_own_line() {
        try (EmptyStore store = new EmptyStore(folder.resolve("store"))) {
            SHELF.fill(store.database(), Progress.UNWATCHED);
            Verdicts verdicts = new Verdicts(ClaimRegister.shipped(), Optional.of(store.database()));
            UUID study = SHELF.list().get(0).study();

            // Written before specifications said whether they are controls.
            assertThat(verdicts.lines(study)).extracting(ClaimLine::verdict).containsExactly("inconclusive");
            ClaimCard card = verdicts.card("H1", Optional.of(study)).orElseThrow();
            assertThat(card.verdict()).isEqualTo("inconclusive");
            assertThat(card.claim().specifications().get(0).control()).isFalse();

            EmptyStore.change(
                    store.database(),
                    "SET session_replication_role = replica; UPDATE ledger.claim SET definition = '{\"x\": 1}'");

            assertThat(verdicts.lines())
                    .hasSameSizeAs(ClaimRegister.shipped().list())
                    .filteredOn(line -> line.error().isPresent())
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.id()).isEqualTo("H1");
                        assertThat(line.error().orElseThrow())
                                .startsWith(
                                        "the definition of claim H1 of study %s cannot be read: not the JSON of a Claim"
                                                .formatted(study));
                    });
            assertThat(verdicts.card("H1", Optional.empty()).orElseThrow().errors())
                    .singleElement()
                    .asString()
                    .startsWith("the definition of claim H1");
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
