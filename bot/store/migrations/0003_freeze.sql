-- A stop of all sending. Evidence: a row is written once and gets its end once, when enough people have agreed.
-- reason: what a person typed, or a word of ours; by_user: NULL when the bot stopped by itself.
CREATE TABLE freeze(
  id INTEGER PRIMARY KEY,
  cause TEXT NOT NULL CHECK(cause IN ('person', 'anomaly', 'restored', 'journal')),
  reason TEXT NOT NULL,
  by_user INTEGER,
  txn_id INTEGER REFERENCES txn(id),
  at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  CHECK(cause <> 'person' OR by_user IS NOT NULL)
) STRICT;
CREATE INDEX freeze_in_force ON freeze(id) WHERE ended_at_ms IS NULL;

-- Who agreed that sending goes on. alone_until_ms: there was nobody else to agree, so this one waits half an hour.
CREATE TABLE thaw(
  id INTEGER PRIMARY KEY,
  freeze_id INTEGER NOT NULL REFERENCES freeze(id),
  user_id INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  alone_until_ms INTEGER CHECK(alone_until_ms >= at_ms + 1800000)
) STRICT;
CREATE INDEX thaw_freeze ON thaw(freeze_id);

-- Evidence that something is not as it can be: what was seen, of which transaction.
CREATE TABLE anomaly(
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  txn_id INTEGER REFERENCES txn(id),
  at_ms INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX anomaly_kind ON anomaly(kind, txn_id);

-- What a person says really happened to a transaction that is over; the transaction itself stays as it is.
CREATE TABLE correction(
  id INTEGER PRIMARY KEY,
  txn_id INTEGER NOT NULL REFERENCES txn(id),
  user_id INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX correction_txn ON correction(txn_id);

-- Transactions that are over and are to be asked about once more. next_at_ms: NULL when nothing is to be asked.
CREATE TABLE recheck(
  txn_id INTEGER PRIMARY KEY REFERENCES txn(id),
  asked_at_ms INTEGER NOT NULL,
  next_at_ms INTEGER
) STRICT;
CREATE INDEX recheck_due ON recheck(next_at_ms) WHERE next_at_ms IS NOT NULL;
CREATE INDEX txn_over ON txn(final_at_ms) WHERE final_at_ms IS NOT NULL;

CREATE TRIGGER attempt_while_frozen BEFORE INSERT ON attempt
  WHEN EXISTS(SELECT 1 FROM freeze WHERE ended_at_ms IS NULL)
  BEGIN SELECT RAISE(ABORT, 'sending is stopped'); END;

CREATE TRIGGER freeze_begins BEFORE INSERT ON freeze WHEN NEW.ended_at_ms IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a freeze begins in force'); END;
CREATE TRIGGER freeze_ends BEFORE UPDATE OF ended_at_ms ON freeze
  WHEN OLD.ended_at_ms IS NOT NULL OR NEW.ended_at_ms IS NULL OR (
    (SELECT count(DISTINCT user_id) FROM thaw WHERE freeze_id = OLD.id) < 2
    AND NOT EXISTS(SELECT 1 FROM thaw WHERE freeze_id = OLD.id AND alone_until_ms <= NEW.ended_at_ms))
  BEGIN SELECT RAISE(ABORT, 'a freeze ends once, when enough people have agreed'); END;
CREATE TRIGGER freeze_fixed BEFORE UPDATE OF id, cause, by_user, txn_id, at_ms ON freeze
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- What people typed is personal data: it may be blanked, and nothing else.
CREATE TRIGGER freeze_reason BEFORE UPDATE OF reason ON freeze WHEN NEW.reason <> ''
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER freeze_kept BEFORE DELETE ON freeze BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER thaw_fixed BEFORE UPDATE ON thaw BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER thaw_kept BEFORE DELETE ON thaw BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER anomaly_fixed BEFORE UPDATE ON anomaly BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER anomaly_kept BEFORE DELETE ON anomaly BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER correction_fixed BEFORE UPDATE OF id, txn_id, user_id, at_ms ON correction
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER correction_text BEFORE UPDATE OF text ON correction WHEN NEW.text <> ''
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER correction_kept BEFORE DELETE ON correction BEGIN SELECT RAISE(ABORT, 'append-only'); END;
