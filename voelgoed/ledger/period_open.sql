-- A closed trading day takes no entry; whoever closes it and whoever posts into it take turns on the day.
CREATE OR REPLACE FUNCTION refuse_closed_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('trading day ' || NEW.organization_id || NEW.trading_day, 0));
  IF EXISTS (SELECT FROM closed_day WHERE organization_id = NEW.organization_id AND day = NEW.trading_day) THEN
    RAISE EXCEPTION 'the trading day % is closed', NEW.trading_day
      USING ERRCODE = 'check_violation', CONSTRAINT = 'period_open';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS period_open ON {table};
CREATE TRIGGER period_open BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_closed_day();
