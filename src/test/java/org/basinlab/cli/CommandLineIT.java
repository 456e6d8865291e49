package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.basinlab.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged program as a user runs it: processes, exit codes, and what they print. */
class CommandLineIT {

    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
    private static final long MOST_SECONDS = 180;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Small enough for seconds, long enough to be interrupted: the trainings take the most of it. */
    private static final String STUDY = """
            study: command-line
            dataset: { name: synthetic-shapes }
            network: { mlp: { hidden: [192, 96] } }
            training:
              seeds: { from: 0, count: 4 }
              epochs: 6
              batch: 100
              optimiser: { adam: { learningRate: 0.001 } }
            merge:
              - { scheme: hierarchical, stages: 2 }
              - { scheme: merge-many, groups: [4], rounds: 3 }
              - { scheme: reference, groups: [4] }
              - { scheme: naive, groups: [2, 4] }
            """;

    private static final String DIGESTS =
            "SELECT scheme, group_size, group_id, sha256 FROM results.networks ORDER BY 1, 2, 3, 4";

    /** Where the output of a process goes. */
    private final Map<Long, Path> files = new HashMap<>();

    @TempDir
    Path place;

    @Test
    void a_killed_run_goes_on_where_it_stopped_and_ends_in_the_same_bytes() throws Exception {
        Path study = Files.writeString(place.resolve("study.yaml"), STUDY);
        Ended undisturbed = run("run", study.toString(), "--json", "--data-home", home("a"));
        Process victim = start("run", study.toString(), "--data-home", home("b"));
        awaitNetworks(victim, home("b"));
        victim.destroyForcibly().waitFor();
        List<String> doneBefore = new ArrayList<>();
        sql("SELECT id FROM results.tasks WHERE state = 'SUCCEEDED'", "b")
                .forEach(row -> doneBefore.add(row.get("id").asText()));

        Ended resumed = run("run", study.toString(), "--json", "--data-home", home("b"));

        assertThat(undisturbed.code()).as(undisturbed.err()).isZero();
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("going on with command-line");
        JsonNode document = JSON.readTree(resumed.out());
        assertThat(document.get("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(document.get("tasks").get("SUCCEEDED").asInt()).isEqualTo(4 + 3 + 1 + 1 + 3 + 12 * 3);
        assertThat(sql(DIGESTS, "b")).isEqualTo(sql(DIGESTS, "a")).hasSize(12);
        assertThat(doneBefore).isNotEmpty();
        assertThat(sql("SELECT id FROM results.tasks WHERE attempts = 1", "b"))
                .extracting(row -> row.get("id").asText())
                .containsAll(doneBefore);
        everything_that_was_run_can_be_read(document);
        what_is_damaged_is_found_and_computed_again();
    }

    /** A merge and a network that it is made of lose a bit each. */
    private void what_is_damaged_is_found_and_computed_again() throws Exception {
        String merged;
        String leaf;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(Path.of(home("b")), message -> {});
                Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT n.sha256, l.sha256
                          FROM ledger.network n
                          JOIN ledger.network_parent p ON p.network_id = n.id
                          JOIN ledger.network l ON l.id = p.parent_id
                         WHERE n.origin = 'merged' AND l.origin = 'trained'
                         ORDER BY n.created_at, p.position
                         LIMIT 1
                        """)) {
            row.next();
            merged = row.getString(1);
            leaf = row.getString(2);
            statement.executeUpdate("""
                    UPDATE ledger.checkpoint_chunk
                       SET content = set_bit(content, 9999, 1 - get_bit(content, 9999))
                     WHERE sha256 IN ('%s', '%s') AND position = 0
                    """.formatted(merged, leaf));
        }

        Ended verified = run("checkpoint", "verify", "--json", "--data-home", home("b"));
        Ended restored = run("checkpoint", "restore", merged.substring(0, 16), "--json", "--data-home", home("b"));

        assertThat(verified.code()).as(verified.err()).isEqualTo(1);
        assertThat(JSON.readTree(verified.out()).get("damaged").findValuesAsText("sha256"))
                .containsExactlyInAnyOrder(merged, leaf);
        assertThat(restored.code()).as(restored.err()).isZero();
        assertThat(restored.err()).contains("1 of 2: train main", "2 of 2: merge main");
        JsonNode document = JSON.readTree(restored.out());
        assertThat(document.get("whole").asBoolean()).isTrue();
        assertThat(document.get("restored")).extracting(JsonNode::asText).containsExactly(leaf, merged);
    }

    private void everything_that_was_run_can_be_read(JsonNode document) throws Exception {
        TreeSet<String> schemes = new TreeSet<>();
        document.get("metrics")
                .forEach(metric -> schemes.add(metric.get("scheme").asText()));
        assertThat(schemes).containsExactly("hierarchical", "merge-many", "naive", "reference", "trained");

        Ended sneaky = run("sql", "COMMIT; CREATE TABLE public.x (x int); SELECT 1", "--data-home", home("b"));
        assertThat(sneaky.code()).isEqualTo(2);
        assertThat(sneaky.err()).contains("the query must be one statement, was 3");
        Ended forbidden = run("sql", "SELECT * FROM ledger.study", "--data-home", home("b"));
        assertThat(forbidden.code()).isEqualTo(2);
        assertThat(forbidden.err())
                .contains("permission denied for schema ledger")
                .doesNotContain("Location");

        Ended twice = run("sql", "SELECT 1 AS a, 2 AS a", "--json", "--data-home", home("b"));
        assertThat(twice.err()).contains("must have different names, were [a, a]");

        Ended csv = run(
                "sql",
                "SELECT name, paper, '' AS empty, 'a,b' AS c FROM results.studies",
                "--csv",
                "--data-home",
                home("b"));
        assertThat(csv.out()).isEqualTo("name,paper,empty,c\r\ncommand-line,,\"\",\"a,b\"\r\n");
        Ended many = run("sql", "SELECT * FROM generate_series(1, 100001)", "--csv", "--data-home", home("b"));
        assertThat(many.out()).hasLineCount(1 + 100_000);
        assertThat(many.err()).contains("there are more than 100000 rows");

        Ended studies = run("studies", "--data-home", home("b"));
        Ended study = run("study", "command-line", "--data-home", home("b"));
        Ended again = run("run", place.resolve("study.yaml").toString(), "--json", "--data-home", home("b"));

        assertThat(studies.out()).contains("command-line", "SUCCEEDED");
        assertThat(study.out()).contains("hierarchical", "test accuracy", "psql", "results.metrics");
        assertThat(JSON.readTree(again.out()).get("id")).isEqualTo(document.get("id"));
        assertThat(JSON.readTree(again.out()).get("metrics")).isEqualTo(document.get("metrics"));
    }

    @Test
    void a_first_look_at_claims_shows_the_evidence_that_ships() throws Exception {
        Set<String> shipped = new HashSet<>();
        JSON.readTree(Path.of("evidence/index.json").toFile())
                .forEach(entry -> shipped.add(entry.get("study").asText()));

        Ended claims = run("claims", "--json", "--data-home", home("h"));

        assertThat(claims.code()).as(claims.err()).isZero();
        Set<String> deciding = new HashSet<>();
        JSON.readTree(claims.out()).get("claims").forEach(claim -> {
            if (claim.hasNonNull("studyId")) {
                deciding.add(claim.get("studyId").asText());
            }
        });
        assertThat(deciding).isEqualTo(shipped);
    }

    @Test
    void a_gpu_that_cannot_be_used_is_refused_and_the_cpu_goes_on() throws Exception {
        Path study = Files.writeString(place.resolve("study.yaml"), STUDY.replace("epochs: 6", "epochs: 1"));

        Ended gpu = run("run", study.toString(), "--device", "gpu", "--data-home", home("g"));
        Ended cpu = run("run", study.toString(), "--device", "cpu", "--engine", "nd4j", "--data-home", home("g"));

        assertThat(gpu.code()).isEqualTo(3);
        assertThat(gpu.err().lines())
                .singleElement()
                .asString()
                .startsWith("basinlab: --device gpu needs ")
                .endsWith("; --device cpu computes on the CPU");
        assertThat(cpu.code()).as(cpu.err()).isZero();
        assertThat(sql("SELECT DISTINCT device, environment->>'engine' AS engine FROM results.workers", "g"))
                .singleElement()
                .satisfies(worker -> {
                    assertThat(worker.get("device").asText()).isEqualTo("cpu");
                    assertThat(worker.get("engine").asText()).startsWith("nd4j ");
                });
    }

    @Test
    void computing_options_that_contradict_each_other_are_refused() throws Exception {
        Ended both = run("run", "quickstart", "--device", "gpu", "--engine", "native-blas");
        Ended unknown = run("serve", "--device", "tpu");

        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err()).contains("--engine native-blas computes on a CPU only");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("--device must be cpu or gpu, was tpu");
    }

    @Test
    void an_interrupted_run_gives_its_tasks_back_and_stops_the_database() throws Exception {
        Path study = Files.writeString(place.resolve("study.yaml"), STUDY.replace("epochs: 6", "epochs: 500"));
        Process running = start("run", study.toString(), "--data-home", home("f"));
        awaitLine(running, "running 2");

        running.toHandle().destroy();

        assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(text(running, "err")).contains("interrupted: what is finished is kept");
        assertThat(Path.of(home("f"), "postgres", "data", "postmaster.pid")).doesNotExist();
        assertThat(sql("SELECT DISTINCT state FROM results.tasks WHERE kind = 'train'", "f"))
                .extracting(row -> row.get("state").asText())
                .containsExactly("READY");

        Process resumed = start("run", study.toString(), "--verbose", "--data-home", home("f"));
        awaitLine(resumed, "goes on after step");
        resumed.toHandle().destroy();
        assertThat(resumed.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_study_that_diverges_fails_with_the_reason_and_the_rest_is_complete() throws Exception {
        Path study = Files.writeString(place.resolve("diverges.yaml"), """
                study: diverges
                dataset: { name: synthetic-shapes }
                network: { mlp: { hidden: [16] } }
                training:
                  seeds: { from: 0, count: 2 }
                  epochs: 1
                  batch: 100
                  optimiser: { sgd: { learningRate: 0.01 } }
                merge:
                  - { scheme: naive, groups: [2] }
                arms:
                  wild: { training: { optimiser: { sgd: { learningRate: 100, momentum: 0.99 } } } }
                """);

        Ended ended = run("run", study.toString(), "--json", "--data-home", home("c"));

        assertThat(ended.code()).isEqualTo(1);
        JsonNode tasks = JSON.readTree(ended.out()).get("tasks");
        assertThat(tasks.get("FAILED").asInt()).isEqualTo(2);
        assertThat(tasks.get("SUCCEEDED").asInt()).isEqualTo(2 + 1 + 9);
        assertThat(ended.err()).contains("became", "epoch 1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    run nonsense                                   | 2 | must be a YAML file or one of quickstart
                    run                                            | 2 | Missing required parameter: 'STUDY'
                    fly                                            | 2 | no command 'fly'
                    run quickstart --workers 0                     | 2 | --workers must lie in [1, 1024], was 0
                    serve --port 70000                             | 2 | --port must lie in [0, 65535], was 70000
                    match a.safetensors                            | 2 | Missing required parameter: 'B'
                    merge a b                                      | 2 | Missing required option: '--out=M'
                    evaluate a                                     | 2 | Missing required option: '--dataset=NAME'
                    data fetch imagenet                            | 2 | must be a data set, was 'imagenet'
                    match no-such-a no-such-b                      | 2 | must be a safetensors file, there is no such file
                    checkpoint get 12 --out x                      | 2 | SHA256 must be 8 to 64 hexadecimal digits, was '12'
                    sql x --csv --json                             | 2 | --csv and --json must not be given together
                    studies --database http://example              | 2 | must be a JDBC URL of PostgreSQL
                    studies --database jdbc:postgresql://127.0.0.1:1/x | 3 | must accept connections
                    """)
    void a_wrong_call_gets_one_line_and_its_exit_code(String call, int code, String message) throws Exception {
        Ended ended = run(call.split(" "));

        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains(message).hasLineCount(1);
    }

    @Test
    void a_wrong_specification_names_file_line_column_and_key() throws Exception {
        Path study = Files.writeString(place.resolve("wrong.yaml"), STUDY.replace("epochs: 6", "epochs: 0"));

        Ended ended = run("run", study.toString(), "--dry-run");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("wrong.yaml:6:11: training.epochs must lie in [1, 10000], was 0");
    }

    @Test
    void missing_data_names_the_places_that_were_searched() throws Exception {
        Ended ended = run(
                "run",
                "hierarchical-rebasin-small",
                "--data-home",
                home("d"),
                "--data-dir",
                place.resolve("nothing").toString());

        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.err()).contains("cifar10", place.resolve("nothing").toString(), "--data-dir");
    }

    @Test
    void files_are_merged_without_a_store_and_brought_into_one_that_is_new() throws Exception {
        String a = resource("seed0");
        String b = resource("seed1");
        String merged = place.resolve("merged.safetensors").toString();
        String back = place.resolve("back.safetensors").toString();

        Ended match = run("match", a, b);
        Ended merge = run("merge", a, b, "--out", merged, "--json");
        Ended imported = run("checkpoint", "import", merged, "--data-home", home("g"));
        String sha256 = JSON.readTree(merge.out()).get("sha256").asText();
        Ended got = run("checkpoint", "get", sha256.substring(0, 8), "--out", back, "--data-home", home("g"));

        assertThat(match.code()).as(match.err()).isZero();
        assertThat(JSON.readTree(match.out()).get("permutations").get("P_0")).hasSize(48);
        assertThat(merge.code()).as(merge.err()).isZero();
        assertThat(Path.of(home("default"))).doesNotExist();
        assertThat(imported.code()).as(imported.err()).isZero();
        assertThat(imported.out()).startsWith(sha256);
        assertThat(imported.err()).doesNotContain("ERROR", "WARN");
        assertThat(got.code()).as(got.err()).isZero();
        assertThat(Path.of(back)).hasSameBinaryContentAs(Path.of(merged));
    }

    @Test
    void network_files_are_measured_without_a_store() throws Exception {
        Ended ended = run(
                "evaluate",
                resource("seed0"),
                "--dataset",
                "synthetic-shapes",
                "--limit",
                "20",
                "--metric",
                "accuracy",
                "--metric",
                "fgsm-accuracy@0,0.01",
                "--json");

        assertThat(ended.code()).as(ended.err()).isZero();
        JsonNode document = JSON.readTree(ended.out()).get(0);
        assertThat(document.get("architecture").asText()).isEqualTo("3072-48-48-24-10");
        assertThat(document.get("images").asInt()).isEqualTo(20);
        assertThat(document.get("metrics").findValuesAsText("metric"))
                .containsExactly("accuracy", "fgsm-accuracy", "fgsm-accuracy");
        assertThat(document.at("/metrics/1/value")).isEqualTo(document.at("/metrics/0/value"));
        assertThat(Path.of(home("default"))).doesNotExist();
    }

    @Test
    void the_data_sets_are_listed_with_their_digests_and_no_database_is_started() throws Exception {
        Ended ended = run("data", "list", "--json", "--data-home", home("d"));

        assertThat(ended.code()).as(ended.err()).isZero();
        JsonNode sets = JSON.readTree(ended.out());
        assertThat(sets.findValuesAsText("name"))
                .containsExactly("cifar10", "cifar100", "mnist", "fashion-mnist", "synthetic-shapes");
        assertThat(sets.get(4).get("digest").asText()).hasSize(64);
        assertThat(Path.of(home("d"))).doesNotExist();
    }

    private static String resource(String name) {
        return Path.of("src", "test", "resources", "reference", "mlp", name + ".safetensors")
                .toString();
    }

    @Test
    void the_doctor_finds_the_engine_and_starts_no_database() throws Exception {
        Ended ended = run("doctor", "--json", "--data-home", home("h"));

        assertThat(ended.code()).as(ended.err()).isZero();
        JsonNode document = JSON.readTree(ended.out());
        assertThat(document.get("usable").asBoolean()).isTrue();
        assertThat(document.get("machine").get("blas").get("gigaflops").asDouble())
                .isPositive();
        assertThat(Path.of(home("h"))).doesNotExist();
    }

    @Test
    void the_version_is_that_of_the_build() throws Exception {
        assertThat(run("--version").out()).matches("basinlab \\d+\\.\\d+\\.\\d+.*\\R");
    }

    @Test
    void a_dry_run_prints_the_plan_and_touches_nothing() throws Exception {
        Ended ended = run("run", "quickstart", "--dry-run", "--data-home", home("e"));

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("104 tasks, nothing was run", "hierarchical", "storage:", "time:");
        assertThat(Path.of(home("e"))).doesNotExist();
    }

    private String home(String name) {
        return place.resolve("home-" + name).toString();
    }

    /** Waits until the run has stored some networks but not all. */
    private void awaitNetworks(Process run, String home) throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (System.nanoTime() < giveUp && run.isAlive()) {
            Ended ended = run("sql", "SELECT count(*) AS n FROM results.networks", "--json", "--data-home", home);
            if (ended.code() == 0 && JSON.readTree(ended.out()).get(0).get("n").asInt() >= 2) {
                return;
            }
        }
        throw new AssertionError("the run stored no network before it ended");
    }

