package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.basinlab.StoreForTests;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.TaskOutcome;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/**
 * How fast the store takes and gives checkpoints and takes metrics, beside plain JDBC on the same server: our own
 * PostgreSQL with {@code fsync} on. No test by its name: {@code mvn test -Dtest=StoreBenchmark} runs it and prints JSON.
 * Ours and the peer take turns; what counts is the median of the ratios.
 */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class StoreBenchmark {

    private static final int PAIRS = Integer.getInteger("pairs", 15);
    /** Not counted: the compiler, and PostgreSQL's first files. */
    private static final int WARM_UP = 5;

    private static final int BYTES = Integer.getInteger("bytes", 8_000_000);
    private static final int ROWS = 20_000;

    private static final String PEER_TABLES = """
            CREATE TABLE public.peer_checkpoint (id integer PRIMARY KEY, content bytea NOT NULL);
            ALTER TABLE public.peer_checkpoint ALTER COLUMN content SET STORAGE EXTERNAL;
            CREATE TABLE public.peer_metric (LIKE ledger.metric INCLUDING ALL);
            CREATE SEQUENCE public.peer_metric_id;
            """;

    private static final String PEER_METRIC = """
            INSERT INTO public.peer_metric (id, task_id, network_id, metric, variant, at, split, images, value, status)
            VALUES (nextval('public.peer_metric_id'), ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    @Inject
    LedgerFixture ledger;

    @Inject
    Checkpoints checkpoints;

    @Inject
    Snapshots snapshots;

    @Inject
    Completions completions;

    /** One thing done once, by its number, in nanoseconds. */
    private interface Work {
        long run(int number) throws SQLException;
    }

    /** Units a second in every counted turn. */
    @SuppressWarnings("ArrayRecordComponent") // made and read here
    private record Rates(double[] ours, double[] peer) {

        Map<String, Object> summary() {
            double[] ratios = IntStream.range(0, ours.length)
                    .mapToDouble(i -> ours[i] / peer[i])
                    .toArray();
            Map<String, Object> summary = new TreeMap<>();
            summary.put("ours", median(ours));
            summary.put("peer", median(peer));
            // On a machine with other work the least disturbed turn says more of the program.
            summary.put("oursBest", Arrays.stream(ours).max().orElseThrow());
            summary.put("peerBest", Arrays.stream(peer).max().orElseThrow());
            summary.put("ratio", median(ratios));
            summary.put("pairs", ours.length);
            return summary;
        }

        double ratio() {
            return (double) summary().get("ratio");
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static Rates compare(double units, Work ours, Work peer) throws SQLException {
        double[] oursRate = new double[PAIRS];
        double[] peerRate = new double[PAIRS];
        for (int i = -WARM_UP; i < PAIRS; i++) {
            int number = i + WARM_UP;
            long first = i % 2 == 0 ? ours.run(number) : peer.run(number);
            long second = i % 2 == 0 ? peer.run(number) : ours.run(number);
            if (i >= 0) {
                oursRate[i] = units * 1e9 / (i % 2 == 0 ? first : second);
                peerRate[i] = units * 1e9 / (i % 2 == 0 ? second : first);
            }
        }
        return new Rates(oursRate, peerRate);
    }

    private static byte[] random(long seed) {
        byte[] bytes = new byte[BYTES];
        Seeds.generator(seed).nextBytes(bytes);
        return bytes;
    }

    private static Connection peer() throws SQLException {
        Config config = ConfigProvider.getConfig();
        Function<String, String> value = key -> config.getValue("quarkus.datasource." + key, String.class);
        return DriverManager.getConnection(value.apply("jdbc.url"), value.apply("username"), value.apply("password"));
    }

    @Test
    void checkpoints_and_metrics_beside_plain_jdbc() throws SQLException {
        Map<String, Object> report = new TreeMap<>();
        try (Connection peer = peer();
                Statement statement = peer.createStatement()) {
            statement.execute(PEER_TABLES);

            Rates write = checkpointWrite(peer);
            Rates read = checkpointRead(peer);
            Rates metrics = metrics(peer);

            report.put("checkpoint-write-mb-per-s", write.summary());
            report.put("checkpoint-read-mb-per-s", read.summary());
            report.put("metric-rows-per-s", metrics.summary());
            report.put("postgresql", peer.getMetaData().getDatabaseProductVersion());
            report.put("driver", peer.getMetaData().getDriverVersion());
            report.put("java", System.getProperty("java.vm.version"));
            System.out.println(CanonicalJson.write(report));
            assertThat(write.ratio()).as("write against the peer").isGreaterThanOrEqualTo(1);
            assertThat(median(read.ours())).as("read in MB/s").isGreaterThanOrEqualTo(400);
            assertThat(median(metrics.ours())).as("metric rows a second").isGreaterThanOrEqualTo(20_000);
        }
    }

    /** Each in its own transaction, as a network along a training is stored. */
    private Rates checkpointWrite(Connection peer) throws SQLException {
        Lease lease = ledger.claimOne(ledger.worker(), ledger.submit(LedgerFixture.single(1_000)));
        return compare(
                BYTES / 1e6,
                number -> {
                    byte[] bytes = random(2L * number);
                    long started = System.nanoTime();
                    snapshots.store(lease, number + 1L, bytes);
                    return System.nanoTime() - started;
                },
                number -> {
                    byte[] bytes = random(2L * number + 1);
                    long started = System.nanoTime();
                    try (PreparedStatement insert =
                            peer.prepareStatement("INSERT INTO public.peer_checkpoint VALUES (?, ?)")) {
                        insert.setInt(1, number);
                        insert.setBytes(2, bytes);
                        insert.executeUpdate();
                    }
                    return System.nanoTime() - started;
                });
    }

    /** What was written: every byte comes back, and ours is verified. */
    private Rates checkpointRead(Connection peer) throws SQLException {
        List<String> names = IntStream.range(0, WARM_UP + PAIRS)
                .mapToObj(number -> Digests.of(random(2L * number)))
                .toList();
        return compare(
                BYTES / 1e6,
                number -> {
                    long started = System.nanoTime();
                    byte[] bytes = checkpoints.read(names.get(number));
                    long time = System.nanoTime() - started;
                    assertThat(bytes).hasSize(BYTES);
                    return time;
                },
                number -> {
                    long started = System.nanoTime();
                    try (PreparedStatement select =
                            peer.prepareStatement("SELECT content FROM public.peer_checkpoint WHERE id = ?")) {
                        select.setInt(1, number);
                        try (ResultSet row = select.executeQuery()) {
                            row.next();
                            assertThat(row.getBytes(1)).hasSize(BYTES);
                        }
                    }
                    return System.nanoTime() - started;
                });
    }

    /** Ours is the whole end of a task: network, lineage, state, dependants and study with the metrics. */
    private Rates metrics(Connection peer) throws SQLException {
        List<Measurement> measured = IntStream.range(0, ROWS)
                .mapToObj(i -> Measurement.onImages(
                                "epoch-loss", i % 2 == 0 ? Split.TRAIN : Split.TEST, 10_000, 1.0 / (i + 1))
                        .at(i / 2))
                .toList();
        peer.setAutoCommit(false);
        return compare(
                ROWS,
                number -> {
                    UUID study = ledger.submit(LedgerFixture.single(2_000 + number));
                    Lease lease = ledger.claimOne(ledger.worker(), study);
                    byte[] bytes = ("network " + number).getBytes(StandardCharsets.UTF_8);
                    NewNetwork network = new NewNetwork(new Architecture.Mlp(3072, List.of(4), 10), bytes, List.of());
                    long started = System.nanoTime();
                    completions.finish(lease, new TaskOutcome.Succeeded(Optional.of(network), measured));
                    return System.nanoTime() - started;
                },
                number -> {
                    UUID task = new UUID(1, number);
                    long started = System.nanoTime();
                    insertRowByRow(peer, task, measured);
                    peer.commit();
                    return System.nanoTime() - started;
                });
    }

    private static void insertRowByRow(Connection peer, UUID task, List<Measurement> measured) throws SQLException {
        try (PreparedStatement insert = peer.prepareStatement(PEER_METRIC)) {
            for (Measurement one : measured) {
                insert.setObject(1, task);
                insert.setObject(2, task);
                insert.setString(3, one.metric());
                insert.setString(4, one.variant());
                insert.setBigDecimal(5, one.at().orElseThrow());
                insert.setString(6, one.split().orElseThrow().label());
                insert.setInt(7, one.images().orElseThrow());
                insert.setDouble(8, one.value());
                insert.setString(9, one.status());
                insert.executeUpdate();
            }
        }
    }
}
