-- The few that wait among the millions that are over: what was not sent yet, what is being delivered, and updates whose
-- text is still kept. Looked for with each order, at every start and every hour.
CREATE INDEX txn_unsent ON txn(maker_id) WHERE state IN ('DRAFT', 'AWAITING_APPROVAL', 'READY');
CREATE INDEX outbox_sending ON outbox(state) WHERE state = 'SENDING';
CREATE INDEX inbox_kept ON inbox(received_at_ms) WHERE body IS NOT NULL;
