package org.basinlab.dispatch;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the slots of one process get their tasks, and say how it goes. */
interface TaskSource {

    /**
     * Tasks of one shape, in the hands of this process from now on.
     *
     * @param most of each shape; 1 of others
     */
    Taken take(Map<String, Integer> most);

    /**
     * What a slot was given.
     *
     * @param more whether another slot may find some as well
     */
    record Taken(List<Held> tasks, boolean more) {
        static final Taken NOTHING = new Taken(List.of(), false);
    }

    /** It is done with, whatever came of it. */
    void drop(Held held);

    /** A slot found nothing; whether it is to look once more before it waits. */
    boolean idle();

    /** A slot that was idle is not any more. */
    void busy();

    /** For whoever watches over the machine, now and then. */
    void say(String warning);

    /** This process cannot go on; whoever started the slots reads why. */
    void breakDown(@Nullable String why);

    /** The device cannot be trusted: nothing is taken any more, and what runs goes back. */
    void cordon(DeviceFailedException why);

    boolean isClosed();
}
