"""The indexes by which an inspector and the person concerned read, built beside people at work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("persons", "0004_access_log")]
    operations = [
        AddIndexConcurrently("access", models.Index(fields=["agency_id", "-id"], name="access_agency")),
        AddIndexConcurrently(
            "access", models.Index(fields=["dossier"], name="access_dossier", condition=~models.Q(dossier=""))
        ),
    ]
