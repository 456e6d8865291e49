package org.basinlab.dispatch;

import java.util.List;
import java.util.UUID;

/** Runs finished tasks again on this machine and compares what comes out with what the store has. */
public interface Replayer {

    /**
     * Runs some tasks of a study again, one after another.
     *
     * @param most how many at most
     * @param seed from which follows which
     */
    Replayed replay(UUID study, int most, long seed);

    /**
     * What came of it.
     *
     * @param compared how many were run
     * @param differing those that differ though equal bytes are promised, by their names
     */
    record Replayed(int compared, List<String> differing) {
        public Replayed {
            differing = List.copyOf(differing);
        }
    }
}
