"""Brings an installation back from a backup folder and proves it: the hashes are those that were noted before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from motcua.backups import changes, hashing
from motcua.backups.shelf import Copy, Mark, Shelf
from motcua.config import backup, database, env
from motcua.config.embedded import Embedded


@dataclass(frozen=True, slots=True)
class Proof:
    """What a restored database says of itself beside what the mark says that it should.

    `log_same`: whether the log is there up to the mark as it was; `differing`: the tables that are not as they were,
    None where more was restored than the mark knows.
    """

    position: int
    business: str
    log_same: bool | None
    differing: tuple[str, ...] | None

    @property
    def good(self) -> bool:
        """Whether nothing that can be compared differs."""
        return self.log_same is not False and not self.differing

    def to_data(self) -> dict[str, Any]:
        """As JSON-able data."""
        differing = None if self.differing is None else list(self.differing)
        return {
            "position": self.position, "business": self.business, "log_same": self.log_same, "differing": differing,
        }  # fmt: skip


def mark_for(shelf: Shelf, copy: Copy, until: datetime | None) -> Mark | None:
    """The newest mark that a restoration of this copy up to a time must hold."""
    if copy.kind == "dump":
        return copy.mark
    beside = [other.mark for other in shelf.copies() if other.mark and other.folder.parent == copy.folder.parent]
    fitting = [mark for mark in beside if until is None or mark.at <= until]
    return max(fitting, key=lambda mark: mark.at, default=None)


def connect_restored() -> psycopg.Connection:
    """A connection that sees every row of this installation's database."""
    if env.read("DATABASE_URL"):
        return backup.connect(database.given_entry("owner"))
    return changes.connect(Embedded())


def prove(connection: psycopg.Connection, mark: Mark | None, *, exactly: bool) -> Proof:
    """Hash the restored database and hold it against a mark.

    `exactly`: nothing was committed after the mark, so every table must be the same; else only the log up to it.
    """
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    found = connection.execute("SELECT coalesce(max(position), 0) FROM dossiers_position").fetchone()
    position = int(found[0]) if found else 0
    tables = hashing.tables(connection)
    log_same = None if mark is None else hashing.log(connection, mark.position) == mark.log
    connection.execute("COMMIT")
    differing = tuple(hashing.differing(mark.tables, tables)) if mark is not None and exactly else None
    return Proof(position, hashing.whole(tables), log_same, differing)
