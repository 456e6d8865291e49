package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.basinlab.ReaderLogin;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.Submissions;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Progress;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.workflow.Planner;
import org.junit.jupiter.api.Test;

/** The page docs/sql.md: its queries are asked of its study, and its tables of columns are those of the views. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class DocumentedQueriesTest {

    private static final Path PAGE = Path.of("docs", "sql.md");
    private static final Path STUDY = Path.of("docs", "sql-demo.yaml");

    /** A question, its query, and the output that may stand below it. */
    private static final Pattern QUESTION =
            Pattern.compile("### (\\d+)\\. ([^\\n]+)\\n.*?```sql\\n(.*?)```\\n(?:\\n?```\\n(.*?)```)?", Pattern.DOTALL);

    private static final Pattern QUERY = Pattern.compile("```sql\\n((?:SELECT|WITH) .*?)```", Pattern.DOTALL);
    private static final Pattern VIEW =
            Pattern.compile("## `results\\.([a-z]+)`: .*?\\|---\\|---\\|---\\|\\n((?:\\|.*?\\n)+)", Pattern.DOTALL);
    private static final Pattern FIRST_CELL = Pattern.compile("^\\|([^|]+)\\|", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([a-z_0-9]+)`");

    @Inject
    LedgerFixture ledger;

    @Inject
    Submissions submissions;

    @Inject
    Completions completions;

    @Inject
    LocalRunner runner;

    @Inject
    DataShelf data;

    @Inject
    DataSource database;

    private record Answer(List<String> columns, int rows) {}

    private static Answer ask(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            ResultSetMetaData meta = rows.getMetaData();
            List<String> columns = new ArrayList<>();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                columns.add(meta.getColumnLabel(i));
            }
            int count = 0;
            while (rows.next()) {
                count++;
            }
            return new Answer(columns, count);
        }
    }

    private UUID submit(Study study) {
        return submissions
                .submit(
                        study,
                        "text",
                        Planner.plan(study),
                        Map.of(
                                KnownDataset.SYNTHETIC_SHAPES,
                                data.facts(study.arms().get(0).dataset())),
                        Optional.empty())
                .id();
    }

    /** Trains, merges and measures everything, in this process. */
    private void run(UUID study) {
        UUID worker = ledger.worker();
        for (List<Lease> one = ledger.claim(worker, study, 1); !one.isEmpty(); one = ledger.claim(worker, study, 1)) {
            completions.finish(one.get(0), runner.run(one.get(0), Progress.UNWATCHED));
        }
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
    }

    private void makeUpVerdicts() throws SQLException {
        UUID study = submit(StudyFile.read("""
                study: made-up
                dataset: { name: synthetic-shapes }
                network: { mlp: { hidden: [4] } }
                training: { seeds: { from: 0, count: 1 }, epochs: 1, optimiser: { sgd: { learningRate: 0.1 } } }
                evaluate: { weight-norm: {} }
                """, "made-up.yaml"));
        MadeUpVerdicts.write(database, study);
    }

    @Test
    void every_question_is_answered_for_the_reader_with_the_columns_that_the_page_shows() throws Exception {
        run(submit(StudyFile.read(Files.readString(STUDY), STUDY.toString())));
        makeUpVerdicts();
        Matcher questions = QUESTION.matcher(Files.readString(PAGE));
        int asked = 0;

        try (Connection reader = ReaderLogin.open();
                Statement statement = reader.createStatement()) {
            for (; questions.find(); asked++) {
                String question = questions.group(1) + ". " + questions.group(2);
                Answer answer = ask(statement, questions.group(3));

                assertThat(answer.rows()).as(question).isPositive();
                assertThat(questions.group(4)).as("output of " + question).isNotNull();
                assertThat(questions.group(4).lines().findFirst().orElseThrow().split("\\s+"))
                        .as(question)
                        .containsExactlyElementsOf(answer.columns());
            }
            Matcher queries = QUERY.matcher(Files.readString(PAGE));
            int all = 0;
            for (; queries.find(); all++) {
                ask(statement, queries.group(1));
            }
            assertThat(all).isGreaterThan(asked);
        }

        assertThat(asked).isGreaterThanOrEqualTo(15);
    }

    @Test
    void the_page_has_every_view_with_every_column_and_no_other() throws Exception {
        Map<String, Set<String>> found = new LinkedHashMap<>();
        try (Connection owner = database.getConnection();
                Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT table_name, column_name
                          FROM information_schema.columns
                         WHERE table_schema = 'results'
                        """)) {
            while (rows.next()) {
                found.computeIfAbsent(rows.getString(1), view -> new TreeSet<>())
                        .add(rows.getString(2));
            }
        }

        assertThat(documented(found)).containsExactlyInAnyOrderEntriesOf(found);
    }

    /** Columns by view; `study_id` … `seed` stands for the columns of a network's place. */
    private static Map<String, Set<String>> documented(Map<String, Set<String>> found) throws IOException {
        Map<String, Set<String>> views = new LinkedHashMap<>();
        Matcher sections = VIEW.matcher(Files.readString(PAGE));
        while (sections.find()) {
            Set<String> columns = new TreeSet<>();
            Matcher rows = FIRST_CELL.matcher(sections.group(2));
            while (rows.find()) {
                String cell = rows.group(1);
                NAME.matcher(cell).results().forEach(name -> columns.add(name.group(1)));
                if (cell.contains("…")) {
                    columns.addAll(List.of(
                            "study_id",
                            "study",
                            "arm",
                            "network_id",
                            "scheme",
                            "stage",
                            "group_size",
                            "group_id",
                            "matching",
                            "variant",
                            "seed"));
                }
            }
            views.put(sections.group(1), columns);
        }
        assertThat(views).hasSize(found.size());
        return views;
    }
}
