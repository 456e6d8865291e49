package org.basinlab.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What must hold after every fault, asked by the SQL files beside this program: each gives one row for each violation. */
final class Invariants {

    private static final List<String> ALWAYS = List.of("I1", "I2", "I4", "I6", "I7", "I8");

    private static final List<String> AT_THE_END = List.of("I3", "I7-end");

    private static final int MOST_SHOWN = 20;

    private final Look look;
    private final Submitter submitter;

    Invariants(Look look, Submitter submitter) {
        this.look = look;
        this.submitter = submitter;
    }

    /** Begins to watch the ends of tasks, in a store whose tables are there. */
    void watch() {
        look.execute(StudyTexts.resource("/chaos/watch.sql"));
    }

    /** Those that hold at any time. */
    List<Violation> check() {
        return check(ALWAYS);
    }

    /** All of them, when everything has been run. */
    List<Violation> checkEnd() {
        List<String> all = new ArrayList<>(ALWAYS);
        all.addAll(AT_THE_END);
        return check(all);
    }

    private List<Violation> check(List<String> which) {
        List<Violation> found = new ArrayList<>();
        for (String invariant : which) {
            String name = invariant.substring(0, 2);
            String prepare = name.equals("I8") ? submissions() : "";
            look.texts(prepare, StudyTexts.resource("/chaos/%s.sql".formatted(invariant))).stream()
                    .limit(MOST_SHOWN)
                    .forEach(row -> found.add(new Violation(name, row)));
        }
        return found;
    }

    /** What the submitter remembers, as a table. */
    private String submissions() {
        String create = "CREATE TEMPORARY TABLE submission (key text, acknowledged uuid);";
        String sent = submitter.sent().stream().map("('%s', NULL)"::formatted).collect(Collectors.joining(","));
        String heard = submitter.answers().stream()
                .map(study -> "('%s', '%s')".formatted(study.key(), study.id()))
                .collect(Collectors.joining(","));
        return create
                + (sent.isEmpty() ? "" : "INSERT INTO submission VALUES %s;".formatted(sent))
                + (heard.isEmpty() ? "" : "INSERT INTO submission VALUES %s;".formatted(heard));
    }

    /** One thing that must not be. */
    record Violation(String invariant, String what) {

        @Override
        public String toString() {
            return invariant + ": " + what;
        }
    }
}
