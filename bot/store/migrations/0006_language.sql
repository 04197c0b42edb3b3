-- What was chosen with /language. Without it a person is spoken to as their Telegram says, else as the till.
ALTER TABLE person ADD COLUMN chosen_language TEXT CHECK(length(chosen_language) BETWEEN 2 AND 8);
ALTER TABLE desk ADD COLUMN language TEXT CHECK(length(language) BETWEEN 2 AND 8);

-- Who asked, and is answered in their language.
ALTER TABLE balance_view ADD COLUMN asked_by INTEGER;

-- The command menus as Telegram has them, so that only what differs is set again.
CREATE TABLE menu(
  scope TEXT NOT NULL,
  language TEXT NOT NULL,
  commands TEXT NOT NULL,
  PRIMARY KEY(scope, language)
) STRICT, WITHOUT ROWID;
