package org.basinlab.benchmark;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.basinlab.workflow.PlannedTask;

/**
 * db-scheduler, set up as its documentation advises for throughput: lock-and-fetch, four batches ahead. A task that ends schedules
 * what it makes ready in its own transaction; that its row leaves db-scheduler's table is a second transaction, which is not ours to join.
 */
final class DbSchedulerPeer implements QueuePeers.Peer {

    /** The table as db-scheduler's documentation gives it for PostgreSQL. */
    private static final String TABLE = """
            DROP TABLE IF EXISTS public.scheduled_tasks;
            CREATE TABLE public.scheduled_tasks (
                task_name            text        NOT NULL,
                task_instance        text        NOT NULL,
                task_data            bytea,
                execution_time       timestamptz NOT NULL,
                picked               boolean     NOT NULL,
                picked_by            text,
                last_success         timestamptz,
                last_failure         timestamptz,
                consecutive_failures integer,
                last_heartbeat       timestamptz,
                version              bigint      NOT NULL,
                priority             smallint,
                PRIMARY KEY (task_name, task_instance)
            );
            CREATE INDEX execution_time_idx ON public.scheduled_tasks (execution_time);
            CREATE INDEX last_heartbeat_idx ON public.scheduled_tasks (last_heartbeat);
            CREATE INDEX priority_execution_time_idx ON public.scheduled_tasks (priority DESC, execution_time ASC);
            """;

    private static final int ROWS_A_BATCH = 1_000;

    private final DataSource database;
    private final PeerDag dag;
    private final int threads;

    DbSchedulerPeer(DataSource database, int threads) {
        this.database = database;
        this.dag = new PeerDag(database);
        this.threads = threads;
    }

    @Override
    public QueuePeers.Run run(List<PlannedTask> tasks) throws SQLException, InterruptedException {
        try (Connection connection = database.getConnection();
                Statement make = connection.createStatement()) {
            make.execute(TABLE);
        }
        AtomicReference<Runnable> look = new AtomicReference<>(() -> {});
        OneTimeTask<Void> probe = Tasks.oneTime("probe")
                .execute((instance, context) -> {
                    if (end(Integer.parseInt(instance.getId()), System.nanoTime()) > 0) {
                        look.get().run();
                    }
                });
        long started = System.nanoTime();
        List<Integer> ready = dag.write(tasks);
        SchedulerClient client = SchedulerClient.Builder.create(database, probe).build();
        for (int from = 0; from < ready.size(); from += ROWS_A_BATCH) {
            client.scheduleBatch(
                    instances(ready.subList(from, Math.min(ready.size(), from + ROWS_A_BATCH))), Instant.EPOCH);
        }
        double accepted = (System.nanoTime() - started) * 1e-9;
        Scheduler scheduler = Scheduler.create(database, probe)
                .threads(threads)
                .pollUsingLockAndFetch(1.0, 4.0)
                .pollingInterval(Duration.ofMillis(100))
                .shutdownMaxWait(Duration.ofSeconds(10))
                .build();
        look.set(scheduler::triggerCheckForDueExecutions);
        scheduler.start();
        try {
            return new QueuePeers.Run(dag.await(tasks.size()), accepted);
        } finally {
            scheduler.stop();
        }
    }

    private static List<TaskInstance<?>> instances(List<Integer> tasks) {
        List<TaskInstance<?>> instances = new ArrayList<>();
        tasks.forEach(task -> instances.add(new TaskInstance<>("probe", Integer.toString(task))));
        return instances;
    }

    /** One transaction; returns how many tasks became ready. */
    private int end(int task, long began) {
        return dag.inTransaction(connection -> {
            List<Integer> ready = PeerDag.finish(connection, task, System.nanoTime() - began);
            if (!ready.isEmpty()) {
                SchedulerClient.Builder.create(new OneConnection(connection))
                        .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
                        .build()
                        .scheduleBatch(instances(ready), Instant.EPOCH);
            }
            return ready;
        })
                .size();
    }
}
