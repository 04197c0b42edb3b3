-- The till: everything that must survive a kill, and the second wall around the money rules.
-- Times are integer milliseconds since 1970 UTC; money is integer minor units beside its currency.

CREATE TABLE fact(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Telegram's updates, stored before they are acknowledged. done: 0 waiting, 1 done, 2 dead letter.
CREATE TABLE inbox(
  update_id INTEGER PRIMARY KEY,
  chat_id INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  body TEXT,
  done INTEGER NOT NULL DEFAULT 0 CHECK(done IN (0, 1, 2)),
  tries INTEGER NOT NULL DEFAULT 0,
  error TEXT
) STRICT;
CREATE INDEX inbox_waiting ON inbox(chat_id, update_id) WHERE done = 0;

CREATE TABLE desk(
  id INTEGER PRIMARY KEY,
  chat_id INTEGER NOT NULL UNIQUE,
  title TEXT NOT NULL,
  opened_by INTEGER NOT NULL,
  opened_at_ms INTEGER NOT NULL,
  closed_at_ms INTEGER
) STRICT;

-- People who have spoken to the bot; started: they opened a private chat, so it may write to them.
CREATE TABLE person(
  user_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  language TEXT,
  started INTEGER NOT NULL DEFAULT 0 CHECK(started IN (0, 1)),
  desk_id INTEGER REFERENCES desk(id)
) STRICT;

-- desk_id 0: every desk. Owners are not here, they come from the settings.
CREATE TABLE role(
  user_id INTEGER NOT NULL,
  desk_id INTEGER NOT NULL,
  role TEXT NOT NULL CHECK(role IN ('admin', 'cashier', 'auditor')),
  granted_by INTEGER NOT NULL,
  granted_at_ms INTEGER NOT NULL,
  PRIMARY KEY(user_id, desk_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE edge(f TEXT NOT NULL, t TEXT NOT NULL, PRIMARY KEY(f, t)) STRICT, WITHOUT ROWID;
INSERT INTO edge VALUES
  ('DRAFT', 'AWAITING_APPROVAL'), ('DRAFT', 'READY'), ('DRAFT', 'CANCELLED'), ('DRAFT', 'EXPIRED'),
  ('AWAITING_APPROVAL', 'READY'), ('AWAITING_APPROVAL', 'CANCELLED'), ('AWAITING_APPROVAL', 'EXPIRED'),
  ('READY', 'UNKNOWN'), ('READY', 'CANCELLED'), ('READY', 'EXPIRED'),
  ('UNKNOWN', 'PENDING'), ('UNKNOWN', 'SUCCESSFUL'), ('UNKNOWN', 'FAILED'),
  ('UNKNOWN', 'REJECTED'), ('UNKNOWN', 'UNSENT'), ('UNKNOWN', 'REVIEW'),
  ('PENDING', 'SUCCESSFUL'), ('PENDING', 'FAILED'), ('PENDING', 'REVIEW'),
  ('REVIEW', 'SUCCESSFUL'), ('REVIEW', 'FAILED'), ('REVIEW', 'UNSENT');

CREATE TABLE txn(
  id INTEGER PRIMARY KEY,
  reference_id TEXT NOT NULL UNIQUE
    CHECK(reference_id GLOB '????????-????-4???-[89ab]???-????????????' AND reference_id NOT GLOB '*[^0-9a-f-]*'),
  short_code TEXT NOT NULL UNIQUE CHECK(length(short_code) = 6),
  callback_token TEXT NOT NULL UNIQUE CHECK(length(callback_token) >= 43),
  kind TEXT NOT NULL CHECK(kind IN ('transfer', 'deposit', 'refund', 'request_to_pay', 'withdraw')),
  amount_minor INTEGER NOT NULL CHECK(amount_minor BETWEEN 1 AND 100000000000),
  currency TEXT NOT NULL CHECK(currency GLOB '[A-Z][A-Z][A-Z]'),
  decimals INTEGER NOT NULL CHECK(decimals BETWEEN 0 AND 3),
  party_hash BLOB NOT NULL CHECK(length(party_hash) = 32),
  body_sha256 BLOB NOT NULL CHECK(length(body_sha256) = 32),
  desk_id INTEGER NOT NULL REFERENCES desk(id),
  maker_id INTEGER NOT NULL,
  original_id INTEGER REFERENCES txn(id),
  approvals_needed INTEGER NOT NULL CHECK(approvals_needed BETWEEN 0 AND 9),
  self_approval INTEGER NOT NULL DEFAULT 0 CHECK(self_approval IN (0, 1)),
  src_update_id INTEGER NOT NULL UNIQUE,
  state TEXT NOT NULL DEFAULT 'DRAFT' CHECK(state IN ('DRAFT', 'AWAITING_APPROVAL', 'READY', 'UNKNOWN', 'PENDING',
    'REVIEW', 'SUCCESSFUL', 'FAILED', 'REJECTED', 'UNSENT', 'CANCELLED', 'EXPIRED')),
  version INTEGER NOT NULL DEFAULT 0,
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  next_at_ms INTEGER NOT NULL,
  lease_until_ms INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  ambiguous INTEGER NOT NULL DEFAULT 0 CHECK(ambiguous BETWEEN 0 AND attempts),
  polls INTEGER NOT NULL DEFAULT 0,
  not_found INTEGER NOT NULL DEFAULT 0,
  first_not_found_at_ms INTEGER,
  refused_code TEXT,
  last_answer TEXT,
  held INTEGER NOT NULL DEFAULT 0 CHECK(held IN (0, 1)),
  send_closed INTEGER NOT NULL DEFAULT 0 CHECK(send_closed IN (0, 1)),
  repeat_asked INTEGER NOT NULL DEFAULT 0 CHECK(repeat_asked IN (0, 1)),
  confirmed_at_ms INTEGER,
  send_by_ms INTEGER,
  last_sent_at_ms INTEGER,
  final_at_ms INTEGER,
  hinted_at_ms INTEGER NOT NULL DEFAULT 0,
  failure_code TEXT,
  financial_transaction_id TEXT,
  api_user TEXT,
  CHECK((kind = 'refund') = (original_id IS NOT NULL)),
  CHECK(kind <> 'refund' OR approvals_needed > 0),
  CHECK(self_approval = 0 OR kind = 'refund'),
  CHECK(state IN ('DRAFT', 'AWAITING_APPROVAL', 'READY', 'CANCELLED', 'EXPIRED') OR attempts > 0)
) STRICT;
CREATE INDEX txn_due ON txn(next_at_ms) WHERE state IN ('READY', 'UNKNOWN', 'PENDING', 'REVIEW');
CREATE INDEX txn_undecided ON txn(expires_at_ms) WHERE state IN ('DRAFT', 'AWAITING_APPROVAL');
CREATE INDEX txn_original ON txn(original_id) WHERE original_id IS NOT NULL;
CREATE INDEX txn_same_payee ON txn(party_hash, id);

-- What tells who: kept apart, so that it can be blanked without touching the money rows.
CREATE TABLE txn_party(
  txn_id INTEGER PRIMARY KEY REFERENCES txn(id),
  msisdn TEXT NOT NULL CHECK(length(msisdn) BETWEEN 8 AND 15 AND msisdn NOT GLOB '*[^0-9]*'),
  payee_name TEXT,
  note TEXT NOT NULL
) STRICT;

CREATE TABLE attempt(
  txn_id INTEGER NOT NULL REFERENCES txn(id),
  n INTEGER NOT NULL,
  started_at_ms INTEGER NOT NULL,
  PRIMARY KEY(txn_id, n)
) STRICT, WITHOUT ROWID;

-- What was seen of a transaction, by whom: the only evidence that ends one.
CREATE TABLE observation(
  id INTEGER PRIMARY KEY,
  txn_id INTEGER NOT NULL REFERENCES txn(id),
  at_ms INTEGER NOT NULL,
  source TEXT NOT NULL CHECK(source IN ('POST', 'GET', 'HUMAN')),
  http_status INTEGER,
  code TEXT,
  momo_status TEXT,
  actor TEXT
) STRICT;
CREATE INDEX observation_txn ON observation(txn_id);

CREATE TABLE decision(
  txn_id INTEGER NOT NULL REFERENCES txn(id),
  user_id INTEGER NOT NULL,
  decision TEXT NOT NULL CHECK(decision IN ('approve', 'reject')),
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(txn_id, user_id)
) STRICT, WITHOUT ROWID;

-- A message that shows a transaction and is edited as it goes; its nonce makes its buttons unforgeable.
-- repeat_nonce: of the second question, asked before the same payment is made again.
CREATE TABLE card(
  id INTEGER PRIMARY KEY,
  txn_id INTEGER NOT NULL REFERENCES txn(id),
  role TEXT NOT NULL CHECK(role IN ('maker', 'checker')),
  chat_id INTEGER NOT NULL,
  thread_id INTEGER,
  reply_to INTEGER,
  nonce TEXT NOT NULL UNIQUE CHECK(length(nonce) >= 22),
  repeat_nonce TEXT UNIQUE CHECK(length(repeat_nonce) >= 22),
  message_id INTEGER
) STRICT;
CREATE INDEX card_txn ON card(txn_id);
CREATE INDEX card_message ON card(chat_id, message_id);

-- Messages to be sent. lane: 0 an answer to a person, 1 an end, 2 progress.
CREATE TABLE outbox(
  id INTEGER PRIMARY KEY,
  dedupe TEXT UNIQUE,
  subject TEXT,
  chat_id INTEGER NOT NULL,
  lane INTEGER NOT NULL CHECK(lane IN (0, 1, 2)),
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'NEW' CHECK(state IN ('NEW', 'SENDING', 'SENT', 'SKIPPED', 'DEAD')),
  tries INTEGER NOT NULL DEFAULT 0,
  doubtful INTEGER NOT NULL DEFAULT 0 CHECK(doubtful IN (0, 1)),
  created_at_ms INTEGER NOT NULL,
  next_at_ms INTEGER NOT NULL,
  message_id INTEGER,
  error TEXT
) STRICT;
CREATE INDEX outbox_waiting ON outbox(chat_id, lane, id) WHERE state = 'NEW';
CREATE INDEX outbox_message ON outbox(chat_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX outbox_subject ON outbox(subject) WHERE state = 'NEW';

-- A line with two readings, asked back with two buttons; chosen: which one was pressed.
CREATE TABLE question(
  id INTEGER PRIMARY KEY,
  nonce TEXT NOT NULL UNIQUE,
  chat_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  readings TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  chosen INTEGER
) STRICT;

CREATE TABLE balance(
  product TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(product, currency)
) STRICT, WITHOUT ROWID;

-- A /balance being answered: shown at once from the table above, then edited with MTN's figures.
CREATE TABLE balance_view(
  id INTEGER PRIMARY KEY,
  chat_id INTEGER NOT NULL,
  thread_id INTEGER,
  currency TEXT,
  asked_at_ms INTEGER NOT NULL,
  message_id INTEGER,
  outcome TEXT
) STRICT;
CREATE INDEX balance_view_open ON balance_view(id) WHERE outcome IS NULL;

-- Where each person stands in a step-by-step command, and what was typed so far.
CREATE TABLE conversation(
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  state INTEGER NOT NULL,
  PRIMARY KEY(name, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE form(
  user_id INTEGER PRIMARY KEY,
  data TEXT NOT NULL
) STRICT;

CREATE TABLE audit(
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  txn_id INTEGER REFERENCES txn(id),
  actor TEXT NOT NULL,
  event TEXT NOT NULL,
  f TEXT,
  t TEXT,
  observation_id INTEGER REFERENCES observation(id),
  data TEXT NOT NULL,
  prev BLOB NOT NULL CHECK(length(prev) = 32),
  hash BLOB NOT NULL UNIQUE CHECK(length(hash) = 32)
) STRICT;
CREATE INDEX audit_txn ON audit(txn_id);

CREATE TRIGGER txn_moves BEFORE UPDATE OF state ON txn
  WHEN OLD.state <> NEW.state AND NOT EXISTS(SELECT 1 FROM edge WHERE f = OLD.state AND t = NEW.state)
  BEGIN SELECT RAISE(ABORT, 'illegal transition'); END;

CREATE TRIGGER txn_born BEFORE INSERT ON txn WHEN NEW.state <> 'DRAFT'
  BEGIN SELECT RAISE(ABORT, 'a transaction is born DRAFT'); END;

CREATE TRIGGER txn_frozen BEFORE UPDATE OF reference_id, short_code, callback_token, kind, amount_minor, currency,
    decimals, party_hash, body_sha256, desk_id, maker_id, original_id, approvals_needed, self_approval, src_update_id,
    created_at_ms
  ON txn
  BEGIN SELECT RAISE(ABORT, 'immutable column'); END;

CREATE TRIGGER txn_api_user BEFORE UPDATE OF api_user ON txn
  WHEN OLD.api_user IS NOT NULL AND NEW.api_user IS NOT OLD.api_user
  BEGIN SELECT RAISE(ABORT, 'a transaction keeps the API user it was first sent under'); END;

CREATE TRIGGER txn_kept BEFORE DELETE ON txn
  BEGIN SELECT RAISE(ABORT, 'no delete'); END;

CREATE TRIGGER txn_evidence BEFORE UPDATE OF state ON txn
  WHEN NEW.state IN ('SUCCESSFUL', 'FAILED') AND OLD.state <> NEW.state AND NOT EXISTS(
    SELECT 1 FROM observation WHERE txn_id = OLD.id AND source = 'GET' AND momo_status = NEW.state)
  BEGIN SELECT RAISE(ABORT, 'final without GET evidence'); END;

CREATE TRIGGER txn_never_there BEFORE UPDATE OF state ON txn
  WHEN NEW.state IN ('REJECTED', 'UNSENT') AND OLD.state <> NEW.state
    AND (OLD.state = 'REVIEW' OR (SELECT count(*) FROM observation WHERE txn_id = OLD.id AND source = 'GET'
      AND http_status = 404 AND code = 'RESOURCE_NOT_FOUND') < CASE NEW.state WHEN 'REJECTED' THEN 2 ELSE 3 END)
    AND NOT (NEW.state = 'UNSENT' AND (SELECT count(DISTINCT actor) FROM observation
      WHERE txn_id = OLD.id AND source = 'HUMAN') >= 2)
  BEGIN SELECT RAISE(ABORT, 'closed without evidence that MTN never had it'); END;

CREATE TRIGGER txn_approved BEFORE UPDATE OF state ON txn
  WHEN NEW.state = 'READY' AND OLD.state <> 'READY'
    AND (SELECT count(*) FROM decision WHERE txn_id = OLD.id AND decision = 'approve'
      AND (user_id <> OLD.maker_id OR OLD.self_approval = 1)) < OLD.approvals_needed
  BEGIN SELECT RAISE(ABORT, 'approvals missing'); END;

CREATE TRIGGER txn_refund_bound BEFORE UPDATE OF state ON txn
  WHEN NEW.kind = 'refund' AND NEW.state = 'READY' AND OLD.state <> 'READY' AND (
    (SELECT state FROM txn WHERE id = NEW.original_id) <> 'SUCCESSFUL'
    OR (SELECT kind FROM txn WHERE id = NEW.original_id) <> 'request_to_pay'
    OR (SELECT currency FROM txn WHERE id = NEW.original_id) <> NEW.currency
    OR NEW.amount_minor + (SELECT coalesce(sum(amount_minor), 0) FROM txn WHERE original_id = NEW.original_id
      AND id <> NEW.id AND state IN ('READY', 'UNKNOWN', 'PENDING', 'REVIEW', 'SUCCESSFUL'))
      > (SELECT amount_minor FROM txn WHERE id = NEW.original_id))
  BEGIN SELECT RAISE(ABORT, 'refund exceeds the original'); END;

CREATE TRIGGER decision_by_another BEFORE INSERT ON decision
  WHEN NEW.decision = 'approve'
    AND NEW.user_id = (SELECT maker_id FROM txn WHERE id = NEW.txn_id AND self_approval = 0)
  BEGIN SELECT RAISE(ABORT, 'the maker cannot approve'); END;
CREATE TRIGGER decision_fixed BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER decision_kept BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER observation_fixed BEFORE UPDATE ON observation BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER observation_kept BEFORE DELETE ON observation BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- In a BEFORE trigger SQLite shows -1 for a row id it has not given yet.
CREATE TRIGGER audit_chain BEFORE INSERT ON audit
  WHEN NEW.prev IS NOT coalesce((SELECT hash FROM audit ORDER BY id DESC LIMIT 1), zeroblob(32))
    OR NEW.id <= coalesce((SELECT max(id) FROM audit), 0) AND NEW.id <> -1
  BEGIN SELECT RAISE(ABORT, 'audit chain broken'); END;
