-- How many transactions there are of each kind in each state. Counted as they come and go: with a million of them
-- over, nobody could count them every few seconds.
CREATE TABLE tally(
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  n INTEGER NOT NULL CHECK(n >= 0),
  PRIMARY KEY(state, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO tally SELECT state, kind, count(*) FROM txn GROUP BY state, kind;

CREATE TRIGGER tally_born AFTER INSERT ON txn BEGIN
  INSERT INTO tally VALUES(NEW.state, NEW.kind, 1) ON CONFLICT(state, kind) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER tally_moved AFTER UPDATE OF state ON txn WHEN OLD.state <> NEW.state BEGIN
  UPDATE tally SET n = n - 1 WHERE state = OLD.state AND kind = OLD.kind;
  INSERT INTO tally VALUES(NEW.state, NEW.kind, 1) ON CONFLICT(state, kind) DO UPDATE SET n = n + 1;
END;

-- The oldest of what may have moved, and what was given up, among millions that are over.
CREATE INDEX txn_at_mtn ON txn(state, confirmed_at_ms) WHERE state IN ('UNKNOWN', 'PENDING', 'REVIEW');
CREATE INDEX outbox_dead ON outbox(state) WHERE state = 'DEAD';
CREATE INDEX inbox_dead ON inbox(done) WHERE done = 2;

-- The update that a message goes back to, so that the log can be followed from one to the other.
ALTER TABLE outbox ADD COLUMN trace TEXT;
