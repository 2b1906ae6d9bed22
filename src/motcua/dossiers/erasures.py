"""The record of what was erased by which order: in an append-only table, and in a file that outlives a restoration.

A backup that is older than an erasure brings the person back. The file lies beside the database, holds ids and the
numbers of orders only, and says what must go again (`erasing.erase_again`).
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from motcua.agencies.access import NotPermitted, Reader, Role
from motcua.dossiers.commands import new_id
from motcua.dossiers.models import Dossier, Erasure
from motcua.law.dossier.vocabulary import Ref


@dataclass(frozen=True, slots=True)
class Entry:
    """One erasure: its order, and the ids that went. `parts` names the records that went of a dossier that stays."""

    id: UUID
    order: str
    dossier_id: UUID | None
    records: tuple[UUID, ...]
    files: tuple[UUID, ...]
    early: bool = False
    parts: tuple[Ref, ...] = ()
    staff_id: int | None = None
    agency_id: int | None = None
    at: datetime | None = None

    @classmethod
    def new(
        cls, reader: Reader, order: str, dossier_id: UUID | None, records: Iterable[UUID], files: Iterable[UUID], *,
        early: bool = False, parts: tuple[Ref, ...] = (),
    ) -> Entry:  # fmt: skip
        """An entry of now, by this reader."""
        return cls(
            new_id(), order.strip(), dossier_id, tuple(sorted(records)), tuple(sorted(files)), early, parts,
            reader.staff_id, reader.agency_id,
        )  # fmt: skip

    @property
    def whole(self) -> bool:
        """Whether everything about people in its dossier went."""
        return self.dossier_id is not None and not self.parts

    def with_more(self, records: Iterable[UUID], files: Iterable[UUID]) -> Entry:
        """The same entry with further ids."""
        return replace(
            self, records=tuple(sorted({*self.records, *records})), files=tuple(sorted({*self.files, *files}))
        )

    def to_line(self) -> str:
        """As one line of the file."""
        data = {
            "id": str(self.id),
            "order": self.order,
            "dossier": str(self.dossier_id) if self.dossier_id else None,
            "records": [str(each) for each in self.records],
            "files": [str(each) for each in self.files],
            "early": self.early,
            "parts": [[part.id, part.commitment] for part in self.parts],
        }
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Entry:
        """Reads a line of the file; raises ValueError when it is none."""
        try:
            data = json.loads(line)
            return cls(
                UUID(data["id"]),
                str(data["order"]),
                UUID(data["dossier"]) if data["dossier"] else None,
                tuple(UUID(each) for each in data["records"]),
                tuple(UUID(each) for each in data["files"]),
                bool(data["early"]),
                tuple(Ref(record, commitment) for record, commitment in data["parts"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not an erasure: {type(error).__name__}") from None


@dataclass(frozen=True, slots=True)
class Listed:
    """An erasure as a list shows it; `code` is empty where it concerned no dossier."""

    order: str
    at: datetime
    code: str
    records: int
    files: int
    early: bool
    whole: bool


def path() -> Path:
    """Where the file lies: in the data folder, beside the database."""
    return Path(settings.HOME) / "erasures.jsonl"


def keep(entry: Entry) -> None:
    """Keeps an entry in the caller's transaction, and adds it to the file once that is committed."""
    row = Erasure(
        id=entry.id,
        order=entry.order,
        staff_id=entry.staff_id,
        agency_id=entry.agency_id,
        dossier_id=entry.dossier_id,
        records=list(entry.records),
        files=list(entry.files),
        early=entry.early,
        parts=[[part.id, part.commitment] for part in entry.parts],
    )
    row.save(force_insert=True)
    transaction.on_commit(lambda: _add([entry]), robust=True)  # what fails is made up for by `complete_file`


def complete_file() -> int:
    """Adds to the file what the table knows and the file does not, such as after a full disk; gives how many.

    A duty of the worker: with it the file is whole within the hour whatever happened to a web process.
    """
    known = {entry.id for entry in in_file(path())}
    missing = [_entry(row) for row in Erasure.objects.order_by("at", "pk") if row.pk not in known]
    if missing:
        _add(missing)
    return len(missing)


def in_file(file: Path) -> Iterator[Entry]:
    """The entries of a file, none when there is no file. Raises ValueError naming the first line that is none.

    A last line without its end was being written when the power failed; the table still has it.
    """
    if not file.exists():
        return
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.endswith("\n"):
                try:
                    entry = Entry.from_line(line)
                except ValueError as error:
                    raise ValueError(f"{file}, line {number}: {error}") from None
                yield entry


def in_table() -> Iterator[Entry]:
    """The entries of the table, the oldest first."""
    return (_entry(row) for row in Erasure.objects.order_by("at", "pk").iterator())


def listed(reader: Reader, limit: int = 50) -> tuple[Listed, ...]:
    """The latest erasures: those by the reader's agency, for the system all. Raises NotPermitted for no leader."""
    if reader.kind != "system" and Role.LEADER not in reader.roles:
        raise NotPermitted
    query = Erasure.objects.order_by("-at", "-pk")
    if reader.kind != "system":
        query = query.filter(agency_id__in=reader.own_agency_ids)
    rows = list(query[:limit])
    codes = dict(Dossier.objects.filter(pk__in=[row.dossier_id for row in rows]).values_list("id", "code"))
    return tuple(
        Listed(
            row.order, row.at, codes.get(row.dossier_id, "") if row.dossier_id else "", len(row.records),
            len(row.files), row.early, bool(row.dossier_id) and not row.parts,
        )
        for row in rows
    )  # fmt: skip


def _entry(row: Erasure) -> Entry:
    parts = tuple(Ref(record, commitment) for record, commitment in row.parts)
    return Entry(
        row.pk, row.order, row.dossier_id, tuple(row.records), tuple(row.files), row.early, parts, row.staff_id,
        row.agency_id, row.at,
    )  # fmt: skip


def _add(entries: Iterable[Entry]) -> None:
    """Appends lines, on the disk when this returns, one process at a time; half a line of a crash is cut off first."""
    descriptor = os.open(path(), os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        whole = sum(len(line) for line in file if line.endswith(b"\n"))
        file.truncate(whole)
        file.seek(whole)
        file.write("".join(entry.to_line() for entry in entries).encode())
        file.flush()
        os.fsync(file.fileno())
