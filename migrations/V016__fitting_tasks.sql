-- What a worker can take is found however much stands before it that it cannot.
DROP INDEX ledger.task_queue_due;
CREATE INDEX task_queue_fitting ON ledger.task_queue (study_id, device, memory_bytes, priority DESC, ordinal) WHERE state = 'READY';

-- Losses since the task last got further: only these speak against it.
ALTER TABLE ledger.task_queue ADD COLUMN lost_in_a_row integer NOT NULL DEFAULT 0;
UPDATE ledger.task_queue SET lost_in_a_row = losses WHERE losses > 0;

-- What else was lost at the time.
CREATE INDEX attempt_by_loss ON ledger.attempt (ended_at) WHERE outcome = 'lost';
