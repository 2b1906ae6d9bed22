"""Check a share of the log for `verify`: dossiers in the order of their ids, each from its events alone.

A share reads the log once through a server-side cursor, so its memory does not grow with the log. Several shares may
be checked at the same time in processes of their own, all seeing the same snapshot.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection

from motcua.dossiers import projection, tallies
from motcua.dossiers.chain import GENESIS, Entry, canonical_data, entry, link
from motcua.dossiers.findings import Fault, Report, Where
from motcua.dossiers.followers import Placed
from motcua.dossiers.record_check import Commitments
from motcua.law import codec
from motcua.law.dossier import UnknownEventError, broken_invariants, evolve, read
from motcua.law.dossier.state import State

Progress = Callable[[int], None]
Tallied = dict[tuple[int, str, date], Counter[str]]
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)

_EVENTS = """
SELECT e.dossier_id, e.seq, e.type, e.version, e.recorded_at, e.happened_at, e.ground, e.actor_staff, e.actor_agency,
       e.command_id, e.data::text, e.prev_hash, e.hash, p.position, p.hash
FROM dossiers_event e
LEFT JOIN dossiers_position p ON p.dossier_id = e.dossier_id AND p.seq = e.seq
WHERE e.dossier_id >= %s AND e.dossier_id <= %s
ORDER BY e.dossier_id, e.seq
"""
_ROWS = f"""
SELECT id, code, seq, head_hash, last_recorded_at, state::text, {", ".join(projection.COLUMNS)}
FROM dossiers_dossier WHERE id >= %s AND id <= %s ORDER BY id
"""  # noqa: S608 - names are constants


@dataclass(slots=True)
class Share:
    """The dossiers from `first` to `last`, and what was found of them."""

    first: UUID = FIRST
    last: UUID = LAST
    report: Report = field(default_factory=Report)
    tallied: Tallied = field(default_factory=dict)

    def check(self, *, bookmark: int, records: bool, progress: Progress | None = None) -> "Share":
        """Check every dossier of the share within the transaction that is open; returns the share itself."""
        checked = Commitments(self.report) if records else None
        rows = _stream("verify_rows", _ROWS, self.first, self.last)
        row = next(rows, None)
        log = _stream("verify_events", _EVENTS, self.first, self.last)
        for dossier_id, group in groupby(log, key=lambda event: event[0]):
            while row is not None and row[0] < dossier_id:
                self.report.add(Fault("row_without_events", str(row[0])))
                row = next(rows, None)
            own = row if row is not None and row[0] == dossier_id else None
            events = list(group)
            self._dossier(dossier_id, events, own, bookmark)
            if own:
                row = next(rows, None)
            if checked:
                for event in events:
                    checked.add(Where(str(dossier_id), event[1], event[13] or 0), json.loads(event[10]))
            if progress:
                progress(len(events))
        while row is not None:
            self.report.add(Fault("row_without_events", str(row[0])))
            row = next(rows, None)
        if checked:
            checked.flush()
        return self

    def _dossier(
        self, dossier_id: UUID, events: Sequence[tuple[Any, ...]], row: tuple[Any, ...] | None, bookmark: int
    ) -> None:
        """Hold one dossier's events against its row, and count what they come to."""
        state, head, last = _check_chain(self.report, dossier_id, events)
        self.report.dossiers += 1
        self.report.events += len(events)
        if row is None:
            self.report.add(Fault("dossier_without_row", str(dossier_id)))
        else:
            _check_row(self.report, row, state, head, len(events), last)
        _tally(self.tallied, events, state, bookmark)


def _stream(name: str, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
    """Rows of a statement through a server-side cursor, in PostgreSQL's own form, which is read twice as fast."""
    connection.ensure_connection()
    with connection.connection.cursor(name=name, binary=True) as cursor:
        cursor.itersize = 5000
        cursor.execute(sql, values)
        yield from cursor


def _check_chain(
    report: Report, dossier_id: UUID, events: Sequence[tuple[Any, ...]]
) -> tuple[State | None, bytes, datetime | None]:
    """Recompute hashes and fold one dossier: its state (None if it cannot be folded), its head, its last moment."""
    previous, state, position, folding = GENESIS, None, 0, True
    last: datetime | None = None
    for expected, event in enumerate(events, start=1):
        data = json.loads(event[10])
        found = entry(event[:10], canonical_data(data))
        where = Where(str(dossier_id), found.seq, event[13] or 0)
        if found.seq != expected:
            report.add(Fault("gap_in_dossier", *where, detail=f"expected {expected}"))
        digest = link(previous, found)
        if event[11] != previous or event[12] != digest:
            report.add(Fault("hash_differs", *where))
        if event[13] is not None:
            report.positions += 1
            if event[14] != event[12]:
                report.add(Fault("position_hash_differs", *where))
            if event[13] < position:
                report.add(Fault("order_differs", *where))
            position = event[13]
        report.claims += found.ground is not None
        previous, last = event[12], found.recorded_at
        if folding:
            state, folding = _folded(report, state, found, data, where)
    if state is not None and (broken := broken_invariants(state)):
        report.add(Fault("invariant_broken", str(dossier_id), detail=", ".join(broken)))
    return (state if folding else None), previous, last


def _folded(
    report: Report, state: State | None, found: Entry, data: dict[str, Any], where: Where
) -> tuple[State | None, bool]:
    try:
        return evolve(state, read(found.type, found.version, data), found.at), True
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
    return str(value) if isinstance(value, UUID) else value


def _tally(tallied: Tallied, events: Sequence[tuple[Any, ...]], state: State | None, bookmark: int) -> None:
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
