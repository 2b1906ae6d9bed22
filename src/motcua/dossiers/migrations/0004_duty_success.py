from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0003_duties'),
    ]

    operations = [
        migrations.AddField(
            model_name='duty',
            name='succeeded_at',
            field=models.DateTimeField(null=True, verbose_name='xong tốt lúc'),
        ),
    ]
