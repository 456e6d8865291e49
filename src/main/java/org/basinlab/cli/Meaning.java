package org.basinlab.cli;

import java.util.List;
import java.util.Optional;
import org.basinlab.ledger.StudyView;
import org.basinlab.ledger.TaskView;

/** What users mean who write a part of an id. */
final class Meaning {

    private static final String BEGINNING_OF_AN_ID = "[0-9a-fA-F]{1,8}(-[0-9a-fA-F]{0,12}){0,4}";

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

    /** What a text can name. */
    sealed interface Thing {
        record OfStudy(StudyView study) implements Thing {}

        record OfTask(TaskView task) implements Thing {}
    }
}
