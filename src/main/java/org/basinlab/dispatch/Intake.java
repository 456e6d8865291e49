package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.basinlab.ledger.CheckpointException;
import org.basinlab.ledger.ControlRefusedException;
import org.basinlab.ledger.DataFacts;
import org.basinlab.ledger.Extensions;
import org.basinlab.ledger.PlannedBefore;
import org.basinlab.ledger.Signals;
import org.basinlab.ledger.StoreFault;
import org.basinlab.ledger.Submissions;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.study.Arm;
import org.basinlab.study.SeedRange;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.study.Wanted;
import org.basinlab.workflow.ClaimCoverage;
import org.basinlab.workflow.ClaimRefusedException;
import org.basinlab.workflow.Extension;
import org.basinlab.workflow.Plan;
import org.basinlab.workflow.Planner;

/** From a study that somebody wants to one in the queue. */
@ApplicationScoped
public class Intake {

    /** Deadlocks come singly. */
    private static final int MOST_TRIES = 5;

    private final Submissions submissions;
    private final DataCatalogue data;
    private final StartNetworks starts;
    private final Extensions extensions;
    private final StoreRoom room;
    private final Signals signals;
    private final Bell bell;

    Intake(
            Submissions submissions,
            DataCatalogue data,
            StartNetworks starts,
            Extensions extensions,
            StoreRoom room,
            Signals signals,
            Bell bell) {
        this.submissions = submissions;
        this.data = data;
        this.starts = starts;
        this.extensions = extensions;
        this.room = room;
        this.signals = signals;
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
        Map<KnownDataset, DataFacts> facts = facts(study);
        if (submissions.findSame(Submissions.identity(study, facts)).isEmpty()) {
            room.require();
        }
        Submissions.Found found = submissions.findOrSubmit(wanted(study, specification), plan(study), facts);
        tell(found.study().id());
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
        room.require();
        requireStarts(study);
        Plan plan = plan(study);
        Submissions.Submitted submitted = submissions.submit(wanted(study, specification), plan, facts, idempotencyKey);
        tell(submitted.id());
        return new Accepted(submitted, false, bytesToCome(study));
    }

    /** How it is to be run stands in the text beside what it asks. */
    private static Wanted wanted(Study study, String specification) {
        return new Wanted(study, StudyFile.settings(specification, "the specification"), specification);
    }

    /**
     * What a schedule needs each time that it is due.
     *
     * @param plan of the study
     * @param facts of the data sets that it reads
     */
    record Ready(Wanted wanted, Plan plan, Map<KnownDataset, DataFacts> facts) {}

    /**
     * Looks whether a study could be taken in now, and takes nothing in.
     *
     * @throws StartRefusedException if a training cannot start where the study says
     * @throws ClaimRefusedException if the study lists a claim that it does not measure
     * @throws DataUnavailableException if its data are not there
     * @throws StoreFullException if the store has no room
     */
    Ready ready(Wanted wanted) {
        room.require();
        requireStarts(wanted.study());
        return new Ready(wanted, plan(wanted.study()), facts(wanted.study()));
    }

    /**
     * Adds seeds to a study that is in the store: to its own population, and to every arm that has the same seeds. What was planned
     * before stays as it is, and what is finished is used; only what is new is planned, as the next version of the study. What the
     * larger study says of claims is exploratory.
     *
     * @param actor who wants it: {@code cli}, {@code api}
     * @throws ControlRefusedException if there is no such study, if it was cancelled or came in a bundle, has one of the seeds, has
     *     yet to decide its claims, or would be too large; nothing is changed then
     * @throws StoreFullException if the store has no room
     */
    public Extended extend(UUID study, SeedRange seeds, String actor) {
        room.require();
        for (int tries = 1; ; tries++) {
            try {
                return extendOnce(study, seeds, actor);
            } catch (IllegalStateException e) {
                // Somebody finished a task of it at the same time, in the other order.
                if (!StoreFault.isDeadlock(e) || tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private Extended extendOnce(UUID id, SeedRange seeds, String actor) {
        PlannedBefore before = extensions.planned(id);
        Study larger;
        Extension extension;
        try {
            larger = Extension.extend(before.study(), seeds);
            extension = Extension.between(before.tasks(), plan(larger));
        } catch (IllegalArgumentException e) {
            throw new ControlRefusedException(
                    ControlRefusedException.Why.STATE, "study %s: %s".formatted(id, e.getMessage()));
        }
        Extensions.Extended done = extensions.extend(before, larger, extension, seeds, actor);
        tell(id);
        return new Extended(done.study(), done.version(), done.added(), done.kept());
    }

    /** Whoever waits for work, and whoever looks at the study. */
    void tell(UUID study) {
        bell.ring();
        signals.work();
        signals.study(study);
    }

    private static Plan plan(Study study) {
        Plan plan = Planner.plan(study);
        ClaimCoverage.require(study, plan);
        return plan;
    }

    private void requireStarts(Study study) {
        study.arms().forEach(arm -> arm.training().startNetwork().ifPresent(start -> requireStart(arm, start)));
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

    /**
     * What an extension did.
     *
     * @param version of the plan that it made
     * @param added how many tasks are new, those that decide claims included
     * @param kept how many tasks of the earlier versions stay
     */
    public record Extended(UUID study, int version, int added, int kept) {}
}
