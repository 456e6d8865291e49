package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.study.RunSettings;
import org.basinlab.study.Study;
import org.basinlab.study.Wanted;
import org.basinlab.workflow.Plan;
import org.basinlab.workflow.StudyState;

/** The way of a study into the store: its specification, plan and queue in one transaction. */
@ApplicationScoped
public class Submissions {

    private static final String RECORD = """
            INSERT INTO ledger.dataset (digest, name, official, train_images, test_images)
            VALUES (:digest, :name, :official, :train, :test)
            ON CONFLICT (digest) DO NOTHING
            """;

    private static final String HOLD_IDENTITY = """
            SELECT 1
              FROM (SELECT pg_advisory_xact_lock(hashtextextended(:identity, 0))) AS held
            """;

    private final Rows.Studies studies;
    private final Rows.StudyVersions versions;
    private final PlanWriter writer;
    private final StudyClaimWriter claims;
    private final Readiness readiness;
    private final Settlement settlement;
    private final StudyHold hold;
    private final Revival revival;
    private final Audit audit;
    private final Checkpoints checkpoints;
    private final Signals signals;
    private final DatabaseClock clock;

    Submissions(
            Rows.Studies studies,
            Rows.StudyVersions versions,
            PlanWriter writer,
            StudyClaimWriter claims,
            Readiness readiness,
            Settlement settlement,
            StudyHold hold,
            Revival revival,
            Audit audit,
            Checkpoints checkpoints,
            Signals signals,
            DatabaseClock clock) {
        this.studies = studies;
        this.versions = versions;
        this.writer = writer;
        this.claims = claims;
        this.readiness = readiness;
        this.settlement = settlement;
        this.hold = hold;
        this.revival = revival;
        this.audit = audit;
        this.checkpoints = checkpoints;
        this.signals = signals;
        this.clock = clock;
    }

    /** SHA-256 over the canonical specification and the digests of its data: what makes two studies the same. */
    public static String identity(Study study, Map<KnownDataset, DataFacts> data) {
        Map<String, String> digests = new TreeMap<>();
        data.forEach((name, facts) -> digests.put(name.label(), facts.digest()));
        return CanonicalJson.digest(new Identity(study, digests));
    }

    private record Identity(Study study, Map<String, String> data) {}

    /** The newest study of this identity that was submitted here. */
    @Transactional
    public Optional<Submitted> findSame(String identity) {
        return studies.findNewest(identity).map(row -> new Submitted(row.id(), row.state()));
    }

    /** The study that was submitted with this key. */
    @Transactional
    public Optional<Submitted> findByIdempotencyKey(String key) {
        return studies.find("idempotencyKey", key)
                .firstResultOptional()
                .map(row -> new Submitted(row.id(), row.state()));
    }

    /** Whether the study is of this identity. */
    @Transactional
    public boolean isSame(UUID study, String identity) {
        return studies.count("id = ?1 and identity = ?2", study, identity) == 1;
    }

    /**
     * Accepts a study unless the same one is there and was not cancelled. Of two that come at once the second finds the first.
     * One that is there and ended without verdicts because its judge failed is to be judged again.
     *
     * @return the study, and whether it was there before
     */
    @Transactional
    public Found findOrSubmit(Wanted wanted, Plan plan, Map<KnownDataset, DataFacts> data) {
        String identity = identity(wanted.study(), data);
        studies.getEntityManager()
                .createNativeQuery(HOLD_IDENTITY)
                .setParameter("identity", identity)
                .getSingleResult();
        Optional<Submitted> same = findSame(identity).filter(found -> found.state() != StudyState.CANCELLED);
        return same.map(found -> new Found(resume(found), true))
                .orElseGet(() -> new Found(submit(wanted, plan, data, Optional.empty()), false));
    }

    /**
     * What a study claims is fixed when it is submitted: submitted anew after the program was mended, its numbers would be there
     * before it and its verdicts exploratory. So the same study judges again.
     */
    private Submitted resume(Submitted found) {
        Optional<StudyHold.Held> failed =
                hold.holdWithTasks(found.id()).filter(study -> study.state() == StudyState.FAILED);
        List<UUID> judges = failed.stream()
                .flatMap(study -> revival.failed(study.id()).stream())
                .filter(Revival.Failed::isJudge)
                .map(Revival.Failed::task)
                .toList();
        if (judges.isEmpty()) {
            return found;
        }
        revival.revive(found.id(), judges);
        audit.write(
                Audit.ENGINE,
                "judges-retried",
                Optional.of(found.id()),
                Optional.empty(),
                Optional.empty(),
                Map.of("failed", judges));
        return new Submitted(found.id(), StudyState.RUNNING);
    }

    /**
     * Accepts a study. Work that was done before is linked at once. What it claims is fixed with it: wording, rule, queries and
     * the number of units.
     *
     * @param data what is known of every data set that the plan reads
     * @throws CheckpointException if a training is to start from a network that is not in the store
     */
    @Transactional
    public Submitted submit(
            Wanted wanted, Plan plan, Map<KnownDataset, DataFacts> data, Optional<String> idempotencyKey) {
        Study study = wanted.study();
        // From here on nobody gives up what a training starts from: its tasks come to stand in the store with this.
        study.arms().stream()
                .flatMap(arm -> arm.training().startNetwork().stream())
                .distinct()
                .sorted()
                .forEach(this::hold);
        data.values().forEach(this::record);
        UUID id = UUID.randomUUID();
        StudyRow row = new StudyRow(id, wanted, identity(study, data), idempotencyKey);
        studies.persist(row);
        versions.persist(
                new StudyVersionRow(id, 1, study.canonical(), plan.tasks().size()));
        studies.flush();
        claims.write(id, 1, study, plan);
        writer.write(id, 1, plan, data);
        reuse(id).forEach(settlement::settleIfDone);
        signals.work();
        signals.study(id);
        return new Submitted(id, hold.hold(id).orElseThrow().state());
    }

    /** The same for a study that says nothing of how it is to be run. */
    @Transactional
    public Submitted submit(
            Study study,
            String specification,
            Plan plan,
            Map<KnownDataset, DataFacts> data,
            Optional<String> idempotencyKey) {
        return submit(new Wanted(study, RunSettings.DEFAULT, specification), plan, data, idempotencyKey);
    }

    /** The same for a study that says nothing of how it is to be run. */
    @Transactional
    public Found findOrSubmit(Study study, String specification, Plan plan, Map<KnownDataset, DataFacts> data) {
        return findOrSubmit(new Wanted(study, RunSettings.DEFAULT, specification), plan, data);
    }

    /** Links what was done before; returns the studies in which something succeeded by that, this one included. */
    SortedSet<UUID> reuse(UUID study) {
        SortedSet<UUID> touched = readiness.reuseReady(study, clock.now());
        touched.add(study);
        return touched;
    }

    private void hold(String start) {
        if (!checkpoints.hold(start)) {
            throw new CheckpointException("no checkpoint in the store has the SHA-256 " + start);
        }
    }

    private void record(DataFacts facts) {
        studies.getEntityManager()
                .createNativeQuery(RECORD)
                .setParameter("digest", facts.digest())
                .setParameter("name", facts.name().label())
                .setParameter("official", facts.official())
                .setParameter("train", facts.trainImages())
                .setParameter("test", facts.testImages())
                .executeUpdate();
    }

    /**
     * A study that was wanted.
     *
     * @param before whether it was there already
     */
    public record Found(Submitted study, boolean before) {}

    /** A study in the store, and where it stands. */
    public record Submitted(UUID id, StudyState state) {}
}
