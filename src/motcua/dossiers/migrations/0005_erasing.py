"""What was erased by which order, and what is held: tables that only grow."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import motcua.dossiers.models
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_initial'),
        ('dossiers', '0004_duty_success'),
        ('persons', '0001_initial'),
        ('procedures', '0003_erasing'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('order', models.CharField(max_length=100, verbose_name='quyết định')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='lúc')),
                ('staff_id', models.BigIntegerField(null=True, verbose_name='cán bộ')),
                ('agency_id', models.BigIntegerField(null=True, verbose_name='cơ quan')),
                ('dossier_id', models.UUIDField(null=True, verbose_name='hồ sơ')),
                ('parts', models.JSONField(default=list, verbose_name='phần')),
                ('records', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None, verbose_name='dữ liệu')),
                ('files', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None, verbose_name='tệp')),
                ('early', models.BooleanField(default=False, verbose_name='trước thời hạn lưu giữ')),
            ],
            options={
                'verbose_name': 'lần xóa dữ liệu',
                'verbose_name_plural': 'các lần xóa dữ liệu',
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('order', models.CharField(max_length=100, verbose_name='văn bản')),
                ('reason_id', models.UUIDField(verbose_name='lý do')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='lúc')),
                ('staff_id', models.BigIntegerField(null=True, verbose_name='cán bộ')),
                ('agency_id', models.BigIntegerField(null=True, verbose_name='cơ quan')),
                ('dossier_id', models.UUIDField(null=True, verbose_name='hồ sơ')),
                ('record_id', models.UUIDField(null=True, verbose_name='dữ liệu của người')),
                ('valid_from', models.DateField(verbose_name='từ ngày')),
                ('valid_to', models.DateField(null=True, verbose_name='đến hết ngày')),
            ],
            options={
                'verbose_name': 'lệnh giữ dữ liệu',
                'verbose_name_plural': 'các lệnh giữ dữ liệu',
            },
        ),
        migrations.AddField(
            model_name='dossier',
            name='erased_at',
            field=models.DateTimeField(null=True, verbose_name='xóa dữ liệu lúc'),
        ),
        migrations.AddIndex(
            model_name='erasure',
            index=models.Index(models.F('agency_id'), models.F('at'), name='erasure_agency'),
        ),
        migrations.AddIndex(
            model_name='erasure',
            index=models.Index(models.F('at'), name='erasure_at'),
        ),
        migrations.AddField(
            model_name='hold',
            name='placing',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lifted', to='dossiers.hold', verbose_name='lệnh được bỏ'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(models.F('dossier_id'), condition=models.Q(('dossier_id__isnull', False)), name='hold_dossier'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.UniqueConstraint(fields=('placing',), name='hold_lifted_once'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dossier_id__isnull', True), ('record_id__isnull', False)), models.Q(('dossier_id__isnull', False), ('record_id__isnull', True)), _connector='OR'), name='hold_of_a_dossier_or_a_person'),
        ),
        migrations.CreateModel(
            name='HeldNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.BinaryField(verbose_name='dấu của số giấy tờ')),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='dossiers.hold', verbose_name='lệnh giữ dữ liệu')),
            ],
            options={
                'verbose_name': 'số giấy tờ được giữ',
                'verbose_name_plural': 'số giấy tờ được giữ',
                'constraints': [models.UniqueConstraint(fields=('hold', 'token'), name='held_number_once')],
            },
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION dossiers_refuse_change()",
                f"DROP TRIGGER {table}_only_grows ON {table}",
            )
            for table in ("dossiers_erasure", "dossiers_hold", "dossiers_heldnumber", "procedures_retention")
        ),
    ]
