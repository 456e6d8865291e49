package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/**
 * Tells other processes that something changed, once the transaction of the caller is committed; many within a moment are one.
 * Nobody may rely on it: who waits for work or news looks by itself from time to time.
 */
@ApplicationScoped
public class Signals {

    /** Channel on which idle workers listen. */
    public static final String WORK = "basinlab_work";

    /** Channel for whoever shows studies; its payload is the study's id. */
    public static final String STUDY = "basinlab_study";

    /** There is something to take. */
    public void work() {}

    /** Something of this study changed: a state, progress, a log. */
    public void study(UUID study) {}
}
