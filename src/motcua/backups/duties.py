"""What the worker does by time: backups when the newest is too old, uploads in between, and the drill."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from motcua.backups import changes, dumps, erased, uploads
from motcua.backups.drill import drill
from motcua.backups.shelf import Copy, Shelf
from motcua.backups.taking import take, throw_away
from motcua.config import env, home
from motcua.config.embedded import Embedded

EVERY = timedelta(minutes=5)


def keep_up() -> None:
    """Copy new uploads; take a backup when its time has come or the line of changes was broken; throw away old ones.

    Where the owner of the database has a login that the worker does not know, a timer runs `motcua backup` instead.
    """
    folder = Path(env.read("MOTCUA_BACKUP"))
    shelf = Shelf(folder)
    if (not env.read("DATABASE_URL") or dumps.login_owns()) and _due(shelf.copies(), shelf):
        take(folder)
        throw_away(folder, env.read("MOTCUA_BACKUP_KEEP"))
    else:
        erased.copy(home.home(), shelf)
        uploads.copy_new(home.home() / "files", shelf)


def practise() -> None:
    """The drill, when its time has come; a failed one comes again on the next day."""
    folder = Path(env.read("MOTCUA_BACKUP"))
    shelf = Shelf(folder)
    last = shelf.last_drill()
    days = 0 if last is None else env.read("MOTCUA_DRILL_DAYS") if last["good"] else 1
    due = last is None or datetime.fromisoformat(last["at"]) + timedelta(days=days) <= datetime.now(UTC)
    if due and shelf.copies():
        drill(folder)


def _due(copies: list[Copy], shelf: Shelf) -> bool:
    if not copies or copies[-1].begun + timedelta(hours=env.read("MOTCUA_BACKUP_HOURS")) <= datetime.now(UTC):
        return True
    if env.read("DATABASE_URL"):
        return False
    with changes.connect(Embedded()) as connection:
        line = changes.current_line(connection, shelf)
    return line is None or copies[-1].folder.parent != line.folder
