"""Guards that hold for every role: the log only grows, its clock is the database's, and nothing committed is lost."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION dossiers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log only grows: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

GUARD = """
CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION dossiers_refuse_change();
"""

# recorded_at is the database's: never before this transaction began, and ahead of the clock at most by what a clock
# that was set back can make of "not before the dossier's last event".
CLOCK = """
CREATE FUNCTION dossiers_check_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.recorded_at < transaction_timestamp() OR NEW.recorded_at > clock_timestamp() + interval '5 minutes' THEN
        RAISE EXCEPTION 'recorded_at is the moment of recording, not %', NEW.recorded_at USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dossiers_event_clock BEFORE INSERT ON dossiers_event
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_clock();
"""

UNPLACED = """
CREATE FUNCTION dossiers_note_unplaced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dossiers_unplaced (dossier_id, seq, recorded_at) SELECT dossier_id, seq, recorded_at FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER dossiers_event_unplaced AFTER INSERT ON dossiers_event
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION dossiers_note_unplaced();
"""

TABLES = ("dossiers_event", "dossiers_position", "dossiers_command")
UNDO = (
    "DROP TRIGGER dossiers_event_unplaced ON dossiers_event; DROP FUNCTION dossiers_note_unplaced();"
    "DROP TRIGGER dossiers_event_clock ON dossiers_event; DROP FUNCTION dossiers_check_clock();"
    + "".join(f"DROP TRIGGER {table}_only_grows ON {table};" for table in TABLES)
    + "DROP FUNCTION dossiers_refuse_change();"
)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial")]
    operations = [
        migrations.RunSQL(REFUSE + "".join(GUARD.format(table=table) for table in TABLES) + CLOCK + UNPLACED, UNDO)
    ]
