"""Rebuild everything that can be rebuilt from the log and compare: chains, states, rows, order, tallies.

Read-only. Streams the log once in (dossier, seq) order, so its memory does not grow with it.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from motcua.dossiers import projection, tallies
from motcua.dossiers.chain import GENESIS, Entry, canonical_data, link
from motcua.dossiers.findings import Fault, Report, Where
from motcua.dossiers.followers import Placed
from motcua.dossiers.record_check import Commitments
from motcua.law import codec
from motcua.law.dossier import UnknownEventError, broken_invariants, evolve, read
from motcua.law.dossier.state import State

_Progress = Callable[[int], None]

_EVENTS = """
SELECT e.dossier_id, e.seq, e.type, e.version, e.recorded_at, e.happened_at, e.ground, e.actor_staff, e.actor_agency,
       e.command_id, e.data::text, e.prev_hash, e.hash, p.position, p.hash
FROM dossiers_event e
LEFT JOIN dossiers_position p ON p.dossier_id = e.dossier_id AND p.seq = e.seq
ORDER BY e.dossier_id, e.seq
"""
_ROWS = f"""
SELECT id, code, seq, head_hash, last_recorded_at, state::text, {", ".join(projection.COLUMNS)}
FROM dossiers_dossier ORDER BY id
"""  # noqa: S608 - names are constants


def verify(progress: _Progress | None = None, *, records: bool = False) -> Report:
    """Verify the whole log in one snapshot; with `records` also every record about a person against its commitment."""
    report = Report()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        checked = Commitments(report) if records else None
        counted = _check_dossiers(report, progress, checked)
        _check_positions(report)
        _check_tallies(report, counted)
        if checked:
            checked.flush()
    return report


def _stream(name: str, sql: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a statement through a server-side cursor."""
    connection.ensure_connection()
    with connection.connection.cursor(name=name) as cursor:
        cursor.itersize = 5000
        cursor.execute(sql)
        yield from cursor


def _check_dossiers(
    report: Report, progress: _Progress | None, checked: Commitments | None
) -> dict[tuple[int, str, date], Counter[str]]:
    """Walk the log and the rows side by side; returns the tallies that the placed events make."""
    rows = _stream("verify_rows", _ROWS)
    row = next(rows, None)
    bookmark = _bookmark()
    tallied: dict[tuple[int, str, date], Counter[str]] = {}
    for dossier_id, group in groupby(_stream("verify_events", _EVENTS), key=lambda event: event[0]):
        while row is not None and row[0] < dossier_id:
            report.add(Fault("row_without_events", str(row[0])))
            row = next(rows, None)
        events = list(group)
        state, head, last = _check_chain(report, dossier_id, events)
        report.dossiers += 1
        report.events += len(events)
        if row is not None and row[0] == dossier_id:
            _check_row(report, row, state, head, len(events), last)
            row = next(rows, None)
        else:
            report.add(Fault("dossier_without_row", str(dossier_id)))
        _tally(tallied, events, state, bookmark)
        if checked:
            for event in events:
                checked.add(Where(str(dossier_id), event[1], event[13] or 0), json.loads(event[10]))
        if progress:
            progress(len(events))
    while row is not None:
        report.add(Fault("row_without_events", str(row[0])))
        row = next(rows, None)
    return tallied


def _check_chain(
    report: Report, dossier_id: UUID, events: Sequence[tuple[Any, ...]]
) -> tuple[State | None, bytes, datetime | None]:
    """Recompute hashes and fold one dossier: its state (None if it cannot be folded), its head, its last moment."""
    previous, state, position, folding = GENESIS, None, 0, True
    last: datetime | None = None
    for expected, event in enumerate(events, start=1):
        data = json.loads(event[10])
        entry = _entry(event, canonical_data(data))
        where = Where(str(dossier_id), entry.seq, event[13] or 0)
        if entry.seq != expected:
            report.add(Fault("gap_in_dossier", *where, detail=f"expected {expected}"))
        digest = link(previous, entry)
        if bytes(event[11]) != previous or bytes(event[12]) != digest:
            report.add(Fault("hash_differs", *where))
        if event[13] is not None:
            report.positions += 1
            if bytes(event[14]) != bytes(event[12]):
                report.add(Fault("position_hash_differs", *where))
            if event[13] < position:
                report.add(Fault("order_differs", *where))
            position = event[13]
        report.claims += entry.ground is not None
        previous, last = bytes(event[12]), entry.recorded_at
        if folding:
            state, folding = _folded(report, state, entry, data, where)
    if state is not None and (broken := broken_invariants(state)):
        report.add(Fault("invariant_broken", str(dossier_id), detail=", ".join(broken)))
    return (state if folding else None), previous, last


