"""The database of each earlier release comes up to date, is sound, looks like a new one, and its pages open."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from motcua.agencies.access import Role
from motcua.agencies.models import User
from motcua.config import backup, cluster, database
from support.database import Server, worker_database
from support.session import HOME
from support.world import SECRET

_FOLDER = Path(__file__).parent
RELEASES = sorted(path.stem for path in _FOLDER.glob("*.dump"))


@dataclass(frozen=True)
class Old:
    """The restored database of a release, not upgraded yet."""

    server: Server
    name: str
    release: str

    @property
    def url(self) -> str:
        """Its address, as the owner."""
        return self.server.for_database(self.name)

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to work on it."""
        key = (_FOLDER / f"{self.release}.key").read_text(encoding="ascii").strip()
        return {"DATABASE_URL": self.url, "MOTCUA_HOME": str(HOME), "MOTCUA_DATA_KEY": key}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts `motcua` on it."""
        command = [sys.executable, "-m", "motcua", *arguments]
        environment = os.environ | self.environment
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )  # fmt: skip

    def motcua(self, *arguments: str) -> str:
        """Runs `motcua` on it; fails with what it said when it does not succeed."""
        process = self.start(*arguments)
        out, said = process.communicate(timeout=240)
        assert process.returncode == 0, said + out
        return out

    def statement(self, text: str) -> list[tuple[object, ...]]:
        """One statement as the owner, and its rows."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(text).fetchall()  # type: ignore[call-overload, no-any-return]


@pytest.fixture(params=RELEASES)
def old(
    request: pytest.FixtureRequest, database_server: Server, django_db_setup: None, tmp_path: Path
) -> Iterator[Old]:
    name = f"{worker_database()}_old"
    database_server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    kept = Old(database_server, name, request.param)
    try:
        dump = shutil.copy(_FOLDER / f"{request.param}.dump", tmp_path)
        backup.restore(Path(dump), database.entry("owner", url=kept.url))
        yield kept
    finally:
        database_server.drop(name)


def _shape(server: Server, name: str) -> list[str]:
    """Every table, index, constraint, trigger and right of a database as SQL."""
    entry = database.entry("owner", url=server.for_database(name))
    conninfo = f"host={entry['HOST']} dbname={name} user={entry['USER']} " + (
        f"port={entry['PORT']}" if entry["PORT"] else ""
    )
    environment = os.environ | {"PGPASSWORD": entry["PASSWORD"]}
    command = [str(cluster.program("pg_dump")), "--schema-only", "--dbname", conninfo]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    # PostgreSQL writes some casts otherwise after they were read from a dump.
    lines = [re.sub(r"::(character varying|text)(\[\])?|[()]", "", line) for line in done.stdout.splitlines()]
    # Debian's newest releases mark columns with versions of their own counting.
    return [line for line in lines if not re.match(r"--|\\(un)?restrict|.* SET pg_attver=", line)]


def test_there_is_a_release_to_upgrade_from() -> None:
    assert RELEASES[0] == "0.1"
    for release in RELEASES:
        assert {path.suffix for path in _FOLDER.glob(f"{release}.*")} == {".dump", ".key", ".migrations"}


def test_an_old_database_comes_up_to_date_and_is_sound(old: Old, migrated_template: str) -> None:
    released = (_FOLDER / f"{old.release}.migrations").read_text(encoding="ascii").split()
    stood = {f"{app}.{name}" for app, name in old.statement("SELECT app, name FROM django_migrations")}
    assert stood == set(released)
    applied = json.loads(old.motcua("migrate", "--json"))["applied"]
    assert applied
    assert not set(applied) & stood
    assert json.loads(old.motcua("migrate", "--json"))["applied"] == []
    assert _shape(old.server, old.name) == _shape(old.server, migrated_template)
    events = old.statement("SELECT count(*) FROM dossiers_event")
    old.motcua("worker", "--once")
    report = json.loads(old.motcua("verify", "--records", "--json"))
    assert report["sound"], report
    assert (report["dossiers"], report["unplaced"]) == (5, 0)
    assert [(report["events"],)] == events


