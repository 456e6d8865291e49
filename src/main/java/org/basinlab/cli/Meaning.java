package org.basinlab.cli;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.ledger.ScheduleView;
import org.basinlab.ledger.StudyView;
import org.basinlab.ledger.TaskView;

/** What users mean who write a part of an id. */
final class Meaning {

    private static final String BEGINNING_OF_AN_ID = "[0-9a-fA-F]{1,8}(-[0-9a-fA-F]{0,12}){0,4}";

    /** Of an id, by which something may be changed: a slip of fewer hits something else too easily. */
    private static final int LEAST_TO_CHANGE = 4;

    private Meaning() {}

    /**
     * The one of these that is meant; a name means the newest.
     *
     * @param matches the newest first
     * @throws UsageException if the text begins the ids of several
     */
    static Optional<StudyView> study(List<StudyView> matches, String idOrName) {
        Optional<StudyView> named =
                matches.stream().filter(study -> study.name().equals(idOrName)).findFirst();
        if (named.isPresent() || matches.isEmpty()) {
            return named;
        }
        if (matches.size() > 1) {
            throw new UsageException(
                    "'%s' must begin the id of one study, it begins %d".formatted(idOrName, matches.size()));
        }
        return Optional.of(matches.get(0));
    }

    /** A study or one task. */
    static Thing thing(Desk desk, String text) {
        Optional<StudyView> study = study(desk.studiesLike(text), text);
        if (study.isPresent()) {
            return new Thing.OfStudy(study.get());
        }
        List<TaskView> tasks = text.matches(BEGINNING_OF_AN_ID) ? desk.tasksBeginningWith(text) : List.of();
        if (tasks.size() > 1) {
            throw new UsageException("'%s' must begin the id of one task, it begins %s"
                    .formatted(text, tasks.size() < 100 ? tasks.size() : "100 or more"));
        }
        return tasks.stream()
                .findFirst()
                .<Thing>map(Thing.OfTask::new)
                .orElseThrow(() -> new UsageException(
                        "no study or task has the id '%s', and no study that name; basinlab studies lists studies, basinlab tasks STUDY their tasks"
                                .formatted(text)));
    }

    /**
     * What was found is to be changed: looking may go by the first character of an id, this may not.
     *
     * @throws UsageException if the text is less of an id than that, and no name; the message names what it found
     */
    static void requireClear(Thing found, String text) {
        requireClear(found.studyName(), found.shown(), text);
    }

    /** The same of a schedule. */
    static void requireClear(ScheduleView found, String text) {
        requireClear(found.name(), "schedule %s (%s)".formatted(found.id(), found.name()), text);
    }

    private static void requireClear(String name, String shown, String text) {
        if (text.length() < LEAST_TO_CHANGE && !text.equals(name)) {
            throw new UsageException(
                    "what changes something must be told a name or at least %d characters of an id, was told '%s', which begins %s"
                            .formatted(LEAST_TO_CHANGE, text, shown));
        }
    }

    /** What a text can name. */
    sealed interface Thing {

        UUID id();

        /** The name of the study that it is, or is of. */
        String studyName();

        /** For messages. */
        String shown();

        /** A study. */
        record OfStudy(StudyView study) implements Thing {

            @Override
            public UUID id() {
                return study.id();
            }

            @Override
            public String studyName() {
                return study.name();
            }

            @Override
            public String shown() {
                return "study %s (%s)".formatted(study.id(), study.name());
            }
        }

        /** A task. */
        record OfTask(TaskView task) implements Thing {

            @Override
            public UUID id() {
                return task.id();
            }

            @Override
            public String studyName() {
                return task.study();
            }

            @Override
            public String shown() {
                return "task %s of %s".formatted(task.id(), task.study());
            }
        }
    }
}
