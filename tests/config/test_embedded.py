"""The embedded server from its first start through crashes to its end, on real folders."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from motcua.config import cluster, layout
from motcua.config.account import Account, server_account
from motcua.config.embedded import Embedded
from motcua.config.home import key_path, secret
from motcua.config.roles import APP, OWNER
from motcua.config.trouble import Trouble

_QUICK = {"shared_buffers": "16MB"}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A data folder whose cluster was made once; the tests copy it, because making one takes most of their time."""
    folder = tmp_path_factory.mktemp("made")
    with Embedded(folder, settings=_QUICK):
        pass
    return folder


@pytest.fixture
def folder(made, tmp_path):
    """A copy of that data folder; whatever still runs on it afterwards is stopped."""
    copy = tmp_path / "home"
    subprocess.run(["cp", "-a", str(made), str(copy)], check=True)
    yield copy
    Embedded(copy).stop_if_unused()


def test_a_new_folder_becomes_a_running_server_and_stops_with_its_last_user(tmp_path) -> None:
    embedded = Embedded(tmp_path / "new", settings=_QUICK)
    embedded.join()
    pid = embedded.running_pid()
    assert pid is not None
    with psycopg.connect(embedded.conninfo("motcua", OWNER)) as connection:
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW password_encryption").fetchone() == ("scram-sha-256",)
        row = connection.execute("SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database").fetchone()
        assert row == ("C", "UTF8")
    assert embedded.leave()
    assert embedded.running_pid() is None
    assert not (tmp_path / "new" / "pg" / "postmaster.pid").exists()


def test_nobody_connects_without_the_password(folder) -> None:
    with Embedded(folder, settings=_QUICK) as embedded:
        info = psycopg.conninfo.make_conninfo(embedded.conninfo("motcua", APP), password="guessed")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(info)


def test_the_first_starts_it_and_only_the_last_stops_it(folder) -> None:
    first, second = Embedded(folder, settings=_QUICK), Embedded(folder)
    first.join()
    second.join()
    pid = first.running_pid()
    assert second.running_pid() == pid
    assert not first.leave()
    assert second.running_pid() == pid
    assert second.leave()
    assert second.running_pid() is None


def test_leaving_twice_does_nothing(folder) -> None:
    embedded = Embedded(folder, settings=_QUICK)
    embedded.join()
    assert embedded.leave()
    assert not embedded.leave()


def _kept(embedded: Embedded) -> list[tuple[int]]:
    with psycopg.connect(embedded.conninfo("motcua", OWNER)) as connection:
        return connection.execute("SELECT n FROM kept ORDER BY n").fetchall()


