package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.basinlab.ledger.CheckpointException;
import org.basinlab.ledger.DataFacts;
import org.basinlab.ledger.Submissions;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.study.Arm;
import org.basinlab.study.Study;
import org.basinlab.workflow.ClaimCoverage;
import org.basinlab.workflow.ClaimRefusedException;
import org.basinlab.workflow.Plan;
import org.basinlab.workflow.Planner;

/** From a study that somebody wants to one in the queue. */
@ApplicationScoped
public class Intake {

    private final Submissions submissions;
    private final DataCatalogue data;
    private final StartNetworks starts;
    private final Bell bell;

    Intake(Submissions submissions, DataCatalogue data, StartNetworks starts, Bell bell) {
        this.submissions = submissions;
        this.data = data;
        this.starts = starts;
        this.bell = bell;
    }

    /**
     * The newest study of the same specification and data, to be gone on with; or a new one where there is none, or where it
     * was cancelled.
     *
     * @throws StartRefusedException if a training cannot start where the study says
     * @throws ClaimRefusedException if the study lists a claim that it does not measure
     */
    public Accepted resumeOrSubmit(Study study, String specification) {
        requireStarts(study);
        Submissions.Found found = submissions.findOrSubmit(study, specification, plan(study), facts(study));
        bell.ring();
        return new Accepted(found.study(), found.before(), bytesToCome(study));
    }

    /**
     * A new study, whatever there is already; finished work of others is used all the same.
     *
     * @throws StartRefusedException if a training cannot start where the study says
     * @throws ClaimRefusedException if the study lists a claim that it does not measure
     */
    public Accepted submit(Study study, String specification) {
        return submit(study, specification, facts(study), Optional.empty());
    }

    /**
     * A new study, unless one was submitted with this key: then that one.
     *
     * @throws IllegalArgumentException if the key was used for another specification or other data
     * @throws StartRefusedException if a training cannot start where the study says
     * @throws ClaimRefusedException if the study lists a claim that it does not measure
     */
    public Accepted submitOnce(Study study, String specification, String idempotencyKey) {
        Map<KnownDataset, DataFacts> facts = facts(study);
        return findOnce(study, facts, idempotencyKey).orElseGet(() -> {
            try {
                return submit(study, specification, facts, Optional.of(idempotencyKey));
            } catch (RuntimeException e) {
                // Two requests with one key at a time: the store took the other one.
                return findOnce(study, facts, idempotencyKey).orElseThrow(() -> e);
            }
        });
    }

    private Optional<Accepted> findOnce(Study study, Map<KnownDataset, DataFacts> facts, String idempotencyKey) {
        Optional<Submissions.Submitted> found = submissions.findByIdempotencyKey(idempotencyKey);
        if (found.isPresent() && !submissions.isSame(found.get().id(), Submissions.identity(study, facts))) {
            throw new IllegalArgumentException("an idempotency key must name one study, '%s' was used for another (%s)"
                    .formatted(idempotencyKey, found.get().id()));
        }
        return found.map(submitted -> new Accepted(submitted, true, bytesToCome(study)));
    }

    private Accepted submit(
            Study study, String specification, Map<KnownDataset, DataFacts> facts, Optional<String> idempotencyKey) {
        requireStarts(study);
        Plan plan = plan(study);
        Submissions.Submitted submitted = submissions.submit(study, specification, plan, facts, idempotencyKey);
        bell.ring();
        return new Accepted(submitted, false, bytesToCome(study));
    }

    private static Plan plan(Study study) {
        Plan plan = Planner.plan(study);
        ClaimCoverage.require(study, plan);
        return plan;
    }

    private void requireStarts(Study study) {
        study.arms().forEach(arm -> arm.training().start().ifPresent(start -> requireStart(arm, start)));
    }

    private void requireStart(Arm arm, String start) {
        Architecture found;
        try {
            found = starts.architecture(start);
        } catch (CheckpointException | IllegalArgumentException e) {
            throw new StartRefusedException(
                    "training.start of arm %s must be a network of the store: %s".formatted(arm.name(), e.getMessage()),
                    e);
        }
        if (!found.equals(arm.network())) {
            throw new StartRefusedException("training.start of arm %s must be a network %s, %s is %s"
                    .formatted(arm.name(), arm.network().label(), start, found.label()));
        }
    }

    private Map<KnownDataset, DataFacts> facts(Study study) {
        Map<KnownDataset, DataFacts> facts = new EnumMap<>(KnownDataset.class);
        study.arms().forEach(arm -> {
            DatasetRef reference = arm.dataset();
            DataFacts found = data.facts(reference);
            DataFacts other = facts.putIfAbsent(reference.name(), found);
            if (other != null && !other.digest().equals(found.digest())) {
                throw new DataUnavailableException(
                        "data set %s must be one in all of a study's arms, arm %s would have %s and an earlier one %s"
                                .formatted(reference.name().label(), arm.name(), found.digest(), other.digest()));
            }
        });
        return facts;
    }

    /** Sends the data of a study that was taken in to the store, where they are not there; returns at once. */
    public void keepData(Study study) {
        references(study).forEach(data::keep);
    }

    /** The store knows the data by now, and may have them. */
    private long bytesToCome(Study study) {
        return references(study).stream().mapToLong(data::bytesToCome).sum();
    }

    private static Collection<DatasetRef> references(Study study) {
        return study.arms().stream()
                .collect(Collectors.toMap(arm -> arm.dataset().name(), Arm::dataset, (one, same) -> one))
                .values();
    }

    /**
     * A study in the queue.
     *
     * @param resumed whether it was there before
     * @param dataBytes what its data sets are still to take up in the store
     */
    public record Accepted(Submissions.Submitted study, boolean resumed, long dataBytes) {}

    public Extended extend(UUID study, org.basinlab.study.SeedRange seeds, String actor) {
        throw new UnsupportedOperationException();
    }

    public record Extended(UUID study, int version, int added, int kept) {}
}
