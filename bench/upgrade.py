"""One claim: upgrading an installation with a million dossiers makes nobody wait longer than two seconds for a table.

The database of an earlier release (the one that the tests keep) is filled up to a million dossiers of seven events
each: copies of its rows, since only their number matters to a lock. Then `motcua migrate` brings it up to date, while
for every table a connection of its own asks again and again for the lock that a clerk's act needs. The longest wait
of each is what somebody at work would have felt.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from rig import machine

from motcua.config import backup, database, roles
from motcua.config.embedded import Embedded

RELEASES = Path(__file__).resolve().parents[1] / "tests" / "upgrades"
DOSSIERS, EVENTS, GOAL = 1_000_000, 7, 2.0
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_EVERY = 0.02  # seconds between two asks of one table
# Table, and for each column that must be its own an expression over the number `n` and the event `e` of a copy.
_RECORD, _DOSSIER, _COMMAND = "md5('r' || n)::uuid", "md5('d' || n)::uuid", "md5('c' || n || e)::uuid"
_COPIES: dict[str, tuple[dict[str, str], bool]] = {
    "persons_record": ({"id": _RECORD}, False),
    "dossiers_dossier": ({"id": _DOSSIER, "code": "'X' || n", "owner_id": _RECORD}, False),
    "dossiers_ticket": ({"token": "sha256(('t' || n)::bytea)", "dossier_id": _DOSSIER}, False),
    "dossiers_event": ({"dossier_id": _DOSSIER, "seq": "e", "command_id": _COMMAND}, True),
    "dossiers_command": ({"command_id": _COMMAND, "dossier_id": _DOSSIER}, True),
    "dossiers_position": ({"position": "1000 + n * 7 + e", "dossier_id": _DOSSIER, "seq": "e"}, True),
}


@dataclass
class Waits:
    """The longest wait for each table, in seconds, and how often it was asked for."""

    longest: dict[str, float] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    def note(self, table: str, seconds: float) -> None:
        """One answer."""
        self.longest[table] = max(seconds, self.longest.get(table, 0))
        self.asked[table] = self.asked.get(table, 0) + 1


def restored(folder: Path, release: str) -> None:
    """The release's database in place of the empty one."""
    copy = folder / "old.dump"
    copy.write_bytes((RELEASES / f"{release}.dump").read_bytes())
    backup.restore(copy, database.entry("owner", folder=folder))


def filled(connection: psycopg.Connection, dossiers: int) -> None:
    """Copies rows until there are so many dossiers; triggers rest meanwhile, keys between tables are not looked at."""
    for table, (own, by_event) in _COPIES.items():
        columns = [
            row[0]
            for row in connection.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                [table],
            )
        ]
        values = [own.get(name, f'one."{name}"') for name in columns]
        series = f"generate_series(1, {dossiers}) AS n" + (f", generate_series(1, {EVENTS}) AS e" if by_event else "")
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # type: ignore[call-overload]
        connection.execute(  # type: ignore[call-overload]
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "
            f"FROM (SELECT * FROM {table} LIMIT 1) one, {series}"
        )
        connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")  # type: ignore[call-overload]
    connection.execute("VACUUM ANALYZE")


@contextmanager
def asked(conninfo: str, tables: list[str]) -> Iterator[Waits]:
    """Meanwhile every table is asked for, each by a connection of its own, as an act that writes to it does."""
    waits, stopping = Waits(), threading.Event()

    def ask(table: str) -> None:
        statement = sql.SQL("LOCK TABLE {} IN ROW EXCLUSIVE MODE").format(sql.Identifier(table))
        with psycopg.connect(conninfo, autocommit=True) as connection:
            while not stopping.wait(_EVERY):
                began = time.perf_counter()
                with connection.transaction():
                    connection.execute(statement)
                waits.note(table, time.perf_counter() - began)

    threads = [threading.Thread(target=ask, args=(table,), daemon=True) for table in tables]
    for thread in threads:
        thread.start()
    try:
        yield waits
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def migrated(folder: Path, release: str) -> tuple[float, str]:
    """Runs `motcua migrate`; gives the seconds it took and its last line."""
    began = time.perf_counter()
    key = (RELEASES / f"{release}.key").read_text(encoding="ascii").strip()
    environment = os.environ | {"MOTCUA_HOME": str(folder), "MOTCUA_DATA_KEY": key, "LANG": "en_US.UTF-8"}
    command = [sys.executable, "-m", "motcua", "migrate"]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return time.perf_counter() - began, done.stdout.strip().splitlines()[-1]


def measure(folder: Path, release: str, dossiers: int) -> bool:
    """Fills, upgrades and prints the table; whether the goal was reached."""
    with Embedded(folder) as embedded:
        conninfo = embedded.conninfo("motcua", roles.OWNER)
        restored(folder, release)
        with psycopg.connect(conninfo, autocommit=True) as connection:
            filled(connection, dossiers)
            tables = [row[0] for row in connection.execute(_TABLES)]
        with psycopg.connect(embedded.conninfo(), autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        with asked(conninfo, tables) as waits:
            took, said = migrated(folder, release)
    worst = sorted(waits.longest.items(), key=lambda item: -item[1])
    print(f"{said} From {release}, {dossiers:,} dossiers, {took:.1f} s")
    print(
        f"{len(tables)} tables, each asked for every {_EVERY * 1000:.0f} ms, {min(waits.asked.values())} times or more"
    )
    print("\nlongest wait for a table              ms")
    for table, seconds in [*worst[:8], *(each for each in worst[8:] if each[0] in _COPIES)]:
        print(f"{table:<32}{seconds * 1000:>8.0f}")
    print(f"\ngoal at most {GOAL * 1000:.0f} ms: {machine.judged(worst[0][1] <= GOAL)}")
    return worst[0][1] <= GOAL


def main() -> None:
    """Prints the table; ends with status 1 when somebody would have waited longer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", default=max(path.stem for path in RELEASES.glob("*.dump")))
    parser.add_argument("--dossiers", type=int, default=DOSSIERS)
    parser.add_argument("--quick", action="store_true", help="only show that it works")
    options = parser.parse_args()
    for name in ("DATABASE_URL", "MOTCUA_DATA_KEY"):
        os.environ.pop(name, None)
    print(machine.line("django", "psycopg"))
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as made:
        folder = Path(made)
        folder.chmod(0o711)  # the server may run under another account, which passes through
        reached = measure(folder / "home", options.release, 500 if options.quick else options.dossiers)
    sys.exit(0 if reached or options.quick else 1)


if __name__ == "__main__":
    main()
