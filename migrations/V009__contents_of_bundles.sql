-- What the bundle of an imported study held: no more can be exported of it, and a fuller one can bring the rest.
ALTER TABLE ledger.study ADD COLUMN contents jsonb;
COMMENT ON COLUMN ledger.study.contents IS
    'What its bundle held beside the numbers; NULL for studies of this store and for parts of others.';
