-- Who was last seen coming to or going from a chat; whoever was never seen is not here. Older news change nothing.
CREATE TABLE membership(
  chat_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  away INTEGER NOT NULL CHECK(away IN (0, 1)),
  seen_at_ms INTEGER NOT NULL,
  PRIMARY KEY(chat_id, user_id)
) STRICT, WITHOUT ROWID;

-- Groups the bot was put into that were never opened as a till; it leaves them after a day.
CREATE TABLE visit(
  chat_id INTEGER PRIMARY KEY,
  since_ms INTEGER NOT NULL
) STRICT;

-- The trail's own checkpoints are looked up by name.
CREATE INDEX audit_verified ON audit(event, id) WHERE event IN ('verified', 'trail broken');

-- The trail comes first: no state changes that it does not tell, and each of its moves is told once.
CREATE TRIGGER txn_audited BEFORE UPDATE OF state ON txn
  WHEN OLD.state <> NEW.state AND (NEW.version <> OLD.version + 1
    OR (SELECT count(*) FROM audit WHERE txn_id = OLD.id AND event = 'move') <> NEW.version
    OR (SELECT f || '>' || t FROM audit WHERE txn_id = OLD.id AND event = 'move' ORDER BY id DESC LIMIT 1)
      IS NOT OLD.state || '>' || NEW.state)
  BEGIN SELECT RAISE(ABORT, 'a move that is not in the trail'); END;
