"""Finds quickly whose a dossier was before it moved to another agency."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("dossiers", "0010_legal_rules")]
    operations = [
        AddIndexConcurrently(
            "event",
            models.Index(
                "dossier_id", "seq", name="event_relocated", condition=models.Q(("type", "relocated"))
            ),
        ),
    ]
