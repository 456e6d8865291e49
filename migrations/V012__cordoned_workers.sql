-- A worker whose device fails takes no more tasks and says why, for as long as its process is there.
ALTER TABLE ledger.worker DROP CONSTRAINT worker_state_known;
ALTER TABLE ledger.worker ADD CONSTRAINT worker_state_known CHECK (
    state IN ('active', 'draining', 'cordoned', 'stopped'));
ALTER TABLE ledger.worker ADD COLUMN fault text;
-- Asked before each wake-up: does anybody idle?
CREATE INDEX worker_idle ON ledger.worker (idle_since) WHERE idle_since IS NOT NULL AND stopped_at IS NULL;
