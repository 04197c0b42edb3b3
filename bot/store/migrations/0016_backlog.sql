-- Whom to ask MTN about next, among any number that are open: the hinted, the young, and those that are in work.
CREATE INDEX txn_open ON txn(id) WHERE state IN ('READY', 'UNKNOWN', 'PENDING', 'REVIEW');
CREATE INDEX txn_hinted ON txn(hinted_at_ms)
  WHERE state IN ('READY', 'UNKNOWN', 'PENDING', 'REVIEW') AND hinted_at_ms >= next_at_ms;
CREATE INDEX txn_leased ON txn(lease_until_ms) WHERE state IN ('READY', 'UNKNOWN', 'PENDING', 'REVIEW');
