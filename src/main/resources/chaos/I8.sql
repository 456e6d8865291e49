-- What was acknowledged is there; what was only sent is there once or not at all. pg_temp.submission (key, acknowledged) is
-- what the submitter remembers: the study that it was told of, or NULL.
SELECT format('study %s was acknowledged under key %s and is not there', p.acknowledged, p.key)
  FROM pg_temp.submission p
 WHERE p.acknowledged IS NOT NULL
   AND NOT EXISTS (
       SELECT FROM ledger.study s WHERE s.id = p.acknowledged AND s.idempotency_key = p.key)
UNION ALL
SELECT format('key %s has %s studies', p.key, count(DISTINCT s.id))
  FROM pg_temp.submission p
  JOIN ledger.study s ON s.idempotency_key = p.key
 GROUP BY p.key
HAVING count(DISTINCT s.id) > 1
UNION ALL
SELECT format('key %s was answered with %s studies', key, count(DISTINCT acknowledged))
  FROM pg_temp.submission
 GROUP BY key
HAVING count(DISTINCT acknowledged) > 1
