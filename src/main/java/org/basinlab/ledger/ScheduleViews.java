package org.basinlab.ledger;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** The schedules of a store for whoever looks at them; works on any connection. */
public final class ScheduleViews {

    private static final String ALL = "SELECT * FROM results.schedules ORDER BY name, id";

    private static final String ONE = "SELECT * FROM results.schedules WHERE id = ?";

    private final Query query;

    public ScheduleViews(DataSource database) {
        this.query = new Query(database);
    }

    /** By name; those that were removed are none of them. */
    public List<ScheduleView> list() {
        return query.list(ALL, ScheduleView::of);
    }

    public Optional<ScheduleView> find(UUID schedule) {
        return query.find(ONE, ScheduleView::of, schedule);
    }
}
