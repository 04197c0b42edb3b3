-- Retention of personal data: a number is blanked to '999999999999999', its name and note to nothing, when its transaction is
-- over. The money's row stays as it is, and what was blanked stays blanked.
CREATE TRIGGER txn_party_born BEFORE INSERT ON txn_party WHEN NEW.msisdn = '999999999999999'
  BEGIN SELECT RAISE(ABORT, 'a transaction is born with a number'); END;
CREATE TRIGGER txn_party_blanked BEFORE UPDATE ON txn_party
  WHEN NEW.msisdn = '999999999999999' AND OLD.msisdn <> NEW.msisdn
    AND (NEW.payee_name <> '' OR NEW.note <> '' OR (SELECT final_at_ms FROM txn WHERE id = OLD.txn_id) IS NULL)
  BEGIN SELECT RAISE(ABORT, 'only what is over is blanked, and then all of it'); END;
CREATE TRIGGER txn_party_stays_blank BEFORE UPDATE ON txn_party
  WHEN OLD.msisdn = '999999999999999' AND (NEW.msisdn <> OLD.msisdn OR NEW.payee_name <> '' OR NEW.note <> '')
  BEGIN SELECT RAISE(ABORT, 'what was blanked stays blank'); END;
