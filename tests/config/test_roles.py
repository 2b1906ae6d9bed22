"""The application's role may write the rooms' tables, append to the log, and nothing else."""

from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from motcua.config import roles
from motcua.config.embedded import Embedded
from motcua.config.migrating import bring_up_to_date
from motcua.config.trouble import Trouble
from support.database import Fresh, Server, worker_database

rolled_back = pytest.mark.django_db


def _one(statement: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return row[0] if row else None


def _tables() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


@rolled_back
def test_tests_and_pages_run_as_the_application() -> None:
    assert _one("SELECT current_user") == roles.APP


@rolled_back
@pytest.mark.parametrize("table", sorted(roles.APPEND_ONLY))
def test_every_append_only_table_exists(table) -> None:
    assert table in _tables()


@rolled_back
@pytest.mark.parametrize("table", sorted(roles.APPEND_ONLY))
@pytest.mark.parametrize(
    "statement",
    [
        'DELETE FROM "{}" WHERE false',
        'TRUNCATE "{}" CASCADE',
        'ALTER TABLE "{}" DISABLE TRIGGER ALL',
        'DROP TABLE "{}"',
        'LOCK TABLE "{}" IN ACCESS EXCLUSIVE MODE',
    ],
)
def test_the_log_can_only_grow(table, statement) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        _one(statement.format(table))


@rolled_back
@pytest.mark.parametrize("table", sorted(roles.APPEND_ONLY))
def test_the_log_has_no_column_that_can_be_changed(table) -> None:
    assert _one("SELECT has_any_column_privilege(%s, 'UPDATE')", table) is False
    assert _one("SELECT has_table_privilege(%s, 'INSERT')", table) is True


@rolled_back
def test_each_table_gives_exactly_its_rights() -> None:
    rights = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    for table in _tables():
        found = {right for right in rights if _one("SELECT has_table_privilege(%s, %s)", table, right)}
        assert found == set(roles.rights(table).split(", ")), table


@rolled_back
@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE mine (n int)", "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())"],
)
def test_the_application_makes_no_tables_and_writes_no_migrations(statement) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        _one(statement)


def test_bringing_an_up_to_date_database_up_to_date_changes_nothing(fresh_database: Fresh) -> None:
    def granted() -> object:
        return _one("SELECT array_agg(relacl::text ORDER BY relname) FROM pg_class WHERE relacl IS NOT NULL")

    before = granted()
    fresh_database.server.use(fresh_database.name, "owner")
    assert bring_up_to_date() == []
    assert granted() == before


@pytest.mark.parametrize("given", [False, True])
def test_a_login_that_may_not_make_roles_is_told_what_its_administrator_must_run(
    database_server: Server, django_db_setup: None, django_db_blocker, tmp_path: Path, given: bool
) -> None:
    """On a server of its own, where the application's role does not exist yet or was not granted."""
    with Embedded(tmp_path, settings={"shared_buffers": "16MB"}) as embedded:
        with psycopg.connect(embedded.conninfo(), autocommit=True) as admin:
            admin.execute("CREATE ROLE plain LOGIN PASSWORD 'x'")
            admin.execute("CREATE DATABASE plain OWNER plain")
            if given:
                admin.execute(f"GRANT {roles.APP} TO plain")
        own = Server(f"postgresql://plain:x@/plain?host={quote(str(embedded.socket), safe='')}")
        with django_db_blocker.unblock():
            try:
                own.use("plain", "owner")
                if given:
                    assert bring_up_to_date()
                else:
                    with pytest.raises(Trouble, match=f"GRANT {roles.APP} TO plain"):
                        bring_up_to_date()
            finally:
                database_server.use(worker_database())


def test_a_fresh_database_keeps_what_is_committed(fresh_database: Fresh) -> None:
    from django.utils.timezone import now

    from motcua.agencies.models import Session

    Session.objects.create(session_key="kept", session_data="", expire_date=now(), last_seen_at=now())
    with fresh_database.connect() as other:
        assert other.execute("SELECT session_key FROM agencies_session").fetchall() == [("kept",)]
        assert other.execute("SELECT current_user").fetchone() == (roles.APP,)
