"""Rebuild everything that can be rebuilt from the log and compare: chains, states, rows, order, tallies.

Read-only, in one snapshot. A large log is checked in shares by several processes, which all see that snapshot.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from datetime import date
from multiprocessing import get_context
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from motcua.dossiers import beside, tallies
from motcua.dossiers.findings import Fault, Report
from motcua.dossiers.shares import FIRST, LAST, Progress, Share, Tallied

Also = Callable[[Report], None]
_LARGE = 50_000  # positions from which on starting further processes pays

_HOLES = """
SELECT n FROM (SELECT position, row_number() OVER (ORDER BY position) AS n FROM dossiers_position) numbered
WHERE position <> n ORDER BY n LIMIT 1
"""
_ORPHANS = """
SELECT p.position, p.dossier_id::text, p.seq FROM dossiers_position p
WHERE NOT EXISTS (SELECT FROM dossiers_event e WHERE e.dossier_id = p.dossier_id AND e.seq = p.seq)
ORDER BY p.position LIMIT 1
"""


def verify(
    progress: Progress | None = None,
    *,
    records: bool = False,
    processes: int | None = None,
    also: Sequence[Also] = (),
) -> Report:
    """Verify the whole log in one snapshot; with `records` also every record about a person against its commitment.

    `also` are further checks in the same snapshot. `processes` is how many work at once: by default one for each CPU
    when the log is large, else this one alone.
    """
    with transaction.atomic(), ExitStack() as stack, connection.cursor() as cursor:
        cursor.execute(beside.READ_ONLY)
        wanted = processes or _processes()
        bookmark = _bookmark()
        if wanted == 1:
            shares = [Share().check(bookmark=bookmark, records=records, progress=progress)]
            report = _merged(shares, also)
        else:
            cursor.execute("SELECT pg_export_snapshot()")
            pool = stack.enter_context(ProcessPoolExecutor(wanted, get_context("spawn"), beside.join, _where()))
            snapshot: str = cursor.fetchone()[0]
            waiting = [
                pool.submit(beside.check, snapshot, first, last, bookmark, records) for first, last in _parts(wanted)
            ]
            report = _merged([_finished(each, progress) for each in waiting], also)
    return report


def _processes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(position), 0) FROM dossiers_position")
        return 1 if cursor.fetchone()[0] < _LARGE else os.cpu_count() or 1


def _merged(shares: Sequence[Share], also: Sequence[Also]) -> Report:
    """The shares' reports in one, with what is checked over the whole log."""
    report, tallied = Report(), Tallied()
    for share in shares:
        report.absorb(share.report)
        for key, counts in share.tallied.items():
            tallied.setdefault(key, Counter()).update(counts)
    _check_positions(report)
    _check_tallies(report, tallied)
    for check in also:
        check(report)
    return report


def _parts(wanted: int) -> list[tuple[UUID, UUID]]:
    """Ranges of dossier ids, four for each process, so that none waits long for another; they cover every id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_disc(%s::float8[]) WITHIN GROUP (ORDER BY id) FROM dossiers_dossier",
            [[part / (4 * wanted) for part in range(1, 4 * wanted)]],
        )
        borders = sorted(set(cursor.fetchone()[0] or ()))
    starts = [FIRST, *(UUID(int=border.int + 1) for border in borders)]
    return list(zip(starts, [*borders, LAST], strict=True))


def _where() -> tuple[str, dict[str, Any]]:
    return os.environ["DJANGO_SETTINGS_MODULE"], dict(connection.settings_dict)


def _finished(waiting: "Future[Share]", progress: Progress | None) -> Share:
    share = waiting.result()
    if progress:
        progress(share.report.events)
    return share


def _check_positions(report: Report) -> None:
    """Positions are 1 … n without gap, each names an event, and what has none waits in Unplaced."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(max(position), 0), coalesce(min(position), 1) FROM dossiers_position")
        count, largest, smallest = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM dossiers_unplaced")
        (report.unplaced,) = cursor.fetchone()
        if count != largest or smallest != 1:
            cursor.execute(_HOLES)
            (hole,) = cursor.fetchone()
            report.add(Fault("gap_in_positions", position=hole, detail=f"{count} positions up to {largest}"))
        if count != report.positions:
            cursor.execute(_ORPHANS)
            position, dossier_id, seq = cursor.fetchone() or (0, "", 0)
            orphans = f"{count - report.positions} in all"
            report.add(Fault("position_without_event", dossier_id, seq, position, detail=orphans))
    if report.positions + report.unplaced != report.events:
        report.add(Fault("event_without_position", detail=f"{report.events - report.positions - report.unplaced}"))


def _bookmark() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT position FROM dossiers_bookmark WHERE follower = %s", [tallies.NAME])
        found = cursor.fetchone()
    return found[0] if found else 0


def _check_tallies(report: Report, tallied: Tallied) -> None:
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
