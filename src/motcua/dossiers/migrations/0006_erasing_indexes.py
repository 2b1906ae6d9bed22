"""Indexes on the large tables, built beside people at work: what is due for erasure, and whose dossiers they are."""

import motcua.dossiers.models
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('dossiers', '0005_erasing'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(models.F('competent_agency'), models.F('closed_at'), models.F('id'), condition=models.Q(('closed_at__isnull', False), ('erased_at__isnull', True)), name='dossier_kept'),
        ),
        AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(motcua.dossiers.models.SubmitterId('state'), condition=models.Q(('state__intake__has_key', 'submitter')), name='dossier_submitter'),
        ),
        AddIndexConcurrently(
            model_name='event',
            index=models.Index(models.F('dossier_id'), condition=models.Q(('type', 'corrected')), name='event_corrected'),
        ),
    ]