    /** Waits until the process has said this on standard error. */
    private void awaitLine(Process process, String said) throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (System.nanoTime() < giveUp && process.isAlive()) {
            if (text(process, "err").contains(said)) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the process did not say '%s' but: %s".formatted(said, text(process, "err")));
    }

    private List<JsonNode> sql(String query, String home) throws Exception {
        Ended ended = run("sql", query, "--json", "--data-home", home(home));
        assertThat(ended.code()).as(ended.err()).isZero();
        List<JsonNode> rows = new ArrayList<>();
        JSON.readTree(ended.out()).forEach(rows::add);
        return rows;
    }

    private Ended run(String... arguments) throws Exception {
        Process process = start(arguments);
        boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        assertThat(ended)
                .as("ended within %d s: %s", MOST_SECONDS, List.of(arguments))
                .isTrue();
        return new Ended(process.exitValue(), text(process, "out"), text(process, "err"));
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx2g", "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(place, "run", ".out");
        Path err = Path.of(out.toString().replace(".out", ".err"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("BASINLAB_DATA_HOME", home("default"));
        builder.environment().remove("BASINLAB_DATA_DIR");
        builder.environment().remove("BASINLAB_DATABASE");
        // How full the disk of the machine is that tests has nothing to do with what is tested.
        builder.environment().put("BASINLAB_UPKEEP_FULL", "1.0");
        builder.environment().put("BASINLAB_UPKEEP_ALARM", "1.0");
        Process process = builder.start();
        files.put(process.pid(), out);
        return process;
    }

    private String text(Process process, String kind) throws IOException {
        Path out = files.get(process.pid());
        return Files.readString(Path.of(out.toString().replace(".out", "." + kind)), StandardCharsets.UTF_8);
    }

    private record Ended(int code, String out, String err) {}
}
