package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.basinlab.ledger.DataFacts;
import org.basinlab.ledger.Submissions;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.study.Study;
import org.basinlab.workflow.Plan;
import org.basinlab.workflow.Planner;
import org.basinlab.workflow.StudyState;

/** From a study that somebody wants to one in the queue. */
@ApplicationScoped
public class Intake {

    private final Submissions submissions;
    private final DataCatalogue data;
    private final Bell bell;

    Intake(Submissions submissions, DataCatalogue data, Bell bell) {
        this.submissions = submissions;
        this.data = data;
        this.bell = bell;
    }

    /**
     * The newest study of the same specification and data, to be gone on with; or a new one where there is none, or where it
     * was cancelled.
     */
    public Accepted resumeOrSubmit(Study study, String specification) {
        Map<KnownDataset, DataFacts> facts = facts(study);
        Optional<Submissions.Submitted> same = submissions
                .findSame(Submissions.identity(study, facts))
                .filter(found -> found.state() != StudyState.CANCELLED);
        return same.map(found -> new Accepted(found, true))
                .orElseGet(() -> submit(study, specification, facts, Optional.empty()));
    }

    /** A new study, whatever there is already; finished work of others is used all the same. */
    public Accepted submit(Study study, String specification) {
        return submit(study, specification, facts(study), Optional.empty());
    }

    /** A new study, unless one was submitted with this key: then that one. */
    public Accepted submitOnce(Study study, String specification, String idempotencyKey) {
        return submissions
                .findByIdempotencyKey(idempotencyKey)
                .map(found -> new Accepted(found, true))
                .orElseGet(() -> submit(study, specification, facts(study), Optional.of(idempotencyKey)));
    }

    private Accepted submit(
            Study study, String specification, Map<KnownDataset, DataFacts> facts, Optional<String> idempotencyKey) {
        Plan plan = Planner.plan(study);
        Accepted accepted = new Accepted(submissions.submit(study, specification, plan, facts, idempotencyKey), false);
        bell.ring();
        return accepted;
    }

    private Map<KnownDataset, DataFacts> facts(Study study) {
        Map<KnownDataset, DataFacts> facts = new EnumMap<>(KnownDataset.class);
        study.arms().forEach(arm -> {
            DatasetRef reference = arm.dataset();
            facts.put(reference.name(), data.facts(reference));
        });
        return facts;
    }

    /**
     * A study in the queue.
     *
     * @param resumed whether it was there before
     */
    public record Accepted(Submissions.Submitted study, boolean resumed) {}
}
