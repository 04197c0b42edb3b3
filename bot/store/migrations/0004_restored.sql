-- What a restored copy of the database had forgotten: attempts that only the reference journal knows.
-- MTN is asked about each until it has said how it ended, or has not known it for a day.
-- word: what MTN said last; attempts: as many as the journal names, the last one at sent_at_ms.
CREATE TABLE forgotten(
  reference_id TEXT PRIMARY KEY
    CHECK(reference_id GLOB '????????-????-4???-[89ab]???-????????????' AND reference_id NOT GLOB '*[^0-9a-f-]*'),
  short_code TEXT NOT NULL CHECK(length(short_code) = 6),
  kind TEXT NOT NULL CHECK(kind IN ('transfer', 'deposit', 'refund', 'request_to_pay', 'withdraw')),
  amount_minor INTEGER NOT NULL CHECK(amount_minor BETWEEN 1 AND 100000000000),
  currency TEXT NOT NULL CHECK(currency GLOB '[A-Z][A-Z][A-Z]'),
  decimals INTEGER NOT NULL CHECK(decimals BETWEEN 0 AND 3),
  party_hash BLOB NOT NULL CHECK(length(party_hash) = 32),
  original_reference_id TEXT,
  api_user TEXT NOT NULL,
  sent_at_ms INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'FOLLOWED' CHECK(state IN ('FOLLOWED', 'SUCCESSFUL', 'FAILED', 'NEVER_THERE')),
  word TEXT,
  financial_transaction_id TEXT,
  polls INTEGER NOT NULL DEFAULT 0,
  not_found INTEGER NOT NULL DEFAULT 0,
  first_not_found_at_ms INTEGER,
  next_at_ms INTEGER NOT NULL,
  final_at_ms INTEGER,
  CHECK((kind = 'refund') = (original_reference_id IS NOT NULL)),
  CHECK((state = 'FOLLOWED') = (final_at_ms IS NULL)),
  CHECK(state NOT IN ('SUCCESSFUL', 'FAILED') OR word IS state),
  CHECK(state <> 'NEVER_THERE' OR (not_found >= 5 AND final_at_ms - coalesce(first_not_found_at_ms, final_at_ms) >= 86400000))
) STRICT, WITHOUT ROWID;
CREATE INDEX forgotten_due ON forgotten(next_at_ms) WHERE state = 'FOLLOWED';
CREATE INDEX forgotten_original ON forgotten(original_reference_id) WHERE original_reference_id IS NOT NULL;
CREATE INDEX forgotten_same_payee ON forgotten(party_hash);

CREATE TRIGGER forgotten_followed BEFORE INSERT ON forgotten WHEN NEW.state <> 'FOLLOWED'
  BEGIN SELECT RAISE(ABORT, 'what was forgotten is followed first'); END;
CREATE TRIGGER forgotten_ends BEFORE UPDATE OF state ON forgotten WHEN OLD.state <> 'FOLLOWED'
  BEGIN SELECT RAISE(ABORT, 'nothing leaves an end'); END;
CREATE TRIGGER forgotten_frozen BEFORE UPDATE OF reference_id, short_code, kind, amount_minor, currency, decimals,
    party_hash, original_reference_id, api_user
  ON forgotten
  BEGIN SELECT RAISE(ABORT, 'immutable column'); END;
CREATE TRIGGER forgotten_kept BEFORE DELETE ON forgotten BEGIN SELECT RAISE(ABORT, 'no delete'); END;

-- As txn_refund_bound, with what was forgotten: a refund may have been made that this copy has no row of.
CREATE TRIGGER txn_refund_bound_forgotten BEFORE UPDATE OF state ON txn
  WHEN NEW.kind = 'refund' AND NEW.state = 'READY' AND OLD.state <> 'READY'
    AND EXISTS(SELECT 1 FROM forgotten f JOIN txn o ON o.reference_id = f.original_reference_id
      WHERE o.id = NEW.original_id AND f.state IN ('FOLLOWED', 'SUCCESSFUL'))
    AND NEW.amount_minor + (SELECT coalesce(sum(amount_minor), 0) FROM txn WHERE original_id = NEW.original_id
        AND id <> NEW.id AND state IN ('READY', 'UNKNOWN', 'PENDING', 'REVIEW', 'SUCCESSFUL'))
      + (SELECT sum(f.amount_minor) FROM forgotten f JOIN txn o ON o.reference_id = f.original_reference_id
        WHERE o.id = NEW.original_id AND f.state IN ('FOLLOWED', 'SUCCESSFUL'))
      > (SELECT amount_minor FROM txn WHERE id = NEW.original_id)
  BEGIN SELECT RAISE(ABORT, 'refund exceeds the original, with what was forgotten'); END;
