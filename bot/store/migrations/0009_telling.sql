-- What a chat wishes to be told; one without a row is told everything, at once and with sound. Times are minutes of
-- the local day. closing: NULL as the settings say, -1 not at all. thread_id: the topic for what answers nobody.
CREATE TABLE wish(
  chat_id INTEGER PRIMARY KEY,
  success TEXT NOT NULL CHECK(success IN ('each', 'hourly', 'card')),
  failure TEXT NOT NULL CHECK(failure IN ('each', 'hourly')),
  from_minor INTEGER NOT NULL CHECK(from_minor >= 0),
  news INTEGER NOT NULL CHECK(news IN (0, 1)),
  sound INTEGER NOT NULL CHECK(sound IN (0, 1)),
  quiet_from INTEGER CHECK(quiet_from BETWEEN 0 AND 1439),
  quiet_until INTEGER CHECK(quiet_until BETWEEN 0 AND 1439),
  closing INTEGER CHECK(closing BETWEEN -1 AND 1439),
  thread_id INTEGER,
  CHECK((quiet_from IS NULL) = (quiet_until IS NULL)),
  CHECK(quiet_from IS NULL OR quiet_from <> quiet_until)
) STRICT;

-- Who has not answered since when, and how often it was asked since; the row goes with the first answer.
-- told: the chats that know of it, so that a restart tells nobody twice and the end is told to the same.
CREATE TABLE outage(
  service TEXT PRIMARY KEY,
  since_ms INTEGER NOT NULL,
  asked INTEGER NOT NULL CHECK(asked >= 0),
  told TEXT
) STRICT, WITHOUT ROWID;

-- held: it waits for a moment at which its chat wishes to be told of several at once.
ALTER TABLE outbox ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK(held IN (0, 1));
