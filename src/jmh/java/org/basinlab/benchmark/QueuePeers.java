package org.basinlab.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.basinlab.embedded.EmbeddedPostgres;
import org.basinlab.study.StudyFile;
import org.basinlab.workflow.PlannedTask;
import org.basinlab.workflow.Planner;
import org.postgresql.Driver;

/**
 * How fast db-scheduler and Quartz work through the graphs that {@code probe} plans, on the PostgreSQL that the program brings, with
 * its settings and a pool of as many connections: {@code DATA_HOME db-scheduler|quartz THREADS WARM_UP SHAPE:TASKS…} prints one line of
 * JSON. {@code src/bench/queue.py} runs it beside our own queue.
 */
public final class QueuePeers {

    /** As {@code quarkus.datasource.jdbc.max-size} of the program. */
    private static final int CONNECTIONS = 32;

    private QueuePeers() {}

    /** One scheduler. */
    interface Peer {
        Run run(List<PlannedTask> tasks) throws SQLException, InterruptedException;
    }

    /**
     * One run of one graph.
     *
     * @param seconds from the first attempt's start to the last one's end
     * @param accepted seconds to put all of it in
     */
    record Run(double seconds, double accepted) {}

    public static void main(String[] arguments) throws SQLException, InterruptedException, IOException {
        if (arguments.length < 5) {
            throw new IllegalArgumentException("usage: DATA_HOME db-scheduler|quartz THREADS WARM_UP SHAPE:TASKS…");
        }
        int threads = Integer.parseInt(arguments[2]);
        Map<String, Object> results = new LinkedHashMap<>();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(Path.of(arguments[0]), System.err::println);
                AgroalDataSource database = AgroalDataSource.from(pool(postgres))) {
            Peer peer =
                    switch (arguments[1]) {
                        case "db-scheduler" -> new DbSchedulerPeer(database, threads);
                        case "quartz" -> new QuartzPeer(database, threads);
                        default -> throw new IllegalArgumentException("a peer must be db-scheduler or quartz, was " + arguments[1]);
                    };
            peer.run(plan("wide", Integer.parseInt(arguments[3])));
            List<Map<String, Object>> runs = new ArrayList<>();
            for (int i = 4; i < arguments.length; i++) {
                String[] graph = arguments[i].split(":");
                int tasks = Integer.parseInt(graph[1]);
                Run run = peer.run(plan(graph[0], tasks));
                runs.add(Map.of(
                        "shape", graph[0],
                        "tasks", tasks,
                        "seconds", run.seconds(),
                        "accepted", run.accepted(),
                        "tasksPerSecond", tasks / run.seconds()));
                System.err.printf("%s %s: %.0f tasks/s%n", arguments[1], arguments[i], tasks / run.seconds());
            }
            results.put("peer", arguments[1]);
            results.put("threads", threads);
            results.put("runs", runs);
        }
        System.out.println(new ObjectMapper().writeValueAsString(results));
    }

    private static List<PlannedTask> plan(String shape, int tasks) {
        String text = "study: peers\nprobe: { shape: %s, tasks: %d }\n".formatted(shape, tasks);
        return Planner.plan(StudyFile.read(text, "benchmark")).tasks();
    }

    static AgroalDataSourceConfigurationSupplier pool(EmbeddedPostgres postgres) {
        return new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS)
                        .acquisitionTimeout(Duration.ofSeconds(10))
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(postgres.jdbcUrl())
                                .connectionProviderClass(Driver.class)
                                .principal(new NamePrincipal(postgres.user()))
                                .credential(new SimplePassword(postgres.password()))));
    }
}
