-- What waits for its time (run_at) is passed over without a look at its row, however much of it stands before what can be taken.
DROP INDEX ledger.task_queue_fitting;
CREATE INDEX task_queue_fitting ON ledger.task_queue (study_id, device, memory_bytes, priority DESC, ordinal, run_at)
    WHERE state = 'READY';
DROP INDEX ledger.task_queue_of_shape;
CREATE INDEX task_queue_of_shape ON ledger.task_queue (study_id, shape, priority DESC, ordinal, run_at) WHERE state = 'READY';