def _entry(event: tuple[Any, ...], data: str) -> Entry:
    dossier_id, seq, kind, version, recorded, happened, ground, staff, agency, command_id = event[:10]
    return Entry(dossier_id, seq, kind, version, recorded, happened, ground, staff, agency, command_id, data)


def _folded(
    report: Report, state: State | None, entry: Entry, data: dict[str, Any], where: Where
) -> tuple[State | None, bool]:
    try:
        return evolve(state, read(entry.type, entry.version, data), entry.at), True
    except (UnknownEventError, codec.CodecError, AttributeError, TypeError) as error:
        report.add(Fault("cannot_be_folded", *where, detail=type(error).__name__))
        return state, False


def _check_row(
    report: Report, row: tuple[Any, ...], state: State | None, head: bytes, seq: int, last: datetime | None
) -> None:
    """The row must be what the events make of it, column by column."""
    if state is None:
        return
    names = ("code", "seq", "head_hash", "last_recorded_at", "state", *projection.COLUMNS)
    values = (state.intake.code, seq, head, last, projection.dump(state), *projection.columns(state))
    for name, stored, made in zip(names, row[1:], values, strict=True):
        if _plain(name, stored) != _plain(name, made):
            report.add(Fault("row_differs", str(row[0]), detail=name))


def _plain(name: str, value: Any) -> Any:
    """A stored and a computed value in the same form."""
    if name == "state" and isinstance(value, str):
        return json.loads(value)
    if isinstance(value, memoryview | bytes):
        return bytes(value)
    return str(value) if isinstance(value, UUID) else value


def _check_positions(report: Report) -> None:
    """Positions are 1 … n without gap, each names an event, and what has none waits in Unplaced."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(max(position), 0), coalesce(min(position), 1) FROM dossiers_position")
        count, largest, smallest = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM dossiers_unplaced")
        (report.unplaced,) = cursor.fetchone()
    if count != largest or smallest != 1:
        report.add(Fault("gap_in_positions", position=largest, detail=f"{count} positions up to {largest}"))
    if count != report.positions:
        report.add(Fault("position_without_event", detail=f"{count - report.positions}"))
    if report.positions + report.unplaced != report.events:
        report.add(Fault("event_without_position", detail=f"{report.events - report.positions - report.unplaced}"))


def _bookmark() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT position FROM dossiers_bookmark WHERE follower = %s", [tallies.NAME])
        found = cursor.fetchone()
    return found[0] if found else 0


def _tally(
    tallied: dict[tuple[int, str, date], Counter[str]],
    events: Sequence[tuple[Any, ...]],
    state: State | None,
    bookmark: int,
) -> None:
    """Add what a dossier's events, as far as the follower has read, come to."""
    if state is None:
        return
    intake = state.intake
    placed = [
        Placed(
            e[13], e[0], e[1], e[2], e[3], e[5] or e[4], e[10], intake.receiving_agency, intake.competent_agency,
            intake.procedure,
        )
        for e in events
        if e[13] is not None and e[13] <= bookmark
    ]  # fmt: skip
    for key, counts in tallies.counted(placed).items():
        tallied.setdefault(key, Counter()).update(counts)


def _check_tallies(report: Report, tallied: dict[tuple[int, str, date], Counter[str]]) -> None:
    """The tallies must be what the placed events come to."""
    names = ", ".join(tallies.COLUMNS)
    stored: dict[tuple[int, str, date], dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT agency_id, procedure_code, day, {names} FROM dossiers_dailytally")  # noqa: S608
        for agency, procedure, day, *counts in cursor.fetchall():
            stored[agency, procedure, day] = {n: c for n, c in zip(tallies.COLUMNS, counts, strict=True) if c}
    for key in sorted(stored.keys() | tallied.keys()):
        if stored.get(key, {}) != dict(tallied.get(key, {})):
            agency, procedure, day = key
            report.add(Fault("tally_differs", detail=f"agency {agency}, {procedure}, {day.isoformat()}"))
