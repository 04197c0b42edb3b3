-- The day to which money that leaves is charged: the local day, 'YYYY-MM-DD', on which it became READY.
ALTER TABLE txn ADD COLUMN charged_on TEXT CHECK(charged_on GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]');

-- What was authorised before: its moment is in the trail; the time zone is not, so it is the day in Greenwich.
UPDATE txn SET charged_on = (SELECT date(at_ms / 1000, 'unixepoch') FROM audit WHERE txn_id = txn.id AND t = 'READY')
  WHERE kind IN ('transfer', 'deposit', 'refund') AND state IN ('READY', 'UNKNOWN', 'PENDING', 'REVIEW', 'SUCCESSFUL');

-- A day's sums are read from this index alone.
CREATE INDEX txn_charged ON txn(charged_on, state, maker_id, desk_id, party_hash, amount_minor)
  WHERE charged_on IS NOT NULL;

CREATE TRIGGER txn_born_uncharged BEFORE INSERT ON txn WHEN NEW.charged_on IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a transaction is charged to a day when it becomes READY'); END;
CREATE TRIGGER txn_charged_once BEFORE UPDATE OF charged_on ON txn
  WHEN NEW.charged_on IS NOT OLD.charged_on
    AND (OLD.charged_on IS NOT NULL OR NEW.state <> 'READY' OR OLD.state = 'READY')
  BEGIN SELECT RAISE(ABORT, 'a transaction is charged to a day when it becomes READY'); END;
CREATE TRIGGER txn_uncharged BEFORE UPDATE OF state ON txn
  WHEN NEW.state = 'READY' AND OLD.state <> 'READY' AND NEW.kind IN ('transfer', 'deposit', 'refund')
    AND NEW.charged_on IS NULL
  BEGIN SELECT RAISE(ABORT, 'money that leaves is charged to a day'); END;
