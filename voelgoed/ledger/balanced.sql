-- M1: debits equal credits for every entry and currency, and its lines stand on its day; judged at the commit.
CREATE OR REPLACE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  off record;
BEGIN
  SELECT currency, sum(amount_cents) AS cents INTO off FROM journal_line
   WHERE organization_id = NEW.organization_id AND entry_id = NEW.entry_id
   GROUP BY currency HAVING sum(amount_cents) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal entry % is off by % % minor units', NEW.entry_id, off.cents, off.currency
      USING ERRCODE = 'check_violation', CONSTRAINT = 'balanced_entry';
  END IF;
  IF NOT EXISTS (SELECT FROM journal_entry
                  WHERE organization_id = NEW.organization_id AND id = NEW.entry_id AND trading_day = NEW.trading_day) THEN
    RAISE EXCEPTION 'a line of journal entry % stands on another day', NEW.entry_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'balanced_entry';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS balanced_entry ON {table};
CREATE CONSTRAINT TRIGGER balanced_entry AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced();
