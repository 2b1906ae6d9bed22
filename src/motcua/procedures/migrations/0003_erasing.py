"""Schedules of retention, which are only added to."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procedures', '0002_versions_are_final'),
    ]

    operations = [
        migrations.CreateModel(
            name='Retention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='phiên bản')),
                ('valid_from', models.DateField(verbose_name='từ ngày')),
                ('data', models.JSONField(verbose_name='nội dung')),
                ('reason', models.CharField(max_length=400, verbose_name='lý do công bố')),
                ('published_by_id', models.BigIntegerField(null=True, verbose_name='người công bố')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='lúc công bố')),
            ],
            options={
                'verbose_name': 'thời hạn lưu giữ',
                'verbose_name_plural': 'thời hạn lưu giữ',
                'indexes': [models.Index(models.F('valid_from'), models.F('number'), name='retention_in_force')],
            },
        ),
    ]
