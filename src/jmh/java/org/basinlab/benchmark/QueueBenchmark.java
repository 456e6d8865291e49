package org.basinlab.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.basinlab.embedded.EmbeddedPostgres;
import org.basinlab.recipe.Seeds;

/**
 * Our queue as users have it: {@code ./basinlab serve} in processes of its own, PostgreSQL as it ships, studies over HTTP, times by the
 * database's clock. {@code DATA_HOME PART ARGUMENTS…} prints one line of JSON; {@code src/bench/queue.py} runs all parts:
 *
 * <ul>
 *   <li>{@code rates SLOTS WARM_UP SHAPE:TASKS…}: tasks a second of graphs, and how long each takes to be accepted
 *   <li>{@code share SLOTS TASKS SECONDS}: what dispatch costs of a study whose tasks take time
 *   <li>{@code latency STUDIES}: from ready to running while a worker in another process idles
 *   <li>{@code readers SLOTS TASKS PAIRS SECONDS}: the rate beside four readers, and alone, in turn; tasks take so long
 *   <li>{@code kill TIMES}: from the kill of a worker to its task being ready, and running elsewhere
 * </ul>
 */
public final class QueueBenchmark {

    private static final int READERS = 4;

    /** Long enough for another worker to start meanwhile. */
    private static final double SECONDS_OF_KILLED = 40;

    private final Path home;
    private final QueueStore store;
    private final AgroalDataSource database;
    private final RandomGenerator random = Seeds.generator(1);
    private long seed;

