-- Statements: what ended, in the order in which it ended. The row id settles ties.
CREATE INDEX txn_ended ON txn(final_at_ms, id) WHERE final_at_ms IS NOT NULL;

-- Tables of transactions that people asked for. desk_id: NULL for every till. first, last: local days, 'YYYY-MM-DD'.
-- total: the rows it will have, NULL while they are not counted; parts: the files it became, NULL while it is made.
CREATE TABLE export(
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL,
  chat_id INTEGER NOT NULL,
  thread_id INTEGER,
  reply_to INTEGER,
  desk_id INTEGER REFERENCES desk(id),
  form TEXT NOT NULL CHECK(form IN ('csv', 'xlsx')),
  first TEXT NOT NULL CHECK(length(first) = 10),
  last TEXT NOT NULL CHECK(length(last) = 10),
  masked INTEGER NOT NULL CHECK(masked IN (0, 1)),
  nameless INTEGER NOT NULL CHECK(nameless IN (0, 1)),
  language TEXT NOT NULL,
  asked_at_ms INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'WAITING' CHECK(state IN ('WAITING', 'MADE', 'GIVEN_UP')),
  tries INTEGER NOT NULL DEFAULT 0,
  total INTEGER,
  done INTEGER NOT NULL DEFAULT 0,
  parts INTEGER,
  message_id INTEGER
) STRICT;
CREATE INDEX export_waiting ON export(id) WHERE state = 'WAITING';
