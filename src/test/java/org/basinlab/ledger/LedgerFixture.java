package org.basinlab.ledger;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.Planner;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;

/** Studies and results for tests of the store: the bytes are made up, everything around them is real. */
@ApplicationScoped
public class LedgerFixture {

    public static final Duration LEASE = Duration.ofSeconds(30);
    public static final Map<KnownDataset, DataFacts> DATA = Map.of(
            KnownDataset.SYNTHETIC_SHAPES,
            new DataFacts(KnownDataset.SYNTHETIC_SHAPES, "ab".repeat(32), true, 10_000, 2_000));

    private final Submissions submissions;
    private final Claims claims;
    private final Completions completions;
    private final Workers workers;
    private final Heartbeats heartbeats;
    private final EntityManager entities;
    private final ClaimRegister register;

    LedgerFixture(
            Submissions submissions,
            Claims claims,
            Completions completions,
            Workers workers,
            Heartbeats heartbeats,
            EntityManager entities,
            ClaimRegister register) {
        this.submissions = submissions;
        this.claims = claims;
        this.completions = completions;
        this.workers = workers;
        this.heartbeats = heartbeats;
        this.entities = entities;
        this.register = register;
    }

    /** Two leaves, their hierarchical merge, and the weight norm of each: six tasks. A seed of its own makes it new work. */
    public static Study pair(long seed) {
        return study(seed, 2, "all");
    }

    /** One leaf and its weight norm: two tasks. */
    public static Study single(long seed) {
        return unmerged(seed, 1);
    }

    /** Leaves and their weight norms. */
    public static Study unmerged(long seed, int leaves) {
        return read(seed, leaves, "[]", "all");
    }

    /** Leaves, their merges in pairs, and the weight norm of each. */
    public static Study study(long seed, int leaves, String keep) {
        return read(seed, leaves, "[{ scheme: hierarchical, stages: 1 }]", keep);
    }

    /** Two leaves and their weight norms, and an arm that asks for the very same. */
    public static Study twins(long seed) {
        return StudyFile.read("""
                study: ledger-twins
                seed: %d
                dataset: { name: synthetic-shapes }
                network: { mlp: { hidden: [4] } }
                training:
                  seeds: { from: 0, count: 2 }
                  epochs: 1
                  optimiser: { sgd: { learningRate: 0.1 } }
                evaluate: { weight-norm: {} }
                arms:
                  twin: { training: { epochs: 1 } }
                """.formatted(seed), "ledger-twins.yaml");
    }

    /** The same study with claims of {@link org.basinlab.study.NormClaims}. */
    public static Study claiming(Study study, List<String> claims) {
        return new Study(
                study.name(), study.paper(), study.seed(), study.exploratory(), study.arms(), study.keep(), claims);
    }

    private static Study read(long seed, int leaves, String merge, String keep) {
        return StudyFile.read("""
                study: ledger-test
                seed: %d
                dataset: { name: synthetic-shapes }
                network: { mlp: { hidden: [4] } }
                training:
                  seeds: { from: 0, count: %d }
                  epochs: 1
                  optimiser: { sgd: { learningRate: 0.1 } }
                merge: %s
                evaluate: { weight-norm: {} }
                keep: %s
                """.formatted(seed, leaves, merge, keep), "ledger-test.yaml");
    }

    public UUID submit(Study study) {
        return submissions
                .submit(study, "text of the study", Planner.plan(study, register), DATA, Optional.empty())
                .id();
    }

    /** Tasks that compute nothing. */
    public UUID submitProbe(long seed, String probe) {
        return submitProbe("ledger-probe", seed, probe);
    }

    /** The same under a name of its own. */
    public UUID submitProbe(String name, long seed, String probe) {
        Study study =
                StudyFile.read("study: %s\nseed: %d\nprobe: %s\n".formatted(name, seed, probe), "ledger-probe.yaml");
        return submissions
                .submit(study, "text of the study", Planner.plan(study), Map.of(), Optional.empty())
                .id();
    }

    public UUID submit(SmallPlan plan) {
        return submit(plan, DATA);
    }

    public UUID submit(SmallPlan plan, Map<KnownDataset, DataFacts> data) {
        return submissions
                .submit(plan.study(), "text of the study", plan.plan(), data, Optional.empty())
                .id();
    }

    public UUID worker() {
        return worker("host", 1);
    }

    public UUID worker(String machine, long pid) {
        return workers.register(new WorkerFacts(
                "host", machine, pid, Optional.empty(), 1, "cpu", 1, Map.of("code", "test", "device", "cpu")));
    }

