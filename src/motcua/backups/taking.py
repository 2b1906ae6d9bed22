"""Takes backups: a copy of the database with a mark to prove it by, the uploads, and throws away what is too old."""

import fcntl
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from motcua.backups import changes, dumps, erased, uploads
from motcua.backups.marking import set_mark
from motcua.backups.shelf import Copy, Line, Shelf, segments, stamped
from motcua.backups.tools import run, size
from motcua.config import env, home
from motcua.config.embedded import Embedded
from motcua.config.trouble import Trouble

_SPARE_BYTES = 256 * 2**20


def quiet(_line: str) -> None:
    """Reports nothing."""


def take(folder: Path, *, report: Callable[[str], None] = quiet) -> Copy:
    """Takes a backup of this installation into a backup folder, beside people at work; older ones stay.

    Raises `Trouble` when there is no room, or another backup is being taken; nothing half-done counts as a backup.
    """
    shelf = Shelf(folder)
    home.make_private(shelf.folder)
    with _alone(shelf):
        uploads.copy_new(home.home() / "files", shelf, all_of_them=True)
        copy = dumps.take(shelf) if env.read("DATABASE_URL") else _base(Embedded(), shelf, report)
        uploads.copy_new(home.home() / "files", shelf)
        erased.copy(home.home(), shelf)
        uploads.set_aside_gone(home.home() / "files", shelf)
    return copy


def throw_away(folder: Path, keep: int) -> list[Copy]:
    """Removes all but the newest `keep` copies, and the changes and removed uploads that only they needed."""
    shelf = Shelf(folder)
    copies = shelf.copies()
    old, kept = copies[:-keep], copies[-keep:]
    for copy in old:
        (copy.folder / "about.json").unlink()  # from here on it does not count as a backup
        shutil.rmtree(copy.folder)
    for line in shelf.lines()[:-1]:
        if not any(copy.folder.parent == line.folder for copy in kept):
            shutil.rmtree(line.folder)
    for line in shelf.lines():
        _throw_away_changes(line, [copy for copy in kept if copy.folder.parent == line.folder])
    if kept:
        uploads.forget(shelf, kept[0].begun)
    return old


def check_room(shelf: Shelf, needed: int) -> None:
    """Raises `Trouble` when a backup of about `needed` bytes would not fit with something to spare."""
    free = shutil.disk_usage(shelf.folder).free
    if free < needed + _SPARE_BYTES:
        raise Trouble(
            f"Ổ đĩa của {shelf.folder} không đủ chỗ sao lưu: cần {needed + _SPARE_BYTES:,} byte, còn {free:,}.",
            f"The disk of {shelf.folder} has no room: {needed + _SPARE_BYTES:,} bytes needed, {free:,} free.",
        )


def _base(server: Embedded, shelf: Shelf, report: Callable[[str], None]) -> Copy:
    earlier = [copy.bytes for copy in shelf.copies() if copy.kind == "base"]
    check_room(shelf, earlier[-1] * 3 // 2 if earlier else size(server.data))
    with changes.connect(server) as connection:
        line = changes.ensure_line(connection, shelf)
        copy = _copy(server, line)
        changes.bring_up_to(server, connection, line, copy.wal_range().end)
        copy.write()
        report(str(copy.folder))
        mark = set_mark(server)
        changes.bring_up_to(server, connection, line, mark.lsn)
        copy = replace(copy, mark=mark)
        copy.write()
        if env.read("MOTCUA_BACKUP") is None:
            changes.drop_slot(connection)  # nobody is there to go on: the server shall keep nothing back for us
    return copy


def _copy(server: Embedded, line: Line) -> Copy:
    """The copy of the database's files, proven against the manifest that PostgreSQL wrote with it."""
    begun = datetime.now(UTC)
    for leftover in line.folder.glob(".base-*"):
        shutil.rmtree(leftover)
    draft = line.folder / f".base-{secrets.token_hex(4)}"
    draft.mkdir(mode=0o700)
    arguments = ["--pgdata", str(draft / "pg"), "--format=tar", "--compress=client-gzip:1", "--wal-method=none"]
    run("pg_basebackup", [*arguments, "--checkpoint=fast", "--manifest-checksums=SHA256"], server)
    run("pg_verifybackup", ["--format=tar", "--no-parse-wal", "--quiet", str(draft / "pg")])
    folder = draft.rename(line.folder / f"base-{stamped(begun)}")
    return Copy(folder, "base", begun, datetime.now(UTC), size(folder), None)


def _throw_away_changes(line: Line, kept: list[Copy]) -> None:
    """The changes before the oldest kept copy of the line began; all stay while the line has no copy yet."""
    if kept:
        first = kept[0].wal_range().first_segment
        for name, path in segments(line):
            if name < first:
                path.unlink()


@contextmanager
def _alone(shelf: Shelf) -> Iterator[None]:
    with (shelf.folder / ".taking.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(
                f"Đang có một lần sao lưu khác vào {shelf.folder}.", f"Another backup into {shelf.folder} is going on."
            ) from None
        yield
