package org.basinlab.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.api.TaskBody;
import org.basinlab.dispatch.Intake;
import org.basinlab.ledger.Controlled;
import org.basinlab.ledger.ResultRow;
import org.basinlab.ledger.ScheduleView;
import org.basinlab.ledger.StudyControl;
import org.basinlab.ledger.StudyView;
import org.basinlab.ledger.StudyWatch;
import org.basinlab.ledger.TaskLogLine;
import org.basinlab.ledger.TaskView;
import org.basinlab.study.SeedRange;
import org.basinlab.verdict.ClaimLine;
import org.basinlab.verdict.EffectTable;
import org.basinlab.workflow.TaskSpec;
import org.basinlab.workflow.TaskState;

/**
 * Where the questions and orders of client commands go: the store itself, or a server. Both give the same.
 *
 * <p>A study is meant by its id, the beginning of it, or its name (then the newest); a task by its id or the beginning of it.
 */
interface Desk extends AutoCloseable {

    /** For documents: the database without anything secret, or the server. */
    String address();

    /** The store where it is asked directly, for hints of how to ask it. */
    Optional<Store> store();

    /** All studies, the newest first. */
    List<StudyView> studies();

    /** Studies whose id begins so, or whose name this is, the newest first. */
    List<StudyView> studiesLike(String idOrName);

    /** Tasks whose ids begin so, at most a hundred. */
    List<TaskView> tasksBeginningWith(String beginning);

    List<ResultRow> table(UUID study);

    List<ClaimLine> claims(UUID study);

    /** What the study's factors do to what merging costs. */
    EffectTable effects(UUID study);

    /** In the order of the plan. */
    List<TaskView> tasks(UUID study, Optional<TaskState> state, Optional<TaskSpec.Kind> kind);

    TaskBody task(UUID task);

    List<TaskLogLine> log(UUID task);

    /** Tells what happens to a study from now on, the study as it is first, until the watcher has seen enough. */
    void follow(UUID study, Watcher watcher) throws InterruptedException;

    /** Steers a study, or a task where that goes. */
    Controlled steer(Order order, Meaning.Thing target);

    /** Changes how a study is run. */
    StudyView change(UUID study, Settings settings);

    Intake.Extended extend(UUID study, SeedRange seeds);

    Submitted submit(StudySource source, boolean another);

    /** Studies that a clock starts, by name. */
    List<ScheduleView> schedules();

    /** The schedule as it is then; absent where it is gone. */
    Optional<ScheduleView> turn(Turn turn, UUID schedule);

    @Override
    void close();

    /** The one study that is meant. */
    default StudyView study(String idOrName) {
        return Meaning.study(studiesLike(idOrName), idOrName).orElseThrow(() -> noStudy(idOrName));
    }

    /** The one study that is meant by who wants to change it, who must name it by its name or enough of its id. */
    default StudyView studyToChange(String idOrName) {
        StudyView study = study(idOrName);
        Meaning.requireClear(new Meaning.Thing.OfStudy(study), idOrName);
        return study;
    }

    private UsageException noStudy(String idOrName) {
        return new UsageException(
                schedules().stream().anyMatch(schedule -> schedule.name().equals(idOrName))
                        ? "no study has the id or name '%1$s', a schedule has: basinlab schedules %1$s; with --disable it fires no more"
                                .formatted(idOrName)
                        : "no study has the id or name '%s'; basinlab studies lists them".formatted(idOrName));
    }

    /** What can be ordered in one word. */
    enum Order {
        PAUSE,
        RESUME,
        CANCEL,
        RETRY;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What can be done with a schedule. */
    enum Turn {
        ENABLE("fires again, from now on"),
        DISABLE("fires no more until it is enabled"),
        REMOVE("is taken out; studies that it started stay");

        private final String done;

        Turn(String done) {
            this.done = done;
        }

        String done() {
            return done;
        }
    }

    /** Takes what is new; true once it has seen enough. */
    @FunctionalInterface
    interface Watcher {
        boolean see(StudyWatch.Look look);
    }

    /**
     * What is to be otherwise.
     *
     * @param limit absent where it stays as it is
     */
    record Settings(Optional<Integer> priority, Optional<StudyControl.Limit> limit) {}

    /**
     * What became of a specification.
     *
     * @param study the study in the queue; absent where it is a schedule
     * @param schedule where it is one that a clock starts
     * @param resumed whether the study or schedule was there before
     */
    record Submitted(Optional<StudyView> study, Optional<ScheduleView> schedule, boolean resumed) {}
}
