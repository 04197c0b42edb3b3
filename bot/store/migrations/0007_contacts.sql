-- Numbers a desk has saved under a name. All of it is personal data: a contact that is deleted leaves nothing here.
-- words: the name in lower case with single blanks, by which it is found and told from others.
-- chat_id, thread_id, message_id: where it was told saved, to be edited with MTN's name.
-- mtn_name: NULL until MTN was asked, empty when it gave none. nonce: what its buttons carry; never used again.
CREATE TABLE contact(
  id INTEGER PRIMARY KEY,
  desk_id INTEGER NOT NULL REFERENCES desk(id),
  name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 40),
  words TEXT NOT NULL CHECK(words <> ''),
  msisdn TEXT NOT NULL CHECK(length(msisdn) BETWEEN 8 AND 15 AND msisdn NOT GLOB '*[^0-9]*'),
  mtn_name TEXT,
  nonce TEXT NOT NULL UNIQUE CHECK(length(nonce) >= 22),
  added_by INTEGER NOT NULL,
  added_at_ms INTEGER NOT NULL,
  chat_id INTEGER NOT NULL,
  thread_id INTEGER,
  message_id INTEGER,
  UNIQUE(desk_id, words),
  UNIQUE(desk_id, msisdn)
) STRICT;
CREATE INDEX contact_unnamed ON contact(id) WHERE mtn_name IS NULL;

-- What a desk did last is offered to whoever is asked for a number, an amount or a payment to refund.
CREATE INDEX txn_of_desk ON txn(desk_id, id);