    private QueueBenchmark(Path home, AgroalDataSource database) throws SQLException {
        this.home = home;
        this.database = database;
        this.store = new QueueStore(database);
        // Probes of one seed are equal work: each run draws on from the runs before.
        this.seed = (long) store.now();
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 2) {
            throw new IllegalArgumentException("usage: DATA_HOME rates|share|latency|readers|kill ARGUMENTS…");
        }
        Path home = Path.of(arguments[0]);
        List<String> words = Arrays.asList(arguments).subList(2, arguments.length);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(home, System.err::println);
                AgroalDataSource database = AgroalDataSource.from(QueuePeers.pool(postgres))) {
            QueueBenchmark benchmark = new QueueBenchmark(home, database);
            Map<String, Object> result =
                    switch (arguments[1]) {
                        case "rates" -> benchmark.rates(words);
                        case "share" -> benchmark.share(words);
                        case "latency" -> benchmark.latency(words);
                        case "readers" -> benchmark.readers(words);
                        case "kill" -> benchmark.kill(words);
                        default -> throw new IllegalArgumentException("no part is called " + arguments[1]);
                    };
            System.out.println(new ObjectMapper().writeValueAsString(result));
        }
    }

    private String probe(String name, String shape, int tasks, double seconds) {
        return "study: %s\nseed: %d\nprobe: { shape: %s, tasks: %d, seconds: %s }\n"
                .formatted(name, seed++, shape, tasks, seconds);
    }

    private QueueServer.Accepted run(QueueServer server, String shape, int tasks, double seconds)
            throws IOException, InterruptedException, SQLException {
        QueueServer.Accepted accepted = server.submit(probe("benchmark", shape, tasks, seconds));
        store.await(accepted.study());
        return accepted;
    }

    private Map<String, Object> rates(List<String> words) throws Exception {
        List<Map<String, Object>> runs = new ArrayList<>();
        try (QueueServer server = QueueServer.start(home, Integer.parseInt(words.get(0)), false)) {
            run(server, "wide", Integer.parseInt(words.get(1)), 0);
            for (String word : words.subList(2, words.size())) {
                String[] graph = word.split(":");
                int tasks = Integer.parseInt(graph[1]);
                QueueServer.Accepted accepted = run(server, graph[0], tasks, 0);
                store.requireEachOnce(accepted.study());
                double seconds = store.seconds(accepted.study());
                double[] waits = store.fromInput(accepted.study());
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("shape", graph[0]);
                one.put("tasks", tasks);
                one.put("seconds", seconds);
                one.put("accepted", accepted.seconds());
                one.put("tasksPerSecond", tasks / seconds);
                if (waits.length > 0) {
                    one.put("fromInputMillis", quantiles(waits));
                }
                runs.add(one);
                System.err.printf("ours %s: %.0f tasks/s%n", word, tasks / seconds);
            }
        }
        return Map.of("peer", "basinlab", "threads", Integer.parseInt(words.get(0)), "runs", runs);
    }

    /** Slots that cost nothing would take tasks × seconds / slots. */
    private Map<String, Object> share(List<String> words) throws Exception {
        int slots = Integer.parseInt(words.get(0));
        int tasks = Integer.parseInt(words.get(1));
        double seconds = Double.parseDouble(words.get(2));
        try (QueueServer server = QueueServer.start(home, slots, false)) {
            // As one that has run for a while: a thousand claims and hand-ins of one task each.
            run(server, "chain", 1_000, 0);
            QueueServer.Accepted accepted = run(server, "wide", tasks, seconds);
            double took = store.seconds(accepted.study());
            double ideal = tasks * seconds / slots;
            return Map.of("slots", slots, "tasks", tasks, "seconds", took, "ideal", ideal, "share", 1 - ideal / took);
        }
    }

    private Map<String, Object> latency(List<String> words) throws Exception {
        try (QueueServer server = QueueServer.start(home, 0, false);
                QueueServer worker = QueueServer.start(home, 2, false)) {
            for (int i = 0; i < 20; i++) {
                store.await(server.submit(probe("warm-up-of-latency", "wide", 1, 0)).study());
            }
            String name = "latency-" + seed;
            for (int i = 0; i < Integer.parseInt(words.get(0)); i++) {
                Thread.sleep(random.nextInt(20, 200));
                store.await(server.submit(probe(name, "wide", 1, 0)).study());
            }
            return Map.of("studies", Integer.parseInt(words.get(0)), "millis", quantiles(store.fromSubmission(name)));
        }
    }

    private Map<String, Object> readers(List<String> words) throws Exception {
        int tasks = Integer.parseInt(words.get(1));
        double seconds = Double.parseDouble(words.get(3));
        List<Double> alone = new ArrayList<>();
        List<Double> beside = new ArrayList<>();
        int answers = 0;
        try (QueueServer server = QueueServer.start(home, Integer.parseInt(words.get(0)), true)) {
            awaitEvidence();
            run(server, "wide", 2_000, 0);
            for (int pair = 0; pair < Integer.parseInt(words.get(2)); pair++) {
                alone.add(tasks / store.seconds(run(server, "wide", tasks, seconds).study()));
                try (QueueReaders readers = new QueueReaders(database, READERS)) {
                    beside.add(tasks / store.seconds(run(server, "wide", tasks, seconds).study()));
                    answers += readers.answers();
                }
            }
        }
        return Map.of("secondsOfTasks", seconds, "alone", alone, "beside", beside, "answers", answers);
    }

    /** The evidence that ships makes the heavy queries heavy: thousands of tasks and networks, and outcomes of every image. */
    private void awaitEvidence() throws SQLException, InterruptedException {
        for (double before = -1, now = 0; now == 0 || now != before; ) {
            Thread.sleep(3_000);
            before = now;
            now = store.number("SELECT count(*) FROM results.studies WHERE bundle IS NOT NULL");
        }
        store.execute("VACUUM ANALYZE");
    }

    private Map<String, Object> kill(List<String> words) throws Exception {
        List<Double> requeued = new ArrayList<>();
        List<Double> again = new ArrayList<>();
        try (QueueServer server = QueueServer.start(home, 0, false)) {
            for (int i = 0; i < Integer.parseInt(words.get(0)); i++) {
                double[] loss = kill(server);
                requeued.add(loss[0]);
                again.add(loss[1]);
            }
        }
        return Map.of("requeuedSeconds", requeued, "runningAgainSeconds", again);
    }

    /** The worker that lives comes second, so that the other has the task, and has come before the kill: a start looks for the dead of its machine. */
    private double[] kill(QueueServer server) throws Exception {
        try (QueueServer dies = QueueServer.start(home, 1, false)) {
            QueueServer.Accepted accepted = server.submit(probe("kill", "wide", 1, SECONDS_OF_KILLED));
            while (!store.isRunning(accepted.study())) {
                Thread.sleep(10);
            }
            try (QueueServer lives = QueueServer.start(home, 1, false)) {
                store.awaitIdle();
                double killed = store.now();
                dies.kill();
                store.await(accepted.study());
                return store.loss(accepted.study(), killed);
            }
        }
    }

    private static Map<String, Double> quantiles(double[] rising) {
        return Map.of(
                "p50", rising[rising.length / 2],
                "p99", rising[Math.min(rising.length - 1, rising.length * 99 / 100)],
                "most", rising[rising.length - 1]);
    }
}