def test_what_was_committed_survives_a_killed_server(folder) -> None:
    with Embedded(folder, settings=_QUICK) as crashed:
        with psycopg.connect(crashed.conninfo("motcua", OWNER), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        pid = crashed.running_pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        with Embedded(folder, settings=_QUICK) as again:
            assert again.running_pid() != pid
            assert len(_kept(again)) == 1000


def test_a_stranger_with_the_old_number_does_not_hinder_the_start(folder) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        pid_file = folder / "pg" / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{folder / 'pg'}\n1\n5432\n\n\n\nready\n")
        with Embedded(folder, settings=_QUICK) as embedded:
            assert embedded.running_pid() not in {None, stranger.pid}
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_left_behind_by_a_killed_process_is_joined_and_stopped(folder) -> None:
    script = (
        "import sys, time; from pathlib import Path; from motcua.config.embedded import Embedded; "
        "Embedded(Path(sys.argv[1]), settings={'shared_buffers': '16MB'}).join(); "
        "print('up', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    process.kill()
    process.wait()
    process.stdout.close()
    orphan = Embedded(folder).running_pid()
    assert orphan is not None
    with Embedded(folder) as embedded:
        assert embedded.running_pid() == orphan
    assert Embedded(folder).running_pid() is None


def test_a_lost_key_of_the_application_is_made_anew(folder) -> None:
    key_path(APP, folder).unlink()
    with Embedded(folder, settings=_QUICK) as embedded, psycopg.connect(embedded.conninfo("motcua", APP)) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (APP,)


def _refusal(folder: Path) -> str:
    with pytest.raises(Trouble) as refusal:
        Embedded(folder, settings=_QUICK).join()
    line = str(refusal.value)
    assert "\n" not in line
    assert Embedded(folder).running_pid() is None
    return line


@pytest.mark.parametrize("part", ["PG_VERSION", "global/pg_control", "postgresql.conf"])
def test_a_folder_without_one_of_its_parts_is_called_broken_by_that_part(folder, part) -> None:
    (folder / "pg" / part).unlink()
    line = _refusal(folder)
    assert str(folder / "pg") in line
    assert part in line


def test_a_damaged_control_file_is_called_broken(folder) -> None:
    control = folder / "pg" / "global" / "pg_control"
    content = bytearray(control.read_bytes())
    content[16:64] = os.urandom(48)
    with control.open("r+b") as file:
        file.write(content)
    line = _refusal(folder)
    assert str(folder / "pg") in line


def test_a_lost_write_ahead_log_is_called_broken(folder) -> None:
    for segment in (folder / "pg" / "pg_wal").glob("0*"):
        segment.unlink()
    assert "checkpoint" in _refusal(folder)


def test_another_version_of_postgresql_is_named(folder) -> None:
    (folder / "pg" / "PG_VERSION").write_text("14\n")
    line = _refusal(folder)
    assert "14" in line
    assert cluster.major() in line


def test_a_lost_superuser_key_is_said_before_anything_starts(folder) -> None:
    key_path(cluster.SUPERUSER, folder).unlink()
    assert "postgres.key" in _refusal(folder)


def test_a_full_disk_is_one_line_whoever_meets_it(tmp_path) -> None:
    for log in (
        'FATAL:  could not write to file "pg_wal/xlogtemp.1": No space left on device',
        'PANIC:  could not write lock file "postmaster.pid": No space left on device',
    ):
        assert str(cluster.explain(tmp_path, log)) == str(cluster.disk_full(tmp_path))
    with pytest.raises(Trouble) as refusal:
        cluster.check_room(tmp_path, needed=1 << 62)
    assert str(refusal.value) == str(cluster.disk_full(tmp_path))


def test_an_unknown_reason_is_repeated_as_the_server_said_it(tmp_path) -> None:
    log = "2026-01-01 LOG:  starting\n2026-01-01 FATAL:  could not create shared memory segment\n"
    assert "could not create shared memory segment" in str(cluster.explain(tmp_path, log))


def test_who_asked_meanwhile_is_not_why_it_ended(tmp_path) -> None:
    log = "FATAL:  recovery ended before …\nFATAL:  the database system is in recovery mode\nLOG:  shut down\n"
    assert str(cluster.explain(tmp_path, log)).endswith("recovery ended before …")


def test_a_half_made_cluster_is_never_taken_for_one(tmp_path) -> None:
    leftover = tmp_path / ".pg.new-dead"
    leftover.mkdir()
    (leftover / "PG_VERSION").write_text(cluster.major())
    with Embedded(tmp_path, settings=_QUICK):
        assert not leftover.exists()
    assert not list(tmp_path.glob(".pg*"))


def test_a_long_path_gets_a_short_socket(tmp_path) -> None:
    deep = tmp_path / ("thư-mục-rất-dài-" * 6)
    assert len(os.fsencode(layout.socket_folder(deep))) < 90
    with Embedded(deep, settings=_QUICK) as embedded, psycopg.connect(embedded.conninfo()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not embedded.socket.exists()


def test_the_log_repeats_no_value_of_a_failed_statement(folder) -> None:
    with (
        Embedded(folder, settings=_QUICK) as embedded,
        psycopg.connect(embedded.conninfo("motcua", OWNER), autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE people (name text UNIQUE)")
        connection.execute("INSERT INTO people VALUES ('Nguyễn Văn Kín')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people VALUES ('Nguyễn Văn Kín')")
    log = embedded.log.read_text(encoding="utf-8")
    assert "duplicate key" in log
    assert "Nguyễn Văn Kín" not in log


def test_a_folder_closed_to_the_account_is_passed_by_a_lent_capability(tmp_path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    other = Account(os.geteuid() + 54321, os.getegid() + 54321)
    command, options = other.command(["true"], Path("/bin/true"))
    assert command == ["true"]
    assert options["user"] == other.uid
    lent, options = other.command(["true"], closed / "pg")
    assert lent[0] == "setpriv"
    assert options == {}


def test_the_servers_account_reaches_a_file_in_a_folder_closed_to_everyone_else(tmp_path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    program = closed / "program"
    program.write_text("#!/bin/sh\nexit 7\n")
    program.chmod(0o755)
    account = server_account(closed / "pg")
    for arguments, status in ((["test", "-x", str(program)], 0), ([str(program)], 7)):
        command, options = account.command(arguments, program)
        assert subprocess.run(command, check=False, **options).returncode == status


def test_secrets_of_two_folders_differ(tmp_path) -> None:
    assert secret("postgres", tmp_path / "a") != secret("postgres", tmp_path / "b")
