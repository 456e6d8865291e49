-- What is stored hashes to its name; no piece without its file, no file without its pieces.
SELECT format('chunk %s of checkpoint %s is damaged', position, sha256)
  FROM ledger.checkpoint_chunk
 WHERE encode(sha256(content), 'hex') <> digest
UNION ALL
SELECT format('checkpoint %s has %s of %s chunks and hashes to %s', c.sha256, w.chunks, c.chunks, w.found)
  FROM ledger.checkpoint c
  LEFT JOIN LATERAL (
       SELECT count(*) AS chunks,
              encode(sha256(string_agg(k.content, ''::bytea ORDER BY k.position)), 'hex') AS found
         FROM ledger.checkpoint_chunk k
        WHERE k.sha256 = c.sha256) w ON true
 WHERE (c.dropped_at IS NULL AND (w.chunks <> c.chunks OR w.found IS DISTINCT FROM c.sha256))
    OR (c.dropped_at IS NOT NULL AND w.chunks > 0)
UNION ALL
SELECT format('chunk %s belongs to no checkpoint (%s)', k.position, k.sha256)
  FROM ledger.checkpoint_chunk k
 WHERE NOT EXISTS (SELECT FROM ledger.checkpoint c WHERE c.sha256 = k.sha256)
UNION ALL
SELECT format('checkpoint %s belongs to no network and no snapshot', c.sha256)
  FROM ledger.checkpoint c
 WHERE NOT EXISTS (SELECT FROM ledger.network n WHERE n.sha256 = c.sha256)
   AND NOT EXISTS (SELECT FROM ledger.snapshot s WHERE s.sha256 = c.sha256)
