-- Finding transactions. A page begins behind a row id, and what filters ask for stands in the index behind it: what
-- does not fit is passed over without its row being read. The index on the desk alone would only be its beginning.
DROP INDEX txn_of_desk;
CREATE INDEX txn_found ON txn(desk_id, id, state, kind, maker_id, amount_minor, created_at_ms);
CREATE INDEX txn_made ON txn(created_at_ms);

-- A /history message that is paged through. typed: the filters as a person wrote them, which may hold numbers and
-- names: rows older than a day are deleted. desk_id: NULL where every desk is seen.
CREATE TABLE finding(
  id INTEGER PRIMARY KEY,
  nonce TEXT NOT NULL UNIQUE CHECK(length(nonce) >= 22),
  user_id INTEGER NOT NULL,
  chat_id INTEGER NOT NULL,
  thread_id INTEGER,
  reply_to INTEGER,
  desk_id INTEGER REFERENCES desk(id),
  typed TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  message_id INTEGER
) STRICT;
CREATE INDEX finding_at ON finding(at_ms);

-- That MTN called back about a transaction: at most one mark between two looks at it.
CREATE TABLE callback(
  txn_id INTEGER NOT NULL REFERENCES txn(id),
  attempts INTEGER NOT NULL,
  polls INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(txn_id, attempts, polls)
) STRICT, WITHOUT ROWID;
CREATE INDEX anomaly_txn ON anomaly(txn_id) WHERE txn_id IS NOT NULL;
