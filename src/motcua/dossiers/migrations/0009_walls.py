"""PostgreSQL gives a dossier, its events, its token and an agency's figures only to who may see them."""

from django.db import migrations

MINE = """(SELECT agencies_reads_all())
    OR receiving_agency_id = ANY ((SELECT agencies_listed('motcua.see_receiving'))::bigint[])
    OR competent_agency_id = ANY ((SELECT agencies_listed('motcua.see_competent'))::bigint[])
    OR ((SELECT agencies_filer()) IS NOT NULL AND (state #>> '{intake,filer}')::bigint = (SELECT agencies_filer()))"""
# The sub-select meets the policy of the dossiers themselves.
OF_MINE = """(SELECT agencies_reads_all())
    OR EXISTS (SELECT FROM dossiers_dossier d WHERE d.id = {table}.dossier_id)"""
FIGURES = """(SELECT agencies_reads_all())
    OR agency_id = ANY ((SELECT agencies_listed('motcua.see_receiving'))::bigint[])
    OR agency_id = ANY ((SELECT agencies_listed('motcua.see_competent'))::bigint[])"""
POLICIES = {
    "dossiers_dossier": MINE,
    "dossiers_event": OF_MINE.format(table="dossiers_event"),
    "dossiers_ticket": OF_MINE.format(table="dossiers_ticket"),
    "dossiers_dailytally": FIGURES,
}
POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY {table}_read ON {table} FOR SELECT USING ({mine});
CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK (true);
CREATE POLICY {table}_change ON {table} FOR UPDATE USING ({mine});
CREATE POLICY {table}_remove ON {table} FOR DELETE USING ((SELECT agencies_reads_all()));
"""
NO_POLICY = """
DROP POLICY {table}_remove ON {table}; DROP POLICY {table}_change ON {table};
DROP POLICY {table}_add ON {table}; DROP POLICY {table}_read ON {table};
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
# What is open to people without an account: one dossier for its exact token or code, and a moment without its dossier.
DOORS = """
CREATE FUNCTION dossiers_behind_token(asked bytea) RETURNS TABLE (code varchar, state jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.code, d.state FROM dossiers_ticket t JOIN dossiers_dossier d ON d.id = t.dossier_id WHERE t.token = asked
$$;
CREATE FUNCTION dossiers_behind_code(asked text) RETURNS TABLE (code varchar, state jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.code, d.state FROM dossiers_dossier d WHERE d.code = asked
$$;
CREATE FUNCTION dossiers_moment(asked bigint) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.recorded_at FROM dossiers_position p JOIN dossiers_event e ON e.dossier_id = p.dossier_id AND e.seq = p.seq
    WHERE p.position = asked
$$;
"""
NO_DOORS = """
DROP FUNCTION dossiers_moment(bigint); DROP FUNCTION dossiers_behind_code(text);
DROP FUNCTION dossiers_behind_token(bytea);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0008_told_to_person"),
        ("agencies", "0004_walls"),
        ("persons", "0003_walls"),
        ("files", "0002_walls"),
    ]
    operations = [
        migrations.RunSQL(
            "".join(POLICY.format(table=table, mine=mine) for table, mine in POLICIES.items()) + DOORS,
            NO_DOORS + "".join(NO_POLICY.format(table=table) for table in POLICIES),
        ),
    ]
