"""What the compositions of legal layers said, kept for the dossiers received under them."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0009_walls'),
    ]

    operations = [
        migrations.CreateModel(
            name='LegalRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rules_id', models.CharField(db_index=True, max_length=300, verbose_name='mã căn cứ')),
                ('data', models.JSONField(verbose_name='nội dung')),
                ('first_used_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='dùng lần đầu')),
            ],
            options={
                'verbose_name': 'căn cứ pháp lý',
                'verbose_name_plural': 'căn cứ pháp lý',
            },
        ),
    ]
