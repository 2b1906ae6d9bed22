"""Backups of a server that is not ours (DATABASE_URL): dumps over the wire, each with the hash of what it holds.

Copying a server's files and changes needs rights that such a login seldom has, and reading them back needs the same
major version on the other side; a dump needs neither. Between two dumps there is nothing to go back to.
"""

import shutil
from datetime import UTC, datetime

from motcua.backups import hashing
from motcua.backups.shelf import Copy, Mark, Shelf, stamped
from motcua.config import backup, database

FILE = "motcua.dump"
_MOMENT = """
SELECT pg_export_snapshot(), clock_timestamp(), (SELECT coalesce(max(position), 0) FROM dossiers_position)
"""


def login_owns() -> bool:
    """Whether this process may copy everything: its login owns the tables, or may become who does.

    The worker's own login does not where the owner has another (DATABASE_OWNER_URL).
    """
    with backup.connect(database.given_entry("owner")) as connection:
        found = connection.execute(
            "SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = 'dossiers_event'::regclass"
        ).fetchone()
    return found == (True,)


def take(shelf: Shelf) -> Copy:
    """Writes a dump, and the hash of the business tables in the same snapshot."""
    entry = database.given_entry("owner")
    begun = datetime.now(UTC)
    for leftover in shelf.folder.glob(".dump-*"):
        shutil.rmtree(leftover)
    draft = shelf.folder / f".dump-{stamped(begun)}"
    draft.mkdir(mode=0o700)
    with backup.connect(entry) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        found = connection.execute(_MOMENT).fetchone()
        if found is None:
            raise RuntimeError("the snapshot gave no row")
        snapshot, at, position = found
        size = backup.dump(draft / FILE, entry, snapshot=snapshot)
        tables = hashing.tables(connection)
        mark = Mark(draft.name.removeprefix("."), "", at, position, hashing.log(connection, position), tables)
    folder = draft.rename(shelf.folder / draft.name.removeprefix("."))
    copy = Copy(folder, "dump", begun, datetime.now(UTC), size, mark)
    copy.write()
    return copy


def bring_back(copy: Copy, entry: dict[str, object]) -> None:
    """Reads a dump into the empty database of a DATABASES entry; raises `Trouble` when it holds tables."""
    backup.restore(copy.folder / FILE, entry)
