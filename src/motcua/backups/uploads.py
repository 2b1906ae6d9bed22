"""Keeps a second copy of the sealed uploads; they never change, so each is copied once."""

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from motcua.backups.shelf import Shelf, stamped
from motcua.config.home import make_private

_SLACK_SECONDS = 10.0
_LEAVES = "[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]"


def copy_new(vault: Path, shelf: Shelf, *, all_of_them: bool = False) -> int:
    """Copies the uploads that are new since the last time; returns how many.

    Only folders that changed since then are looked into, unless all are asked for.
    """
    pool = make_private(shelf.folder / "files")
    stamp = shelf.folder / ".files-copied"
    since = 0.0 if all_of_them or not stamp.exists() else stamp.stat().st_mtime - _SLACK_SECONDS
    begun, copied = time.time(), 0
    for leaf in vault.glob(_LEAVES):
        if leaf.stat().st_mtime >= since:
            copied += sum(_copy(path, pool / path.relative_to(vault)) for path in _complete(leaf))
    stamp.touch()
    os.utime(stamp, (begun, begun))
    return copied


def set_aside_gone(vault: Path, shelf: Shelf) -> int:
    """Moves copies of uploads that are no longer in the vault to a folder of this day; returns how many.

    Older copies of the database still know them; they go when those go (`forget`).
    """
    pool, gone, moved = shelf.folder / "files", shelf.folder / "gone" / stamped(datetime.now(UTC)), 0
    for leaf in pool.glob(_LEAVES):
        for path in _complete(leaf):
            relative = path.relative_to(pool)
            if not (vault / relative).exists():
                make_private((gone / relative).parent)
                path.replace(gone / relative)
                moved += 1
    return moved


def forget(shelf: Shelf, before: datetime) -> None:
    """Removes for good what was gone from the vault before the oldest copy of the database was begun."""
    for folder in (shelf.folder / "gone").glob("*"):
        if folder.name < stamped(before):
            shutil.rmtree(folder)


def bring_back(shelf: Shelf, vault: Path) -> int:
    """Copies all uploads into a vault; what the restored database does not know is swept there later."""
    copied = 0
    for root in (shelf.folder / "files", *sorted((shelf.folder / "gone").glob("*"))):
        for leaf in root.glob(_LEAVES):
            copied += sum(_copy(path, vault / path.relative_to(root)) for path in _complete(leaf))
    return copied


def _complete(leaf: Path) -> Iterator[Path]:
    return (path for path in leaf.iterdir() if not path.name.startswith("."))


def _copy(source: Path, target: Path) -> bool:
    """Copies a file, whole or not at all; false when it is there, or gone from the source meanwhile."""
    if target.exists():
        return False
    make_private(target.parent)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with source.open("rb") as from_file, draft.open("xb") as to_file:
            shutil.copyfileobj(from_file, to_file)
            to_file.flush()
            os.fsync(to_file.fileno())
        draft.chmod(0o600)
        draft.replace(target)
    except FileNotFoundError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True
