-- Since when a schedule counts the times at which it is due: those before nobody missed.
ALTER TABLE ledger.schedule ADD COLUMN enabled_at timestamptz NOT NULL DEFAULT clock_timestamp();

CREATE VIEW results.schedules AS
SELECT s.id,
       s.name,
       s.cron,
       s.misfire,
       s.time_zone,
       s.enabled,
       s.created_at,
       f.previous,
       to_timestamp(t.next_fire_time / 1000.0) AS next,
       f.last_study,
       f.last_fault,
       coalesce(f.firings, 0) AS firings
  FROM ledger.schedule s
  -- Its trigger, as the servers know it.
  LEFT JOIN quartz.qrtz_triggers t
         ON t.trigger_group = 'schedules' AND t.trigger_name = CAST(s.id AS text) AND t.next_fire_time > 0
  LEFT JOIN LATERAL (
       SELECT max(x.fire_time) AS previous,
              count(*) AS firings,
              (array_agg(x.study_id ORDER BY x.fire_time DESC))[1] AS last_study,
              (array_agg(x.fault ORDER BY x.fire_time DESC))[1] AS last_fault
         FROM ledger.schedule_firing x
        WHERE x.schedule_id = s.id) f ON true
 WHERE s.removed_at IS NULL;
COMMENT ON VIEW results.schedules IS
    'One row a schedule that was not removed: when it fired last, what came of that, and when it fires next; next is NULL until a server has taken it up.';
