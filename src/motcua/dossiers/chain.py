"""The hash chain of a dossier: each event is bound to the one before it.

hash = SHA-256(previous hash ‖ canonical JSON of the event's list of values). Canonical JSON: keys sorted, no blanks,
UTF-8; there are no floating-point numbers in events. Anyone can recompute it in any language.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

GENESIS = bytes(32)
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it stands in the log; `data` is its canonical JSON text."""

    dossier_id: UUID
    seq: int
    type: str
    version: int
    recorded_at: datetime
    happened_at: datetime | None
    ground: str | None
    actor_staff: int | None
    actor_agency: int | None
    command_id: UUID
    data: str

    @property
    def at(self) -> datetime:
        """The moment the law reads."""
        return self.happened_at or self.recorded_at


COLUMNS = "dossier_id, seq, type, version, recorded_at, happened_at, ground, actor_staff, actor_agency, command_id"


def entry(columns: Sequence[Any], data: str) -> Entry:
    """An event as the columns COLUMNS of its row and its canonical data make it."""
    dossier_id, seq, kind, version, recorded, happened, ground, staff, agency, command_id = columns
    return Entry(dossier_id, seq, kind, version, recorded, happened, ground, staff, agency, command_id, data)


def canonical_data(data: Mapping[str, Any]) -> str:
    """An event's data as canonical JSON."""
    return _ENCODE(data)


def link(previous: bytes, entry: Entry) -> bytes:
    """The hash of an entry that follows `previous` (GENESIS for the first)."""
    return hashlib.sha256(previous + canonical(entry)).digest()


def canonical(entry: Entry) -> bytes:
    """The bytes that are hashed: the canonical JSON of the list of all values."""
    known = [
        str(entry.dossier_id),
        entry.seq,
        entry.type,
        entry.version,
        _moment(entry.recorded_at),
        _moment(entry.happened_at),
        entry.ground,
        entry.actor_staff,
        entry.actor_agency,
        str(entry.command_id),
    ]
    return f"{_ENCODE(known)[:-1]},{entry.data}]".encode()


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")
