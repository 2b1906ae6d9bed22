"""The migrations make exactly the tables that the models describe."""

from io import StringIO

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_model_has_run_ahead_of_its_migrations() -> None:
    out = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1, stdout=out)
    except SystemExit:
        pytest.fail(f"run `motcua manage makemigrations`:\n{out.getvalue()}", pytrace=False)
