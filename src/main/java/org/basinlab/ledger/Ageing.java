package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Lets a study that waits gain on those of higher priority, so that none waits for ever. */
@ApplicationScoped
public class Ageing {

    /** As far as from the lowest priority to above the highest. */
    static final int MOST = 201;

    /** Who has something that runs, or nothing that could, begins again from its own priority. */
    private static final String AGE = """
            UPDATE ledger.study s
               SET aged = n.aged
              FROM (SELECT o.id, CASE WHEN w.waits THEN least(o.aged + 1, ?) ELSE 0 END AS aged
                      FROM ledger.study o
                     CROSS JOIN LATERAL (
                           SELECT o.state <> 'PAUSED'
                                  AND EXISTS (SELECT FROM ledger.task_queue q WHERE q.study_id = o.id AND q.state = 'READY')
                                  AND NOT EXISTS (SELECT FROM ledger.task_queue q WHERE q.study_id = o.id AND q.state = 'LEASED')
                              AS waits) w
                     WHERE o.state IN ('QUEUED', 'RUNNING', 'PAUSED')
                     ORDER BY o.id
                       FOR NO KEY UPDATE OF o SKIP LOCKED) n
             WHERE s.id = n.id
               AND s.aged <> n.aged
            """;

    private final Statements statements;

    Ageing(Statements statements) {
        this.statements = statements;
    }

    /** To be called at equal times; returns of how many studies the standing changed. */
    @Transactional
    public int age() {
        return statements.change(AGE, MOST);
    }
}
