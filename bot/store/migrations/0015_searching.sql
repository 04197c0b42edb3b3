-- Searches for what is rare among a million: rows of one state, kind or amount are walked alone. What was paid is not
-- rare, and a search for it finds a page among the newest rows.
CREATE INDEX txn_of_state ON txn(desk_id, state, id) WHERE state <> 'SUCCESSFUL';
CREATE INDEX txn_of_kind ON txn(desk_id, kind, id);
CREATE INDEX txn_of_amount ON txn(desk_id, amount_minor, id);
