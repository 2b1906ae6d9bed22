from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Allowance',
            fields=[
                ('key', models.BinaryField(primary_key=True, serialize=False, verbose_name='khóa')),
                ('full_at', models.DateTimeField(verbose_name='đầy lại lúc')),
            ],
            options={
                'verbose_name': 'hạn mức',
                'verbose_name_plural': 'hạn mức',
            },
        ),
        # What is lost in a crash are counts of the last minutes; writing them twice would cost each look-up a flush.
        migrations.RunSQL('ALTER TABLE agencies_allowance SET UNLOGGED', migrations.RunSQL.noop),
    ]
