"""Keeps the list of erasures beside the backups: what an older copy brings back must go again."""

from pathlib import Path

from motcua.backups.shelf import Shelf, write_whole

_NAME = "erasures.jsonl"


def copy(home: Path, shelf: Shelf) -> None:
    """Adds to the backup folder's list what the data folder's knows more; nothing ever leaves the list."""
    _merge(home / _NAME, shelf.folder / _NAME)


def bring_back(shelf: Shelf, home: Path) -> None:
    """Adds to a data folder's list what the backup folder's knows more."""
    _merge(shelf.folder / _NAME, home / _NAME)


def _merge(source: Path, target: Path) -> None:
    """Whole lines only: a last one without its end is still being written, and comes with the next copy."""
    known = _lines(target)
    there = set(known)
    more = [line for line in _lines(source) if line not in there]
    if more:
        write_whole(target, "".join([*known, *more]))
        target.chmod(0o600)


def _lines(path: Path) -> list[str]:
    if not path.exists():
        return []
    return [line for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
