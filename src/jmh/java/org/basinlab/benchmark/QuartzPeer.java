package org.basinlab.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import javax.sql.DataSource;
import org.basinlab.workflow.PlannedTask;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/**
 * Quartz with its clustered JDBC store, one job a task, taken in batches of as many as there are threads. What a task makes ready is
 * scheduled after its transaction, because Quartz's store has transactions of its own: who dies between the two leaves it undone.
 */
final class QuartzPeer implements QueuePeers.Peer {

    private static final String SOURCE = "peer";
    private static final String TABLES = "peer_quartz";
    private static final int JOBS_A_BATCH = 1_000;

    /** Quartz makes its jobs itself: this is how they find what they need. */
    private static final String SELF = "self";

    private final DataSource database;
    private final PeerDag dag;
    private final int threads;

    QuartzPeer(DataSource database, int threads) {
        this.database = database;
        this.dag = new PeerDag(database);
        this.threads = threads;
    }

    @Override
    public QueuePeers.Run run(List<PlannedTask> tasks) throws SQLException, InterruptedException {
        makeTables();
        DBConnectionManager.getInstance().addConnectionProvider(SOURCE, new Provider(database));
        try {
            Scheduler scheduler = new StdSchedulerFactory(properties()).getScheduler();
            scheduler.getContext().put(SELF, this);
            try {
                long started = System.nanoTime();
                List<Integer> ready = dag.write(tasks);
                for (int from = 0; from < ready.size(); from += JOBS_A_BATCH) {
                    schedule(scheduler, ready.subList(from, Math.min(ready.size(), from + JOBS_A_BATCH)));
                }
                double accepted = (System.nanoTime() - started) * 1e-9;
                scheduler.start();
                return new QueuePeers.Run(dag.await(tasks.size()), accepted);
            } finally {
                scheduler.shutdown(true);
            }
        } catch (SchedulerException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The tables that this program's own Quartz has, in a schema of the peer's. */
    private void makeTables() throws SQLException {
        String sql;
        try {
            sql = Files.readString(Path.of("migrations", "V002__quartz.sql"));
        } catch (IOException e) {
            throw new IllegalStateException("the benchmark must run in the repository's folder: " + e.getMessage(), e);
        }
        try (Connection connection = database.getConnection();
                Statement make = connection.createStatement()) {
            make.execute("DROP SCHEMA IF EXISTS %s CASCADE".formatted(TABLES));
            make.execute(sql.replace("SCHEMA quartz", "SCHEMA " + TABLES).replace("quartz.", TABLES + "."));
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "org.quartz.scheduler.instanceName", "peer",
                "org.quartz.scheduler.instanceId", "AUTO",
                "org.quartz.scheduler.skipUpdateCheck", "true",
                "org.quartz.scheduler.batchTriggerAcquisitionMaxCount", Integer.toString(threads),
                "org.quartz.scheduler.idleWaitTime", "1000",
                "org.quartz.threadPool.threadCount", Integer.toString(threads)));
        properties.putAll(Map.of(
                "org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX",
                "org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate",
                "org.quartz.jobStore.dataSource", SOURCE,
                "org.quartz.jobStore.tablePrefix", TABLES + ".QRTZ_",
                "org.quartz.jobStore.isClustered", "true",
                "org.quartz.jobStore.clusterCheckinInterval", "2000",
                "org.quartz.jobStore.acquireTriggersWithinLock", "true"));
        return properties;
    }

    private static void schedule(Scheduler scheduler, List<Integer> tasks) throws SchedulerException {
        Map<JobDetail, Set<? extends Trigger>> jobs = new HashMap<>();
        for (int task : tasks) {
            JobDetail job = JobBuilder.newJob(Probe.class)
                    .withIdentity(Integer.toString(task))
                    .build();
            jobs.put(job, Set.of(TriggerBuilder.newTrigger()
                    .withIdentity(Integer.toString(task))
                    .startNow()
                    .build()));
        }
        scheduler.scheduleJobs(jobs, false);
    }

    /** One task. */
    public static final class Probe implements Job {

        @Override
        public void execute(JobExecutionContext context) throws JobExecutionException {
            long began = System.nanoTime();
            int task = Integer.parseInt(context.getJobDetail().getKey().getName());
            try {
                QuartzPeer self = (QuartzPeer) context.getScheduler().getContext().get(SELF);
                List<Integer> ready = self.dag.inTransaction(
                        connection -> PeerDag.finish(connection, task, System.nanoTime() - began));
                if (!ready.isEmpty()) {
                    schedule(context.getScheduler(), ready);
                }
            } catch (SchedulerException e) {
                throw new JobExecutionException(e);
            }
        }
    }

    /** The pool that all peers share. */
    private static final class Provider implements ConnectionProvider {

        private final DataSource database;

        Provider(DataSource database) {
            this.database = database;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return database.getConnection();
        }

        @Override
        public void shutdown() {
            // It is closed by who opened it.
        }

        @Override
        public void initialize() {
            // It is open.
        }
    }
}
