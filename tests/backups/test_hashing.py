"""The hash of the business tables changes with any row, and with nothing else."""

import psycopg
import pytest
from django.utils.timezone import now

from motcua.agencies.models import Session
from motcua.backups import hashing


def _hashes(fresh) -> dict[str, hashing.Table]:
    with fresh.connect("owner") as connection:
        return hashing.tables(connection)


def test_it_is_the_same_twice_and_another_after_one_changed_letter(living_world, fresh_database) -> None:
    living_world.receive()
    before = _hashes(fresh_database)
    assert before == _hashes(fresh_database)
    assert before["dossiers_event"].rows > 0
    with fresh_database.connect("owner") as connection:
        connection.execute("UPDATE dossiers_dossier SET code = code || 'x'")
    after = _hashes(fresh_database)
    assert hashing.differing(before, after) == ["dossiers_dossier"]
    assert hashing.whole(before) != hashing.whole(after)


def test_it_does_not_depend_on_where_rows_lie(living_world, fresh_database) -> None:
    for _ in range(3):
        living_world.receive()
    before = _hashes(fresh_database)
    with fresh_database.connect("owner") as connection:
        connection.execute("ALTER TABLE dossiers_dossier SET (fillfactor = 50)")
        connection.execute("UPDATE dossiers_dossier SET code = code WHERE seq > 0")
        connection.execute("SET timezone = 'Asia/Ho_Chi_Minh'")
        connection.execute("SET datestyle = 'German'")
        connection.execute("SET bytea_output = 'escape'")
        assert hashing.tables(connection) == before


def test_sessions_are_no_business(fresh_database) -> None:
    before = _hashes(fresh_database)
    Session.objects.create(session_key="một", session_data="", expire_date=now(), last_seen_at=now())
    assert _hashes(fresh_database) == before


def test_every_table_of_a_room_is_in_it(fresh_database) -> None:
    from django.apps import apps

    ours = {
        model._meta.db_table
        for app in apps.get_app_configs()
        if app.name.startswith("motcua.")
        for model in app.get_models()
    }
    with fresh_database.connect("owner") as connection:
        unlogged = {row[0] for row in connection.execute("SELECT relname FROM pg_class WHERE relpersistence = 'u'")}
    assert ours - _hashes(fresh_database).keys() <= hashing.PASSING | unlogged


def test_rows_that_a_policy_hides_are_an_error_and_not_left_out(living_world, fresh_database) -> None:
    living_world.receive()
    with fresh_database.connect("owner") as connection:
        connection.execute("ALTER TABLE dossiers_dossier ENABLE ROW LEVEL SECURITY")
        connection.execute("CREATE POLICY none ON dossiers_dossier USING (false)")
    with fresh_database.connect("app") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        hashing.tables(connection)
