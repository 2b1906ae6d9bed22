"""PostgreSQL gives messages and drafts to who may see the dossier, and reminders to the agency of who is reminded."""

from django.db import migrations

PAIR = """(SELECT agencies_reads_all())
    OR receiving_agency_id = ANY ((SELECT agencies_listed('motcua.see_receiving'))::bigint[])
    OR competent_agency_id = ANY ((SELECT agencies_listed('motcua.see_competent'))::bigint[])"""
OWN = """(SELECT agencies_reads_all())
    OR agency_id = (SELECT agencies_own())"""
POLICIES = {"notices_message": PAIR, "notices_apologydraft": PAIR, "notices_reminder": OWN}
POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY {table}_read ON {table} FOR SELECT USING ({mine});
CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK ((SELECT agencies_reads_all()));
CREATE POLICY {table}_change ON {table} FOR UPDATE USING ({mine});
CREATE POLICY {table}_remove ON {table} FOR DELETE USING ((SELECT agencies_reads_all()));
"""
NO_POLICY = """
DROP POLICY {table}_remove ON {table}; DROP POLICY {table}_change ON {table};
DROP POLICY {table}_add ON {table}; DROP POLICY {table}_read ON {table};
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
# What happened before this room was there is nobody's news: the follower begins where the log ends.
BEGIN = """
INSERT INTO dossiers_bookmark (follower, position)
SELECT 'messages', position FROM (SELECT max(position) AS position FROM dossiers_position) p WHERE position IS NOT NULL
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("dossiers", "0012_defects"), ("agencies", "0004_walls")]
    operations = [
        migrations.RunSQL(
            "".join(POLICY.format(table=table, mine=mine) for table, mine in POLICIES.items()) + BEGIN,
            "".join(NO_POLICY.format(table=table) for table in POLICIES),
        ),
    ]
