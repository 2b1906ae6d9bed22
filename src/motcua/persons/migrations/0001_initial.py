
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import motcua.persons.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', models.UUIDField(default=motcua.persons.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('applicant', 'người nộp hồ sơ'), ('note', 'ghi chú về cá nhân')], max_length=10, verbose_name='loại')),
                ('sealed', models.BinaryField(null=True, verbose_name='nội dung đã mã hóa')),
                ('key_id', models.CharField(max_length=16, verbose_name='khóa')),
                ('id_index', models.BinaryField(null=True)),
                ('name_index', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='lúc ghi')),
                ('erased_at', models.DateTimeField(null=True, verbose_name='lúc xóa')),
                ('erasure_order', models.CharField(blank=True, max_length=200, verbose_name='quyết định xóa')),
            ],
            options={
                'verbose_name': 'dữ liệu cá nhân',
                'verbose_name_plural': 'dữ liệu cá nhân',
                'indexes': [models.Index(condition=models.Q(('id_index__isnull', False)), fields=['id_index'], name='record_id_index'), django.contrib.postgres.indexes.GinIndex(fields=['name_index'], name='record_name_index')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('erased_at__isnull', True), ('erasure_order', ''), ('sealed__isnull', False)), models.Q(('erased_at__isnull', False), ('id_index__isnull', True), ('name_index', []), ('sealed__isnull', True), models.Q(('erasure_order', ''), _negated=True)), _connector='OR'), name='record_sealed_or_erased_by_order')],
            },
        ),
        migrations.CreateModel(
            name='Access',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='lúc')),
                ('act', models.CharField(max_length=20, verbose_name='việc')),
                ('purpose', models.CharField(max_length=200, verbose_name='mục đích')),
                ('record_ids', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='dữ liệu')),
                ('staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.staff', verbose_name='người truy cập')),
            ],
            options={
                'verbose_name': 'lượt truy cập dữ liệu cá nhân',
                'verbose_name_plural': 'nhật ký truy cập dữ liệu cá nhân',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['record_ids'], name='access_record_ids'), models.Index(fields=['staff', '-at'], name='access_staff_at')],
            },
        ),
    ]
