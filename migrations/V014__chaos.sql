-- What runs of faults found, for people: one row for each fault and one, scenario 'all', for the run.
CREATE VIEW results.chaos AS
SELECT id,
       seed,
       scenario,
       started_at,
       ended_at,
       passed,
       CAST(report ->> 'lost' AS integer)                        AS lost,
       CAST(report ->> 'duplicated' AS integer)                  AS duplicated,
       CAST(report ->> 'requeuedSeconds' AS double precision)    AS requeued_seconds,
       CAST(report ->> 'recoveredSeconds' AS double precision)   AS recovered_seconds,
       report
  FROM ledger.chaos_report;
COMMENT ON VIEW results.chaos IS
    'One row for each fault of a run of `basinlab chaos`, and one, scenario all, for the run; lost and duplicated must be 0.';
