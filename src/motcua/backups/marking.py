"""Sets a mark in the database: a named point in its changes, with the hash of everything that was committed before."""

import secrets
import time
from collections.abc import Callable, Sequence
from datetime import datetime

import psycopg
from psycopg import sql

from motcua.backups import hashing
from motcua.backups.changes import connect
from motcua.backups.shelf import Mark
from motcua.config.embedded import Embedded
from motcua.config.trouble import Trouble

_TRIES = 60
# Shorter than PostgreSQL's deadlock_timeout: should we and somebody at work wait for each other, we give way.
_LOCK_MILLISECONDS = 900
# With a number of its own the transaction's end is a change that is written to the disk at once, and the point with it.
_POINT = """
SELECT pg_create_restore_point(%s)::text, clock_timestamp(), pg_export_snapshot(),
       (SELECT coalesce(max(position), 0) FROM dossiers_position), pg_current_xact_id()
"""


def set_mark(server: Embedded, passed: Callable[[str], object] = str) -> Mark:
    """Sets a mark and hashes the database as it was at that moment; calls `passed` with its place in the changes.

    Writers wait for the instant in which the mark is set, never while the tables are hashed.
    """
    name = f"motcua-{secrets.token_hex(8)}"
    with connect(server) as reading:
        with connect(server) as marking:
            lsn, at, snapshot, position = _set(marking, name, hashing.business_tables(reading))
            reading.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            reading.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))
            marking.execute("COMMIT")
        passed(lsn)
        found = hashing.tables(reading)
        mark = Mark(name, lsn, at, position, hashing.log(reading, position), found)
        reading.execute("COMMIT")
    return mark


def _set(connection: psycopg.Connection, name: str, names: Sequence[str]) -> tuple[str, datetime, str, int]:
    """With every business table locked for writing, in a transaction that stays open: the point and its snapshot."""
    tables = sql.SQL(", ").join(sql.Identifier("public", table) for table in names)
    for attempt in range(_TRIES):
        # Nothing before the lock may look at the tables: the transaction's snapshot is taken after it.
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        try:
            connection.execute(f"SET LOCAL statement_timeout = {_LOCK_MILLISECONDS}".encode())
            connection.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(tables))
        except (psycopg.errors.QueryCanceled, psycopg.errors.DeadlockDetected):
            connection.execute("ROLLBACK")
            time.sleep(0.2 + attempt / 20 + secrets.randbelow(100) / 500)
            continue
        lsn, at, snapshot, position, _ = _row(connection, name)
        return lsn, at, snapshot, position
    raise Trouble(
        "Không đặt được mốc sao lưu: có giao dịch ghi kéo dài. Hãy chạy lại khi việc nhập lớn đã xong.",
        "The backup's mark could not be set: somebody writes for a long time. Run it again after the large import.",
    )


def _row(connection: psycopg.Connection, name: str) -> tuple[str, datetime, str, int, object]:
    found = connection.execute(_POINT, [name]).fetchone()
    if found is None:
        raise RuntimeError("the restore point gave no row")
    lsn, at, snapshot, position, number = found
    return lsn, at, snapshot, position, number
