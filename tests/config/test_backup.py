"""A dump read back gives the same database, and neither step does half of its work."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.utils.timezone import now

from motcua.agencies.models import Session
from motcua.config import backup, database, migrating, roles
from motcua.config.trouble import Trouble
from support.database import Fresh


@pytest.fixture
def empty_database(fresh_database: Fresh) -> Iterator[str]:
    """The address of a database without tables."""
    name = f"{fresh_database.name}_empty"
    fresh_database.server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield fresh_database.server.for_database(name)
    fresh_database.server.drop(name)


def test_a_dump_restores_into_an_empty_database_with_all_rows_and_rights(
    fresh_database: Fresh, empty_database: str, tmp_path: Path
) -> None:
    Session.objects.create(session_key="giữ lại", session_data="ổ", expire_date=now(), last_seen_at=now())
    file = tmp_path / "motcua.dump"
    size = backup.dump(file, database.entry("owner", url=fresh_database.url))
    assert file.stat().st_size == size > 1000
    assert file.stat().st_mode & 0o777 == 0o600
    backup.restore(file, database.entry("owner", url=empty_database))
    name = psycopg.conninfo.conninfo_to_dict(empty_database)["dbname"]
    fresh_database.server.use(str(name), "owner")
    assert migrating.bring_up_to_date() == []
    fresh_database.server.use(str(name))
    assert Session.objects.get().session_key == "giữ lại"
    assert list(tmp_path.iterdir()) == [file]


def test_the_restored_log_is_guarded_like_the_first(fresh_database: Fresh, empty_database: str, tmp_path: Path) -> None:
    file = tmp_path / "motcua.dump"
    backup.dump(file, database.entry("owner", url=fresh_database.url))
    backup.restore(file, database.entry("owner", url=empty_database))
    triggers = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
    with psycopg.connect(empty_database) as restored, fresh_database.connect("owner") as first:
        assert restored.execute(triggers).fetchall() == first.execute(triggers).fetchall() != []
        roles.grant(restored)
        for table in roles.APPEND_ONLY:
            query = "SELECT has_table_privilege(%s, %s, 'UPDATE')"
            assert restored.execute(query, [roles.APP, table]).fetchone() == (False,)


def test_an_older_backup_is_never_overwritten(fresh_database: Fresh, tmp_path: Path) -> None:
    file = tmp_path / "motcua.dump"
    file.write_text("precious")
    with pytest.raises(Trouble):
        backup.dump(file, database.entry("owner", url=fresh_database.url))
    assert file.read_text() == "precious"


def test_a_dump_into_a_folder_that_is_not_there_leaves_nothing(fresh_database: Fresh, tmp_path: Path) -> None:
    with pytest.raises(Trouble):
        backup.dump(tmp_path / "none" / "motcua.dump", database.entry("owner", url=fresh_database.url))
    assert list(tmp_path.iterdir()) == []


def test_a_database_with_tables_is_not_restored_over(fresh_database: Fresh, tmp_path: Path) -> None:
    file = tmp_path / "motcua.dump"
    entry = database.entry("owner", url=fresh_database.url)
    backup.dump(file, entry)
    with pytest.raises(Trouble, match=fresh_database.name):
        backup.restore(file, entry)


def test_a_file_that_is_no_dump_changes_nothing(empty_database: str, tmp_path: Path) -> None:
    file = tmp_path / "motcua.dump"
    file.write_bytes(b"PGDMP is not enough")
    with pytest.raises(Trouble, match=r"pg_restore"):
        backup.restore(file, database.entry("owner", url=empty_database))
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    assert list(tmp_path.iterdir()) == [file]
