package org.basinlab.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * What a fault did.
 *
 * @param dead processes that are gone: what they held must come back
 * @param notes for people
 * @param wrong what must not have happened
 */
record Struck(List<Long> dead, List<String> notes, List<String> wrong) {

    Struck {
        dead = List.copyOf(dead);
        notes = List.copyOf(notes);
        wrong = List.copyOf(wrong);
    }

    static Struck nobody(String... notes) {
        return new Struck(List.of(), List.of(notes), List.of());
    }

    static Struck dead(List<Long> dead) {
        return new Struck(dead, List.of(), List.of());
    }

    static Struck wrong(long dead, String what) {
        return new Struck(List.of(dead), List.of(), List.of(what));
    }

    Struck wrong(String what) {
        List<String> more = new ArrayList<>(wrong);
        more.add(what);
        return new Struck(dead, notes, more);
    }

    Struck with(String note) {
        List<String> more = new ArrayList<>(notes);
        more.add(note);
        return new Struck(dead, more, wrong);
    }
}
