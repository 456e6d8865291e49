package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.basinlab.study.RunSettings;

/** Steers studies that are in the store: each call is one transaction, and leaves a row of the audit for each act. */
@ApplicationScoped
public class StudyControl {

    /** Who ends a task at this moment may hold what we wait for, and wait for what we hold: one of the two tries again. */
    private static final int MOST_COLLISIONS = 10;

    private final Steering steering;

    StudyControl(Steering steering) {
        this.steering = steering;
    }

    /**
     * Nothing more of it starts; what runs goes on to its end. One that is paused stays so.
     *
     * @throws ControlRefusedException if there is no such study, or it has ended
     */
    public Controlled pause(UUID study, String actor) {
        return again(() -> steering.pause(study, actor));
    }

    /**
     * What waits may start again. Nothing changes where the study is not paused.
     *
     * @throws ControlRefusedException if there is no such study, or it has ended
     */
    public Controlled resume(UUID study, String actor) {
        return again(() -> steering.resume(study, actor));
    }

    /**
     * Takes everything of it out of the queue; whoever runs a task of it learns so at the next heartbeat, and what comes of that is
     * refused. Nothing changes where the study is cancelled already.
     *
     * @throws ControlRefusedException if there is no such study, or it has ended otherwise
     */
    public Controlled cancel(UUID study, String actor) {
        return again(() -> steering.cancel(study, actor));
    }

    /**
     * Starts the next generation of what failed in a study, or of one failed task, and of what it blocked. Verdicts that were issued
     * stay.
     *
     * @throws ControlRefusedException if there is no such study or task, nothing failed, the study was cancelled or came with a
     *     bundle, or what is needed was given up
     */
    public Controlled retry(UUID studyOrTask, String actor) {
        return again(() -> steering.retry(studyOrTask, actor));
    }

    /**
     * Changes how a study is run, all of it or nothing.
     *
     * @param priority puts it before those of lower priority, [-100, 100]
     * @param limit absent where it stays as it is
     * @throws ControlRefusedException if there is no such study, or it has ended
     * @throws IllegalArgumentException if the priority lies elsewhere, the bound is below 1, or there is nothing to change
     */
    public Controlled change(UUID study, Optional<Integer> priority, Optional<Limit> limit, String actor) {
        if (priority.isEmpty() && limit.isEmpty()) {
            throw new IllegalArgumentException("a change must name a priority or a limit, named neither");
        }
        priority.filter(wanted -> wanted < -RunSettings.HIGHEST_PRIORITY || wanted > RunSettings.HIGHEST_PRIORITY)
                .ifPresent(wanted -> {
                    throw new IllegalArgumentException("a priority must lie in [-100, 100], was " + wanted);
                });
        return again(() -> steering.change(study, priority, limit, actor));
    }

    /**
     * How many tasks of a study run at a time; what runs already goes on.
     *
     * @param maxRunning at least 1; no bound where absent
     */
    public record Limit(Optional<Integer> maxRunning) {
        public Limit {
            maxRunning.filter(most -> most < 1).ifPresent(most -> {
                throw new IllegalArgumentException("at least 1 task of a study must be allowed to run, was " + most);
            });
        }
    }

    private static Controlled again(Supplier<Controlled> act) {
        for (int tries = 1; ; tries++) {
            try {
                return act.get();
            } catch (ControlRefusedException e) {
                throw e;
            } catch (RuntimeException e) {
                if (!StoreFault.isCollision(e) || tries == MOST_COLLISIONS) {
                    throw e;
                }
            }
        }
    }
}