def test_an_upgrade_waits_for_who_reads_and_goes_on(old: Old) -> None:
    """Somebody reads a table that a migration changes, for as long as the upgrade has said that it waits."""
    with psycopg.connect(old.url) as reader:
        reader.execute("SELECT count(*) FROM dossiers_event, agencies_agency, django_migrations")
        reader.execute("LOCK TABLE django_migrations, dossiers_dossier IN SHARE MODE")
        upgrade = old.start("migrate", "--json")
        assert upgrade.stderr is not None
        first = upgrade.stderr.readline()
        reader.rollback()
    out, said = upgrade.communicate(timeout=240)
    assert "a table is in use" in first, first + said
    assert upgrade.returncode == 0, said
    assert json.loads(out)["applied"]


def test_two_upgrades_at_once_do_the_work_once(old: Old) -> None:
    both = [old.start("migrate", "--json") for _ in range(2)]
    told = [process.communicate(timeout=240) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sorted(bool(json.loads(out)["applied"]) for out, _said in told) == [False, True]


def test_an_upgrade_that_was_killed_is_taken_up_again(old: Old) -> None:
    with psycopg.connect(old.url) as reader:
        reader.execute("LOCK TABLE dossiers_dossier, django_migrations IN SHARE MODE")
        upgrade = old.start("migrate", "--json")
        assert upgrade.stderr is not None
        upgrade.stderr.readline()
        upgrade.kill()
        upgrade.communicate()
    old.motcua("migrate")
    old.motcua("worker", "--once")
    assert json.loads(old.motcua("verify", "--json"))["sound"]


def test_an_index_whose_building_was_stopped_is_built_again(old: Old, migrated_template: str) -> None:
    """An upgrade was killed in the middle of one index and after another, in a migration that no transaction holds."""
    with psycopg.connect(old.url, autocommit=True) as owner:
        with pytest.raises(psycopg.errors.UniqueViolation):
            owner.execute("CREATE UNIQUE INDEX CONCURRENTLY dossier_kept ON dossiers_dossier (channel)")
        owner.execute("CREATE INDEX event_corrected ON dossiers_event (dossier_id) WHERE type = 'corrected'")
    old.motcua("migrate")
    assert _shape(old.server, old.name) == _shape(old.server, migrated_template)


def test_the_pages_of_an_upgraded_database_open(old: Old, monkeypatch, django_db_blocker) -> None:
    old.motcua("migrate")
    old.motcua("worker", "--once")
    monkeypatch.setenv("MOTCUA_DATA_KEY", old.environment["MOTCUA_DATA_KEY"])
    with django_db_blocker.unblock():
        old.server.use(old.name)
        try:
            _walk(old)
        finally:
            old.server.use(worker_database())


def _walk(old: Old) -> None:
    ids = [row[0] for row in old.statement("SELECT id FROM dossiers_dossier ORDER BY code")]
    code = old.statement("SELECT code FROM dossiers_dossier ORDER BY code")[0][0]
    client = Client()
    for address in ("/", "/thu-tuc", f"/tra-cuu?code={code}", "/thu-tuc/1.004873"):
        assert client.get(address).status_code == 200, address
    names = 0
    for user in User.objects.filter(is_active=True):
        TOTP.activate(user, SECRET)  # leaders and administrators are led to it first
        client.force_login(user)
        assert client.get("/office/", follow=True).status_code == 200, user.username
        for dossier in ids:
            page = client.get(f"/office/ho-so/{dossier}/")
            assert page.status_code in {200, 403, 404}
            names += "Nguyễn Thị Mẫu" in page.content.decode()
    assert names >= 3
    desk = User.objects.get(username=f"w1.{Role.DESK_OFFICER}")
    client.force_login(desk)
    assert client.get(f"/office/ho-so/{ids[0]}/giay/tiep-nhan.pdf").content.startswith(b"%PDF")
