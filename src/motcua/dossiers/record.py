"""The one writer of the log: it chains events, appends them and updates the dossier's row in one statement."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from motcua.dossiers import projection
from motcua.dossiers.chain import GENESIS, Entry, canonical_data, link
from motcua.law.dossier import evolve, write
from motcua.law.dossier.commands import Actor, Claim
from motcua.law.dossier.events import Event
from motcua.law.dossier.state import State

EVENT_COLUMNS = (
    "dossier_id, seq, type, version, recorded_at, happened_at, ground, actor_staff, actor_agency, command_id, data, "
    "prev_hash, hash"
)
_EVENT_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s)"
ROW_COLUMNS = ("id", "code", "seq", "head_hash", "last_recorded_at", "state", *projection.COLUMNS)
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Act:
    """The circumstances of one recording: the command, who gave it, when, and the claim of an earlier moment."""

    command_id: UUID
    kind: str
    actor: Actor
    recorded_at: datetime
    claim: Claim | None = None

    @property
    def at(self) -> datetime:
        """The moment the law reads."""
        return self.claim.happened_at if self.claim else self.recorded_at


@dataclass(frozen=True, slots=True)
class Head:
    """Where a dossier's chain stands."""

    dossier_id: UUID
    seq: int = 0
    hash: bytes = GENESIS
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Chained:
    """Entries bound to a chain with their hashes, and the head and state after them."""

    rows: tuple[tuple[Entry, bytes, bytes], ...]
    head: Head
    state: State


def chain(head: Head, events: Sequence[Event], act: Act) -> Chained:
    """Bind events to a dossier's chain and fold them; pure."""
    rows = []
    seq, previous, state = head.seq, head.hash, head.state
    for event in events:
        seq += 1
        type_, version, data = write(event)
        entry = Entry(
            head.dossier_id,
            seq,
            type_,
            version,
            act.recorded_at,
            act.claim.happened_at if act.claim else None,
            act.claim.ground.value if act.claim else None,
            act.actor.staff,
            act.actor.agency,
            act.command_id,
            canonical_data(data),
        )
        digest = link(previous, entry)
        rows.append((entry, previous, digest))
        previous, state = digest, evolve(state, event, act.at)
    if state is None:
        raise ValueError("nothing to chain")
    return Chained(tuple(rows), Head(head.dossier_id, seq, previous, state), state)


def begin(chained: Chained, act: Act) -> str:
    """Append the first events of a dossier with its row, its command and its token; returns the token (hex)."""
    token = secrets.token_bytes(16)
    row = row_values(chained.head, act.recorded_at)
    sql = f"""
        WITH command AS (INSERT INTO dossiers_command (command_id, kind, dossier_id, last_seq) VALUES (%s, %s, %s, %s)),
        ticket AS (INSERT INTO dossiers_ticket (token, dossier_id) VALUES (%s, %s)),
        row AS (INSERT INTO dossiers_dossier ({", ".join(ROW_COLUMNS)}) VALUES ({", ".join(["%s"] * len(row))}))
        INSERT INTO dossiers_event ({EVENT_COLUMNS}) VALUES {", ".join([_EVENT_ROW] * len(chained.rows))}"""  # noqa: S608
    head = chained.head
    params = [
        act.command_id,
        act.kind,
        head.dossier_id,
        head.seq,
        token,
        head.dossier_id,
        *row,
        *_event_values(chained),
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    return token.hex()


def append(chained: Chained, act: Act) -> None:
    """Append events to a dossier whose row the caller holds locked."""
    row = row_values(chained.head, act.recorded_at)[2:]
    sql = f"""
        WITH command AS (INSERT INTO dossiers_command (command_id, kind, dossier_id, last_seq) VALUES (%s, %s, %s, %s)),
        row AS (UPDATE dossiers_dossier SET {", ".join(f"{name} = %s" for name in ROW_COLUMNS[2:])} WHERE id = %s)
        INSERT INTO dossiers_event ({EVENT_COLUMNS}) VALUES {", ".join([_EVENT_ROW] * len(chained.rows))}"""  # noqa: S608
    head = chained.head
    params = [act.command_id, act.kind, head.dossier_id, head.seq, *row, head.dossier_id, *_event_values(chained)]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def row_values(head: Head, recorded_at: datetime) -> list[Any]:
    """The values of a dossier's row, whose last event was recorded then; the head must have a state."""
    if head.state is None:
        raise ValueError("a dossier without events has no row")
    state = _JSON(projection.dump(head.state))
    code = head.state.intake.code
    return [head.dossier_id, code, head.seq, head.hash, recorded_at, state, *projection.columns(head.state)]


def event_values(entry: Entry, previous: bytes, digest: bytes) -> tuple[Any, ...]:
    """The values of an event's row."""
    return (
        entry.dossier_id,
        entry.seq,
        entry.type,
        entry.version,
        entry.recorded_at,
        entry.happened_at,
        entry.ground,
        entry.actor_staff,
        entry.actor_agency,
        entry.command_id,
        entry.data,
        previous,
        digest,
    )


def _event_values(chained: Chained) -> list[Any]:
    return [value for row in chained.rows for value in event_values(*row)]
