
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='File',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('pdf', 'PDF'), ('jpeg', 'JPEG'), ('png', 'PNG'), ('docx', 'Word (docx)'), ('xlsx', 'Excel (xlsx)')], max_length=8, verbose_name='loại')),
                ('size', models.PositiveBigIntegerField(verbose_name='kích thước (byte)')),
                ('commitment', models.CharField(max_length=64, verbose_name='cam kết')),
                ('name_sealed', models.BinaryField(null=True, verbose_name='tên đã mã hóa')),
                ('key_sealed', models.BinaryField(null=True, verbose_name='khóa đã bọc')),
                ('key_id', models.CharField(max_length=16, verbose_name='khóa dữ liệu')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='lúc tải lên')),
                ('erased_at', models.DateTimeField(null=True, verbose_name='lúc xóa')),
                ('erasure_order', models.CharField(blank=True, max_length=200, verbose_name='quyết định xóa')),
            ],
            options={
                'verbose_name': 'tệp',
                'verbose_name_plural': 'tệp',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('erased_at__isnull', True), ('erasure_order', ''), ('key_sealed__isnull', False), ('name_sealed__isnull', False)), models.Q(('erased_at__isnull', False), ('key_sealed__isnull', True), ('name_sealed__isnull', True), models.Q(('erasure_order', ''), _negated=True)), _connector='OR'), name='file_sealed_or_erased_by_order')],
            },
        ),
    ]
