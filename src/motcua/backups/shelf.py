"""What lies in a backup folder: the lines of the database's changes, the copies on them, dumps, and notes of drills.

    line-20261122T051000.000000Z/       one unbroken line of changes (WAL) of one server
        line.json                which server and timeline
        wal/                     the changes, each file as the server wrote it
        base-20261122T051002.000000Z/   a copy of the database's files (pg/), with about.json
    dump-20261122T051000.000000Z/       a dump, for a server that is not ours, with about.json
    files/  gone/                the sealed uploads; those that were removed since
    erasures.jsonl               what was erased by which order, in ids only
    drills.jsonl                 what every drill found

A copy whose about.json is there is complete; names that begin with a dot are drafts.
"""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from motcua.backups.hashing import Table, whole
from motcua.config.home import make_private
from motcua.config.trouble import Trouble

_STAMP = "%Y%m%dT%H%M%S.%fZ"
_ABOUT = "about.json"


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of the database that a restoration can be held against: everything committed before it, nothing after.

    `position` is the last one given, `log` the hash of the log up to there, `tables` the business tables' hashes.
    """

    name: str
    lsn: str
    at: datetime
    position: int
    log: str
    tables: Mapping[str, Table]

    def to_data(self) -> dict[str, Any]:
        """As JSON-able data."""
        return {
            "name": self.name, "lsn": self.lsn, "at": self.at.isoformat(), "position": self.position, "log": self.log,
            "business": whole(self.tables), "tables": {name: asdict(table) for name, table in self.tables.items()},
        }  # fmt: skip

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Mark":
        """As `to_data` wrote it."""
        tables = {name: Table(**table) for name, table in data["tables"].items()}
        moment = datetime.fromisoformat(data["at"])
        return cls(data["name"], data["lsn"], moment, data["position"], data["log"], tables)


@dataclass(frozen=True, slots=True)
class Range:
    """The changes that a copy of the files needs to become consistent: from its begin to its end."""

    timeline: int
    start: str
    end: str

    @property
    def first_segment(self) -> str:
        """The name of the file of changes in which the range begins (files of 16 MiB)."""
        high, low = (int(part, 16) for part in self.start.split("/"))
        return f"{self.timeline:08X}{high:08X}{low >> 24:08X}"


@dataclass(frozen=True, slots=True)
class Copy:
    """A complete copy of the database: its folder, kind, when it was begun and ended, and the mark set after it."""

    folder: Path
    kind: Literal["base", "dump"]
    begun: datetime
    ended: datetime
    bytes: int
    mark: Mark | None

    @property
    def files(self) -> Path:
        """Where the database's packed files lie, with PostgreSQL's manifest of them; only a base has them."""
        return self.folder / "pg"

    def write(self) -> None:
        """Writes about.json, by which the copy becomes complete."""
        data = {
            "kind": self.kind, "begun": self.begun.isoformat(), "ended": self.ended.isoformat(), "bytes": self.bytes,
            "mark": self.mark.to_data() if self.mark else None,
        }  # fmt: skip
        write_whole(self.folder / _ABOUT, json.dumps(data, indent=1) + "\n")

    def wal_range(self) -> Range:
        """What PostgreSQL's manifest says of the changes that belong to this copy; only a copy of the files has one."""
        found = json.loads((self.files / "backup_manifest").read_text(encoding="utf-8"))["WAL-Ranges"][0]
        return Range(found["Timeline"], found["Start-LSN"], found["End-LSN"])

    @classmethod
    def read(cls, folder: Path) -> "Copy":
        """The copy in a folder; raises `Trouble` when its about.json cannot be read."""
        try:
            data = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            mark = Mark.from_data(data["mark"]) if data["mark"] else None
            begun, ended = datetime.fromisoformat(data["begun"]), datetime.fromisoformat(data["ended"])
            return cls(folder, data["kind"], begun, ended, data["bytes"], mark)
        except (OSError, ValueError, KeyError, TypeError):
            raise Trouble(
                f"Không đọc được {folder / _ABOUT}: đây không phải bản sao lưu hoàn chỉnh.",
                f"Cannot read {folder / _ABOUT}: this is no complete backup.",
            ) from None


@dataclass(frozen=True, slots=True)
class Line:
    """An unbroken line of changes of one server, identified by its number and timeline."""

    folder: Path
    system: str
    timeline: int

    @property
    def wal(self) -> Path:
        """Where the changes lie."""
        return self.folder / "wal"

    @classmethod
    def read(cls, folder: Path) -> "Line":
        """The line in a folder that has a line.json."""
        data = json.loads((folder / "line.json").read_text(encoding="utf-8"))
        return cls(folder, data["system"], data["timeline"])


class Shelf:
    """A backup folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().absolute()

    def lines(self) -> list[Line]:
        """All lines, the oldest first."""
        return [Line.read(path.parent) for path in sorted(self.folder.glob("line-*/line.json"))]

    def new_line(self, system: str, timeline: int) -> Line:
        """Begins a line; the ones before it stay as they are."""
        folder = self.folder / f"line-{stamped(datetime.now(UTC))}"
        make_private(folder / "wal")
        write_whole(folder / "line.json", json.dumps({"system": system, "timeline": timeline}) + "\n")
        return Line(folder, system, timeline)

    def copies(self) -> list[Copy]:
        """All complete copies, in the order in which they were ended."""
        found = [*self.folder.glob(f"line-*/base-*/{_ABOUT}"), *self.folder.glob(f"dump-*/{_ABOUT}")]
        return sorted((Copy.read(path.parent) for path in found), key=lambda copy: copy.ended)

    def copy_before(self, moment: datetime | None) -> Copy:
        """The newest copy that was complete at a moment; raises `Trouble` when there is none."""
        copies = self.copies()
        fitting = [copy for copy in copies if moment is None or copy.ended <= moment]
        if fitting:
            return fitting[-1]
        first = f" ({copies[0].ended.isoformat(timespec='seconds')})" if copies else ""
        raise Trouble(
            f"Trong {self.folder} không có bản sao lưu nào hoàn chỉnh trước thời điểm đó{first}.",
            f"There is no backup in {self.folder} that was complete at that time{first}.",
        )

    def note_drill(self, report: Mapping[str, Any]) -> None:
        """Appends what a drill found."""
        with (self.folder / "drills.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(report, ensure_ascii=False) + "\n")

    def last_drill(self) -> dict[str, Any] | None:
        """What the last drill found."""
        path = self.folder / "drills.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return dict(json.loads(lines[-1])) if lines else None


def stamped(moment: datetime) -> str:
    """A moment as it stands in the names of folders."""
    return moment.astimezone(UTC).strftime(_STAMP)


def write_whole(path: Path, text: str) -> None:
    """Writes a file so that it is there completely or not at all, and on the disk when this returns."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with draft.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def segments(line: Line) -> Iterator[tuple[str, Path]]:
    """The files of a line's changes by name, in order; the one still being received comes as its `.partial`."""
    whole_files = {path.name: path for path in line.wal.iterdir() if len(path.name) == 24}
    partial = {path.stem: path for path in line.wal.glob("*.partial")}
    for name in sorted(partial.keys() | whole_files.keys()):
        yield name, whole_files.get(name) or partial[name]