    public List<Lease> claim(UUID worker, UUID study, int most) {
        return claims.claim(new ClaimRequest(worker, most, LEASE, Optional.of(study), "cpu", Long.MAX_VALUE))
                .leases();
    }

    public Lease claimOne(UUID worker, UUID study) {
        List<Lease> leases = claim(worker, study, 1);
        if (leases.size() != 1) {
            throw new AssertionError("one task had to be ready, were " + leases.size());
        }
        return leases.get(0);
    }

    /** A heartbeat of a worker that goes on with one task; returns the tokens that still count. */
    public Set<Long> beat(UUID worker, Lease lease, Duration until) {
        return heartbeats.beat(
                new Heartbeats.Self(worker, WorkerState.ACTIVE, false, Optional.empty()),
                until,
                List.of(new Heartbeats.Sign(lease.taskId(), lease.token(), true, 0, false, List.of())),
                List.of());
    }

    /** A worker of another machine that dies with all that it holds. */
    void die(String machine) {
        workers.takeBackFromDead(machine, process -> false);
    }

    public boolean finish(Lease lease) {
        return completions.finish(lease, success(lease));
    }

    public UUID submitOnNewData(Study study, String digest) {
        DataFacts data = new DataFacts(KnownDataset.SYNTHETIC_SHAPES, digest, false, 10_000, 2_000);
        return submissions
                .submit(study, "text", Planner.plan(study), Map.of(data.name(), data), Optional.empty())
                .id();
    }

    public UUID findOrSubmit(Study study) {
        return submissions
                .findOrSubmit(study, "text of the study", Planner.plan(study, register), DATA)
                .study()
                .id();
    }

    /** As one slot does. */
    public List<Lease> runOneByOne(UUID study) {
        List<Lease> done = new ArrayList<>();
        UUID worker = worker();
        for (List<Lease> one = claim(worker, study, 1); !one.isEmpty(); one = claim(worker, study, 1)) {
            finish(one.get(0));
            done.addAll(one);
        }
        return done;
    }

    /** Takes and finishes what is ready until nothing is. */
    public List<Lease> runAll(UUID study) {
        List<Lease> done = new ArrayList<>();
        UUID worker = worker();
        for (List<Lease> some = claim(worker, study, 10); !some.isEmpty(); some = claim(worker, study, 10)) {
            some.forEach(this::finish);
            done.addAll(some);
        }
        return done;
    }

    public static TaskOutcome success(Lease lease) {
        if (lease.spec().kind() == TaskSpec.Kind.JUDGE) {
            return new TaskOutcome.Concluded(List.of());
        }
        if (lease.spec().kind() == TaskSpec.Kind.PROBE) {
            return new TaskOutcome.Succeeded(Optional.empty(), List.of());
        }
        if (lease.spec().kind() == TaskSpec.Kind.EVALUATE) {
            return new TaskOutcome.Succeeded(Optional.empty(), List.of(Measurement.scalar("weight-norm", 1.5)));
        }
        List<NewNetwork.Parent> parents = lease.inputs().stream()
                .map(input -> new NewNetwork.Parent(0.5, Optional.of(Map.of("P_0", new int[] {1, 0, 2, 3}))))
                .toList();
        byte[] bytes = ("network of " + lease.spec()
                        + lease.inputs().stream().map(Lease.Input::sha256).toList())
                .getBytes(StandardCharsets.UTF_8);
        return new TaskOutcome.Succeeded(
                Optional.of(new NewNetwork(new Architecture.Mlp(3072, List.of(4), 10), bytes, parents)), List.of());
    }

    /** One value by SQL. */
    public <T> T ask(String sql, Class<T> type, Object... parameters) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var query = entities.createNativeQuery(sql, type);
            for (int i = 0; i < parameters.length; i++) {
                query.setParameter(i + 1, parameters[i]);
            }
            return type.cast(query.getSingleResult());
        });
    }

    /** A change by SQL, for damage that no program of ours does. */
    public void change(String sql, Object... parameters) {
        QuarkusTransaction.requiringNew().run(() -> {
            var query = entities.createNativeQuery(sql);
            for (int i = 0; i < parameters.length; i++) {
                query.setParameter(i + 1, parameters[i]);
            }
            query.executeUpdate();
        });
    }

    public String state(UUID study) {
        return ask("SELECT state FROM results.studies WHERE id = ?1", String.class, study);
    }

    public long tasks(UUID study, String state) {
        return ask("SELECT count(*) FROM results.tasks WHERE study_id = ?1 AND state = ?2", Long.class, study, state);
    }
}
