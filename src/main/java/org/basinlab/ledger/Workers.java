package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Predicate;
import org.basinlab.recipe.CanonicalJson;

/** The processes that take tasks: they come, are heard of, and go; what they leave behind is taken back. */
@ApplicationScoped
public class Workers {

    private static final String HEARD = """
            UPDATE ledger.worker
               SET seen_at = clock_timestamp()
             WHERE id = :id
            """;

    private final Rows.Workers workers;
    private final Losses losses;
    private final Fitness fitness;
    private final EntityManager entities;
    private final DatabaseClock clock;

    Workers(Rows.Workers workers, Losses losses, Fitness fitness, EntityManager entities, DatabaseClock clock) {
        this.workers = workers;
        this.losses = losses;
        this.fitness = fitness;
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * A process begins to take tasks.
     *
     * @throws WorkerRefusedException if the store has another schema than the program, or has seen newer numerics of a kind of task
     */
    @Transactional
    public UUID register(WorkerFacts facts) {
        fitness.require(facts);
        UUID id = UUID.randomUUID();
        workers.persist(new WorkerRow(id, facts, CanonicalJson.write(facts.environment())));
        return id;
    }

    @Transactional
    public void heard(UUID worker) {
        entities.createNativeQuery(HEARD).setParameter("id", worker).executeUpdate();
    }

    /** A process ends in order, having given its tasks back. */
    @Transactional
    public void stop(UUID worker) {
        workers.findByIdOptional(worker).ifPresent(row -> row.stop(clock.now()));
    }

    /**
     * Takes back at once what processes of this machine held that are gone: nobody needs to wait for their leases to run out.
     *
     * @param lives whether a process with that number and start is there
     * @return how many tasks were taken back
     */
    @Transactional
    public int takeBackFromDead(String machine, Predicate<ProcessName> lives) {
        Instant now = clock.now();
        int taken = 0;
        for (WorkerRow worker : workers.listAlive(machine)) {
            if (!lives.test(worker.process())) {
                taken += losses.takeBack(worker.id());
                worker.stop(now);
            }
        }
        return taken;
    }

    /**
     * Takes back the leases that have run out. For one lease period after the database has come up none counts as run out:
     * nobody could put it off while it was away.
     *
     * @return how many tasks were taken back
     */
    @Transactional
    public int takeBackExpired(Duration lease) {
        return losses.takeBackExpired(lease);
    }
}
