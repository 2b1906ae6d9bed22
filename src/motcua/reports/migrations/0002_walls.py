"""PostgreSQL gives what the reports count to who may see the dossier, and officers' parts to who may follow them."""

from django.db import migrations

SEE = """agency_id = ANY ((SELECT agencies_listed('motcua.see_receiving'))::bigint[])
    OR agency_id = ANY ((SELECT agencies_listed('motcua.see_competent'))::bigint[])"""
OFFICERS = SEE.replace("motcua.see_", "motcua.officers_")
POLICIES = {
    "reports_span": """(SELECT agencies_reads_all())
    OR competent_agency_id = ANY ((SELECT agencies_listed('motcua.see_competent'))::bigint[])""",
    "reports_part": f"""(SELECT agencies_reads_all())
    OR (staff_id = 0 AND ({SEE}))
    OR (staff_id <> 0 AND (staff_id = (SELECT nullif(current_setting('motcua.staff', true), '')::bigint) OR {OFFICERS}))""",
}
POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY {table}_read ON {table} FOR SELECT USING ({mine});
CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK ((SELECT agencies_reads_all()));
CREATE POLICY {table}_change ON {table} FOR UPDATE USING ((SELECT agencies_reads_all()));
CREATE POLICY {table}_remove ON {table} FOR DELETE USING ((SELECT agencies_reads_all()));
"""
NO_POLICY = """
DROP POLICY {table}_remove ON {table}; DROP POLICY {table}_change ON {table};
DROP POLICY {table}_add ON {table}; DROP POLICY {table}_read ON {table};
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("agencies", "0004_walls")]
    operations = [
        migrations.RunSQL(
            "".join(POLICY.format(table=table, mine=mine) for table, mine in POLICIES.items()),
            "".join(NO_POLICY.format(table=table) for table in POLICIES),
        ),
    ]
