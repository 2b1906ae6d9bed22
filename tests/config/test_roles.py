"""The application's role may write the rooms' tables, append to the log, and nothing else."""

import pytest
from django.db import connection

from motcua.config import roles


@pytest.mark.django_db
def test_tests_run_as_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (roles.APP,)


def test_a_fresh_database_keeps_what_is_committed(fresh_database) -> None:
    from django.contrib.sessions.models import Session
    from django.utils.timezone import now

    Session.objects.create(session_key="kept", session_data="", expire_date=now())
    with fresh_database.connect() as other:
        assert other.execute("SELECT session_key FROM django_session").fetchall() == [("kept",)]
