package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What attempts say while they run, at most {@value #MOST_LINES} lines each. */
@ApplicationScoped
public class AttemptLogs {

    public static final int MOST_LINES = 1_000;

    /** Adds lines of one attempt, in order; beyond the bound one line says that more was left out. */
    @Transactional
    public void append(long token, List<Said> lines) {
        throw new UnsupportedOperationException();
    }

    /** Lines of all attempts of a task after a place among them, in order. */
    @Transactional
    public List<Line> list(UUID task, Position after, int most) {
        throw new UnsupportedOperationException();
    }

    /** A line that is not stored yet; level is {@code info}, {@code warn} or {@code error}. */
    public record Said(String level, String message) {}

    /** Attempt number and line, both from 1; (0, 0) is before all. */
    public record Position(int attempt, int line) {}

    /** A line of an attempt. */
    public record Line(Position position, Instant at, String level, String message) {}
}
