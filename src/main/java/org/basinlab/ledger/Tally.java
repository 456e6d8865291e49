package org.basinlab.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/** What became of tasks together, for the log: a line for each study and reason, however many tasks they are. */
final class Tally {

    private final Map<Fate, List<UUID>> tasks = new LinkedHashMap<>();

    void add(UUID study, UUID task, String reason) {
        tasks.computeIfAbsent(new Fate(study, reason), fate -> new ArrayList<>())
                .add(task);
    }

    void say(Logger log, Logger.Level level) {
        lines().forEach(line -> log.log(level, line));
    }

    /** In the order in which the first of each were added. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        tasks.forEach((fate, all) -> lines.add(
                all.size() == 1
                        ? "task %s: %s".formatted(all.get(0), fate.reason())
                        : "study %s: %d tasks, such as %s: %s"
                                .formatted(fate.study(), all.size(), all.get(0), fate.reason())));
        return lines;
    }

    private record Fate(UUID study, String reason) {}
}
