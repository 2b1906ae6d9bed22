"""The drill: reads the newest backup back beside the running system; says what would be lost and how long it takes.

Where this installation runs, a mark is set first and the restoration goes up to it: so the drill proves the copy and
every change since, against what the system holds now.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from motcua.backups import changes, dumps
from motcua.backups.marking import set_mark
from motcua.backups.recovering import Target, recover
from motcua.backups.restoring import Proof, prove
from motcua.backups.shelf import Copy, Mark, Shelf
from motcua.backups.taking import quiet
from motcua.backups.tools import die_with_parent
from motcua.config import backup, database, env, home
from motcua.config.embedded import Embedded
from motcua.config.trouble import Trouble

_SCRATCH = ".drill-"


@dataclass(frozen=True, slots=True)
class Report:
    """What a drill found. Times in seconds.

    `rpo`: how long a committed act waited until it was in the backup folder, for dumps the age of the newest one;
    None where the drill could not ask the running system. `rto`: from the empty folder to a database that answers and
    whose log verifies, of which `restore` and `verify` are the parts.
    """

    at: str
    copy: str
    kind: str
    rpo: float | None
    restore: float
    verify: float
    rto: float
    position: int
    business: str
    differing: tuple[str, ...] | None
    log_same: bool | None
    dossiers: int
    events: int
    faults: int

    @property
    def good(self) -> bool:
        """Whether the restored system is what it should be."""
        return self.faults == 0 and self.log_same is not False and not self.differing

    def to_data(self) -> dict[str, Any]:
        """As JSON-able data."""
        return {"good": self.good, **asdict(self)}


def drill(folder: Path, *, report: Callable[[str], None] = quiet) -> Report:
    """Read the newest backup of a folder back into a scratch folder, prove it, and note what was found.

    Raises `Trouble` when there is no backup, no room, or the backup cannot be read back at all; that is noted, too.
    """
    shelf = Shelf(folder)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with _scratch() as scratch:
        try:
            found = _drill(shelf, scratch, at, report)
        except Trouble as trouble:
            if shelf.folder.is_dir():
                shelf.note_drill({"good": False, "at": at, "trouble": str(trouble)})
            raise
    shelf.note_drill(found.to_data())
    return found


def _drill(shelf: Shelf, scratch: Path, at: str, report: Callable[[str], None]) -> Report:
    copy = shelf.copy_before(None)
    report(str(copy.folder))
    mark, rpo = _mark(shelf, copy)
    begun = time.monotonic()
    proof = _from_base(copy, scratch, mark) if copy.kind == "base" else _from_dump(copy, scratch)
    restored = time.monotonic()
    told = _verify(scratch)
    ended = time.monotonic()
    return Report(
        at, copy.folder.name, copy.kind, rpo, round(restored - begun, 1), round(ended - restored, 1),
        round(ended - begun, 1), proof.position, proof.business, proof.differing, proof.log_same,
        told["dossiers"], told["events"], told["fault_count"],
    )  # fmt: skip


def _mark(shelf: Shelf, copy: Copy) -> tuple[Mark | None, float | None]:
    """The mark to restore to, and how long its changes took to be in the backup folder."""
    if copy.kind == "dump":
        return copy.mark, round((datetime.now(UTC) - copy.begun).total_seconds(), 1)
    server = Embedded()
    if env.read("DATABASE_URL") or server.running_pid() is None:
        return copy.mark, None
    with changes.connect(server) as connection:
        line = changes.current_line(connection, shelf)
        if line is None or line.folder != copy.folder.parent:
            return copy.mark, None
        waited: list[float] = []
        mark = set_mark(server, lambda lsn: waited.append(changes.bring_up_to(server, connection, line, lsn)))
    return mark, round(waited[0], 3)


def _from_base(copy: Copy, scratch: Path, mark: Mark | None) -> Proof:
    recover(copy, scratch, Target(mark=mark.name if mark else ""))
    server = Embedded(scratch)
    with server, changes.connect(server) as connection:
        return prove(connection, mark, exactly=True)


def _from_dump(copy: Copy, scratch: Path) -> Proof:
    with Embedded(scratch):
        entry = database.entry("owner", folder=scratch)
        backup.restore(copy.folder / dumps.FILE, entry)
        with backup.connect(entry) as connection:
            proof = prove(connection, copy.mark, exactly=True)
        _motcua(scratch, "migrate", "--json")
        return proof


def _verify(scratch: Path) -> dict[str, Any]:
    """The log of the scratch folder, and every sealed record by this installation's key."""
    for key in (home.home() / "keys").glob("data*.key"):
        shutil.copy2(key, scratch / "keys" / key.name)
    return _motcua(scratch, "verify", "--records", "--json")


def _motcua(scratch: Path, *arguments: str) -> dict[str, Any]:
    """A verb of ours, on the scratch folder, in a process of its own."""
    dropped = {"DATABASE_URL", "MOTCUA_BACKUP", "MOTCUA_DB_ROLE"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    done = subprocess.run(
        [sys.executable, "-m", "motcua", *arguments], env=kept | {"MOTCUA_HOME": str(scratch)}, check=False,
        capture_output=True, text=True, preexec_fn=die_with_parent,
    )  # fmt: skip
    try:
        return dict(json.loads(done.stdout))
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise Trouble(f"motcua {arguments[0]}: {last}", f"motcua {arguments[0]}: {last}") from None


@contextmanager
def _scratch() -> Iterator[Path]:
    """An empty folder beside the data, gone afterwards with its server; what a killed drill left goes first."""
    for leftover in home.home().glob(f"{_SCRATCH}*"):
        if Embedded(leftover).stop_if_unused():
            shutil.rmtree(leftover)
    scratch = home.make_private(home.home() / f"{_SCRATCH}{secrets.token_hex(4)}")
    try:
        yield scratch
    finally:
        Embedded(scratch).stop_if_unused()
        shutil.rmtree(scratch)
