package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.study.RunSettings;
import org.basinlab.study.Wanted;
import org.basinlab.workflow.Plan;
import org.jspecify.annotations.Nullable;

/** What is to be run when, and what came of it: the facts that every server's clock goes by. */
@ApplicationScoped
public class Timetable {

    private static final String ADD = """
            INSERT INTO ledger.schedule (id, name, cron, misfire, time_zone, specification)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) WHERE removed_at IS NULL DO NOTHING
            RETURNING id
            """;

    private static final String ENTRIES = """
            SELECT s.id, s.name, s.cron, s.misfire, s.time_zone, s.enabled_at, s.specification,
                   (SELECT max(f.fire_time) FROM ledger.schedule_firing f WHERE f.schedule_id = s.id) AS last
              FROM ledger.schedule s
             WHERE s.removed_at IS NULL
            """;

    private static final String ENABLED = ENTRIES + " AND s.enabled ORDER BY s.id";

    private static final String ONE = ENTRIES + " AND s.enabled AND s.id = ?";

    private static final String NAMED = ENTRIES + " AND s.name = ?";

    private static final String SWITCH = """
            UPDATE ledger.schedule
               SET enabled = ?, enabled_at = CASE WHEN ? THEN clock_timestamp() ELSE enabled_at END
             WHERE id = ?
               AND removed_at IS NULL
               AND enabled <> ?
            """;

    private static final String REMOVE = """
            UPDATE ledger.schedule
               SET removed_at = clock_timestamp(), enabled = false
             WHERE id = ?
               AND removed_at IS NULL
            """;

    /** Of two servers that come with the same time the second finds the first, or waits until it has ended. */
    private static final String FIRE = """
            INSERT INTO ledger.schedule_firing (schedule_id, fire_time, fault)
            SELECT s.id, CAST(? AS timestamptz), CAST(? AS text)
              FROM ledger.schedule s
             WHERE s.id = ?
               AND s.enabled
               AND s.removed_at IS NULL
               FOR SHARE
            ON CONFLICT (schedule_id, fire_time) DO NOTHING
            """;

    private static final String SUBMITTED = """
            UPDATE ledger.schedule_firing
               SET study_id = ?
             WHERE schedule_id = ?
               AND fire_time = ?
            """;

    private final Query query;
    private final Statements statements;
    private final Audit audit;
    private final Submissions submissions;

    Timetable(DataSource database, Statements statements, Audit audit, Submissions submissions) {
        this.query = new Query(database);
        this.statements = statements;
        this.audit = audit;
        this.submissions = submissions;
    }

    /**
     * A schedule that may fire.
     *
     * @param enabledAt since when its times count
     * @param last the newest time for which it fired
     */
    public record Entry(
            UUID id, RunSettings.Schedule schedule, Instant enabledAt, Optional<Instant> last, String specification) {

        private static Entry of(ResultSet row) throws SQLException {
            return new Entry(
                    Query.uuid(row, "id"),
                    new RunSettings.Schedule(
                            row.getString("cron"), row.getString("misfire"), row.getString("time_zone")),
                    Query.instant(row, "enabled_at"),
                    Query.optionalInstant(row, "last"),
                    row.getString("specification"));
        }
    }

    /** What is entered; {@code before}: it was already. */
    public record Added(UUID id, boolean before) {}

    /**
     * Enters a study; the same text again is the same entry.
     *
     * @throws ControlRefusedException if another study of its name is entered
     */
    @Transactional
    public Added add(Wanted wanted, RunSettings.Schedule schedule, String actor) {
        String name = wanted.study().name();
        Optional<UUID> added = query.find(
                ADD,
                row -> Query.uuid(row, "id"),
                UUID.randomUUID(),
                name,
                schedule.cron(),
                schedule.misfire(),
                schedule.timeZone(),
                wanted.text());
        if (added.isPresent()) {
            audit(actor, "schedule-added", Optional.empty(), Map.of("schedule", added.get(), "cron", schedule.cron()));
            return new Added(added.get(), false);
        }
        Entry there = query.find(NAMED, Entry::of, name)
                .orElseThrow(() -> new IllegalStateException("schedule %s was removed just now".formatted(name)));
        if (!there.specification().equals(wanted.text())) {
            throw new ControlRefusedException(
                    ControlRefusedException.Why.STATE,
                    "a study must be scheduled once under its name, %s is already, with another specification (%s): remove that first"
                            .formatted(name, there.id()));
        }
        return new Added(there.id(), true);
    }

    /** Those that may fire. */
    public List<Entry> list() {
        return query.list(ENABLED, Entry::of);
    }

    /** One that may fire. */
    public Optional<Entry> find(UUID schedule) {
        return query.find(ONE, Entry::of, schedule);
    }

    /** Lets it fire, or not; times that pass while it may not are not made up for. Returns whether that changed anything. */
    @Transactional
    public boolean enable(UUID schedule, boolean on, String actor) {
        boolean changed = statements.change(SWITCH, on, on, schedule, on) > 0;
        if (changed) {
            audit(actor, on ? "schedule-enabled" : "schedule-disabled", Optional.empty(), Map.of("schedule", schedule));
        }
        return changed;
    }

    /** Takes it out; what it submitted stays. Returns whether it was there. */
    @Transactional
    public boolean remove(UUID schedule, String actor) {
        boolean removed = statements.change(REMOVE, schedule) > 0;
        if (removed) {
            audit(actor, "schedule-removed", Optional.empty(), Map.of("schedule", schedule));
        }
        return removed;
    }

    /**
     * Submits the study for this time, once for all servers: the time is taken and the study submitted in one transaction.
     *
     * @return empty where somebody did so before, or it may not fire any more
     */
    @Transactional
    public Optional<Submissions.Submitted> fire(
            UUID schedule, Instant time, Wanted wanted, Plan plan, Map<KnownDataset, DataFacts> data) {
        if (!take(schedule, time, null)) {
            return Optional.empty();
        }
        Submissions.Submitted study =
                submissions.submit(wanted, plan, data, Optional.of("schedule/%s/%s".formatted(schedule, time)));
        statements.change(SUBMITTED, study.id(), schedule, Timestamp.from(time));
        audit("schedule", "schedule-fired", Optional.of(study.id()), Map.of("schedule", schedule, "time", time));
        return Optional.of(study);
    }

    /** Takes this time without a study. Returns false where somebody took it before, or it may not fire any more. */
    @Transactional
    public boolean fail(UUID schedule, Instant time, String fault) {
        boolean taken = take(schedule, time, fault);
        if (taken) {
            audit(
                    "schedule",
                    "schedule-failed",
                    Optional.empty(),
                    Map.of("schedule", schedule, "time", time, "fault", fault));
        }
        return taken;
    }

    private boolean take(UUID schedule, Instant time, @Nullable String fault) {
        return statements.change(FIRE, Timestamp.from(time), fault, schedule) > 0;
    }

    private void audit(String actor, String action, Optional<UUID> study, Map<String, ?> detail) {
        audit.write(actor, action, study, Optional.empty(), Optional.empty(), detail);
    }
}
