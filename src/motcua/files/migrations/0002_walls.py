"""A file knows the agencies of its dossier, and PostgreSQL gives it to who may open files there."""

import motcua.files.models
from django.db import migrations, models

MINE = """(SELECT agencies_reads_all())
    OR receiving_agency_id = ANY ((SELECT agencies_listed('motcua.files_receiving'))::bigint[])
    OR competent_agency_id = ANY ((SELECT agencies_listed('motcua.files_competent'))::bigint[])
    OR id = ANY ((SELECT agencies_told())::uuid[])
    OR (receiving_agency_id IS NULL AND keeper_agency_id = (SELECT agencies_own()))"""
MAKE = f"""
ALTER TABLE files_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY files_file_read ON files_file FOR SELECT USING ({MINE});
CREATE POLICY files_file_add ON files_file FOR INSERT WITH CHECK (true);
CREATE POLICY files_file_change ON files_file FOR UPDATE USING ({MINE}) WITH CHECK (true);
CREATE POLICY files_file_remove ON files_file FOR DELETE USING ((SELECT agencies_reads_all()));
"""
UNDO = """
DROP POLICY files_file_remove ON files_file; DROP POLICY files_file_change ON files_file;
DROP POLICY files_file_add ON files_file; DROP POLICY files_file_read ON files_file;
ALTER TABLE files_file DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("agencies", "0004_walls")]
    operations = [
        migrations.AddField("file", "receiving_agency_id", models.BigIntegerField("nơi tiếp nhận", null=True)),
        migrations.AddField("file", "competent_agency_id", models.BigIntegerField("nơi có thẩm quyền", null=True)),
        migrations.AddField(
            "file",
            "keeper_agency_id",
            models.BigIntegerField("nơi tải lên", null=True, db_default=motcua.files.models.OwnAgency()),
        ),
        migrations.RunSQL(MAKE, UNDO),
    ]
