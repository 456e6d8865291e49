package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.study.Study;
import org.basinlab.workflow.Plan;
import org.basinlab.workflow.StudyState;

/** The way of a study into the store: its specification, plan and queue in one transaction. */
@ApplicationScoped
public class Submissions {

    private final Rows.Studies studies;
    private final Rows.StudyVersions versions;
    private final Rows.Datasets datasets;
    private final Rows.Queue queue;
    private final PlanWriter writer;
    private final Readiness readiness;
    private final Settlement settlement;
    private final DatabaseClock clock;

    Submissions(
            Rows.Studies studies,
            Rows.StudyVersions versions,
            Rows.Datasets datasets,
            Rows.Queue queue,
            PlanWriter writer,
            Readiness readiness,
            Settlement settlement,
            DatabaseClock clock) {
        this.studies = studies;
        this.versions = versions;
        this.datasets = datasets;
        this.queue = queue;
        this.writer = writer;
        this.readiness = readiness;
        this.settlement = settlement;
        this.clock = clock;
    }

    /** SHA-256 over the canonical specification and the digests of its data: what makes two studies the same. */
    public static String identity(Study study, Map<KnownDataset, DataFacts> data) {
        Map<String, String> digests = new TreeMap<>();
        data.forEach((name, facts) -> digests.put(name.label(), facts.digest()));
        return CanonicalJson.digest(new Identity(study, digests));
    }

    private record Identity(Study study, Map<String, String> data) {}

    /** The newest study of this identity. */
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
     *
     * @return the study, and whether it was there before
     */
    @Transactional
    public Found findOrSubmit(Study study, String specification, Plan plan, Map<KnownDataset, DataFacts> data) {
        String identity = identity(study, data);
        studies.getEntityManager()
                .createNativeQuery(
                        "SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended(:identity, 0))) AS held")
                .setParameter("identity", identity)
                .getSingleResult();
        Optional<Submitted> same = findSame(identity).filter(found -> found.state() != StudyState.CANCELLED);
        return same.map(found -> new Found(found, true))
                .orElseGet(() -> new Found(submit(study, specification, plan, data, Optional.empty()), false));
    }

    /**
     * Accepts a study. Work that was done before is linked at once.
     *
     * @param specification the text as it was given
     * @param data what is known of every data set that the plan reads
     */
    @Transactional
    public Submitted submit(
            Study study,
            String specification,
            Plan plan,
            Map<KnownDataset, DataFacts> data,
            Optional<String> idempotencyKey) {
        data.values().forEach(this::record);
        UUID id = UUID.randomUUID();
        StudyRow row = new StudyRow(id, study, specification, identity(study, data), idempotencyKey);
        studies.persist(row);
        versions.persist(
                new StudyVersionRow(id, 1, study.canonical(), plan.tasks().size()));
        studies.flush();
        List<UUID> ready = writer.write(id, 1, plan, data);
        reuse(ready);
        studies.flush();
        settlement.settleIfDone(id);
        return new Submitted(id, row.state());
    }

    private void reuse(List<UUID> ready) {
        Instant now = clock.now();
        for (UUID task : new ArrayList<>(ready)) {
            queue.findLocked(task)
                    .flatMap(entry -> readiness.reuseIfDone(entry, now))
                    .ifPresent(done -> readiness.succeeded(done, now));
        }
    }

    private void record(DataFacts facts) {
        if (datasets.findById(facts.digest()) == null) {
            datasets.persist(new DatasetRow(facts));
        }
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
