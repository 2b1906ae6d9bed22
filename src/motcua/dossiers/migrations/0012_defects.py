"""What went wrong and is not put right yet; PostgreSQL gives an agency its own."""

import django.contrib.postgres.functions
import django.db.models.functions.datetime
from django.db import migrations, models


MINE = """(SELECT agencies_reads_all())
    OR agency_id = ANY ((SELECT agencies_listed('motcua.see_receiving'))::bigint[])
    OR agency_id = ANY ((SELECT agencies_listed('motcua.see_competent'))::bigint[])"""
POLICY = f"""
ALTER TABLE dossiers_defect ENABLE ROW LEVEL SECURITY;
CREATE POLICY dossiers_defect_read ON dossiers_defect FOR SELECT USING ({MINE});
CREATE POLICY dossiers_defect_add ON dossiers_defect FOR INSERT WITH CHECK ((SELECT agencies_reads_all()));
CREATE POLICY dossiers_defect_remove ON dossiers_defect FOR DELETE USING ((SELECT agencies_reads_all()));
"""
NO_POLICY = """
DROP POLICY dossiers_defect_remove ON dossiers_defect; DROP POLICY dossiers_defect_add ON dossiers_defect;
DROP POLICY dossiers_defect_read ON dossiers_defect; ALTER TABLE dossiers_defect DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0011_event_relocated'),
    ]

    operations = [
        migrations.CreateModel(
            name='Defect',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=30, verbose_name='loại')),
                ('dossier_id', models.UUIDField(null=True, verbose_name='hồ sơ')),
                ('agency_id', models.BigIntegerField(verbose_name='cơ quan phải sửa')),
                ('since', models.DateTimeField(verbose_name='từ lúc')),
                ('found_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='phát hiện lúc')),
            ],
            options={
                'verbose_name': 'sai sót',
                'verbose_name_plural': 'sai sót',
                'indexes': [models.Index(models.F('agency_id'), models.F('kind'), models.F('since'), models.F('id'), name='defect_of_agency')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'dossier_id', 'agency_id'), name='defect_once', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(POLICY, NO_POLICY),
    ]
