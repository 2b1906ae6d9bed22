"""PostgreSQL gives what was issued and the register to who may see the dossier, and keeps a closed year as it is."""

from django.db import migrations

PAIR = """(SELECT agencies_reads_all())
    OR receiving_agency_id = ANY ((SELECT agencies_listed('motcua.see_receiving'))::bigint[])
    OR competent_agency_id = ANY ((SELECT agencies_listed('motcua.see_competent'))::bigint[])"""
LINE = """(SELECT agencies_reads_all())
    OR agency_id = ANY ((SELECT agencies_listed('motcua.see_receiving'))::bigint[])
    OR competent_agency_id = ANY ((SELECT agencies_listed('motcua.see_competent'))::bigint[])"""
DESK = """(SELECT agencies_reads_all())
    OR agency_id = ANY ((SELECT agencies_listed('motcua.see_receiving'))::bigint[])"""
POLICIES = {
    "papers_issue": PAIR,
    "papers_occasion": PAIR,
    "papers_registerentry": LINE,
    "papers_registeryear": DESK,
    "papers_registerclosing": DESK,
}
POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY {table}_read ON {table} FOR SELECT USING ({mine});
CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK (true);
CREATE POLICY {table}_change ON {table} FOR UPDATE USING ((SELECT agencies_reads_all()));
CREATE POLICY {table}_remove ON {table} FOR DELETE USING ((SELECT agencies_reads_all()));
"""
NO_POLICY = """
DROP POLICY {table}_remove ON {table}; DROP POLICY {table}_change ON {table};
DROP POLICY {table}_add ON {table}; DROP POLICY {table}_read ON {table};
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
# The last word on a closed year: whoever asks, and whatever a program forgot.
CLOSED = """
CREATE FUNCTION papers_refuse_closed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM papers_registerclosing WHERE agency_id = NEW.agency_id AND year = NEW.year) THEN
        RAISE EXCEPTION 'the register of % of agency % is closed', NEW.year, NEW.agency_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER papers_registerentry_open BEFORE INSERT ON papers_registerentry
    FOR EACH ROW EXECUTE FUNCTION papers_refuse_closed();
"""
NOT_CLOSED = """
DROP TRIGGER papers_registerentry_open ON papers_registerentry; DROP FUNCTION papers_refuse_closed();
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial"), ("dossiers", "0009_walls")]
    operations = [
        migrations.RunSQL(
            "".join(POLICY.format(table=table, mine=mine) for table, mine in POLICIES.items()) + CLOSED,
            NOT_CLOSED + "".join(NO_POLICY.format(table=table) for table in POLICIES),
        ),
    ]
