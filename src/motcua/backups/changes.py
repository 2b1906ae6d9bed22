"""The database's changes (WAL), copied to the backup folder as they are written: the last second counts, too.

A replication slot makes the server keep what has not been copied yet, up to a bound (`tuning`). Where the bound was
passed, or where the server is another one, the line is broken and a new one begins, with a copy of its own.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from motcua.backups.shelf import Line, Shelf
from motcua.backups.tools import address, environment, run
from motcua.config import cluster
from motcua.config.embedded import Embedded
from motcua.config.home import make_private
from motcua.config.trouble import Trouble

SLOT = "motcua_backup"
_PATIENCE = 120.0
_IDENTITY = """
SELECT s.system_identifier::text, ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
FROM pg_control_system() s
"""
_SLOT = """
SELECT wal_status, active, pg_wal_lsn_diff(pg_current_wal_flush_lsn(), restart_lsn)::bigint
FROM pg_replication_slots WHERE slot_name = %s
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the copying stands: whether somebody copies now, and how many bytes are not in the backup folder yet."""

    active: bool
    behind: int


def connect(server: Embedded) -> psycopg.Connection:
    """A connection as the superuser, outside any transaction."""
    return psycopg.connect(server.conninfo("motcua"), autocommit=True)


def standing(connection: psycopg.Connection) -> Standing | None:
    """How the copying stands; None when no line is being kept."""
    found = connection.execute(_SLOT, [SLOT]).fetchone()
    return None if found is None or found[0] == "lost" else Standing(found[1], found[2])


def current_line(connection: psycopg.Connection, shelf: Shelf) -> Line | None:
    """The line that goes on: of this server and timeline, and the server kept everything that is missing on it."""
    if standing(connection) is None:
        return None
    system, timeline = _identity(connection)
    lines = shelf.lines()
    return lines[-1] if lines and (lines[-1].system, lines[-1].timeline) == (system, timeline) else None


def ensure_line(connection: psycopg.Connection, shelf: Shelf) -> Line:
    """The line that goes on, or a new one from this moment."""
    make_private(shelf.folder)
    with _locked(shelf, "line"):
        line = current_line(connection, shelf)
        if line is None:
            drop_slot(connection)
            connection.execute("SELECT pg_create_physical_replication_slot(%s, true)", [SLOT])
            line = shelf.new_line(*_identity(connection))
        return line


def drop_slot(connection: psycopg.Connection) -> None:
    """Ends the line: the server keeps nothing back any more."""
    connection.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s", [SLOT]
    )


def follow(server: Embedded, shelf: Shelf) -> None:
    """Becomes the program that copies the changes until it is stopped; it waits out a server that is away."""
    with connect(server) as connection:
        line = ensure_line(connection, shelf)
    holder = os.open(line.folder / "receiving.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Trouble(
            f"Thay đổi đã đang được sao chép vào {line.folder}.",
            f"The changes are being copied to {line.folder} already.",
        ) from None
    os.set_inheritable(holder, True)  # the lock lives as long as the program does
    program = str(cluster.program("pg_receivewal"))
    os.execve(program, [program, *_arguments(line), "--dbname", address(server), "--no-password"], environment(server))  # noqa: S606


def bring_up_to(server: Embedded, connection: psycopg.Connection, line: Line, lsn: str) -> float:
    """Returns when the line holds the changes up to `lsn`, with the seconds that took.

    Waits for whoever copies now; where nobody does, copies itself. Raises `Trouble` after two minutes without success.
    """
    begun = time.monotonic()
    with (line.folder / "receiving.lock").open("ab") as holder:
        while not _holds(connection, lsn):
            try:
                fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else copies; asked again below, since the next moment it may have ended
            else:
                run("pg_receivewal", [*_arguments(line), f"--endpos={lsn}", "--no-loop"], server)
                break
            if time.monotonic() - begun > _PATIENCE:
                raise Trouble(
                    f"Các thay đổi không tới được {line.wal} trong hai phút. Hãy xem ổ đĩa và tiến trình `archive`.",
                    f"The changes do not reach {line.wal} within two minutes. Look at the disk and at `archive`.",
                )
            time.sleep(0.01)
    return time.monotonic() - begun


def _arguments(line: Line) -> list[str]:
    return ["--directory", str(line.wal), "--slot", SLOT, "--synchronous"]


def _holds(connection: psycopg.Connection, lsn: str) -> bool:
    query = "SELECT restart_lsn >= %s::pg_lsn FROM pg_replication_slots WHERE slot_name = %s"
    found = connection.execute(query, [lsn, SLOT]).fetchone()
    return bool(found and found[0])


def _identity(connection: psycopg.Connection) -> tuple[str, int]:
    found = connection.execute(_IDENTITY).fetchone()
    if found is None:
        raise RuntimeError("pg_control_system() gave no row")
    return str(found[0]), int(found[1])


@contextlib.contextmanager
def _locked(shelf: Shelf, name: str) -> Iterator[None]:
    with (shelf.folder / f".{name}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
