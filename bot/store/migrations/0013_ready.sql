-- What may be sent, and what a person has to look at: few among the many that are open, and looked for every second.
CREATE INDEX txn_ready ON txn(id) WHERE state = 'READY';
CREATE INDEX txn_review ON txn(id) WHERE state = 'REVIEW';
