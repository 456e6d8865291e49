package org.basinlab.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * What a fault did.
 *
 * @param dead processes that are gone: what they held must come back
 * @param notes for people
 * @param wrong what must not have happened
 * @param measured what of the throughput is held against what
 * @param wasted seconds of work that were lost with the dead: those since the last point from which a task can go on
 */
record Struck(List<Long> dead, List<String> notes, List<String> wrong, Measured measured, double wasted) {

    /** How much must be done in spite of a fault. */
    enum Measured {
        NOTHING,
        /** What was done while it went on, of what the workers that lived could do. */
        SHARE_OF_LIVE,
        /** What was done while it went on, of what was done before. */
        SHARE_OF_BASELINE,
        /** What was done soon after it was over, of what was done before. */
        RETURN
    }

    Struck {
        dead = List.copyOf(dead);
        notes = List.copyOf(notes);
        wrong = List.copyOf(wrong);
    }

    Struck(List<Long> dead, List<String> notes, List<String> wrong) {
        this(dead, notes, wrong, Measured.NOTHING, 0);
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
        return new Struck(dead, notes, more, measured, wasted);
    }

    Struck with(String note) {
        List<String> more = new ArrayList<>(notes);
        more.add(note);
        return new Struck(dead, more, wrong, measured, wasted);
    }

    Struck measured(Measured how) {
        return new Struck(dead, notes, wrong, how, wasted);
    }

    Struck wasted(double seconds) {
        return new Struck(dead, notes, wrong, measured, seconds);
    }
}
