"""Count, per agency, procedure and day, what was received and how it was finished; a follower of the log.

Reception counts for the receiving agency, timeliness for the competent one. Withdrawn, stopped and refused at intake
are counted apart: they are outside the measure of timeliness.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from motcua.dossiers.followers import Follower, Placed
from motcua.law.dossier import events as e
from motcua.law.dossier.reckoning import local

NAME = "daily_tallies"
COLUMNS = ("received", "early", "on_time", "overdue", "unlimited", "withdrawn", "stopped", "refused")
_ENDS = {e.Withdrawn.TYPE: "withdrawn", e.Stopped.TYPE: "stopped", e.RefusedAtIntake.TYPE: "refused"}

Key = tuple[int, str, date]


def counted(batch: Sequence[Placed]) -> dict[Key, Counter[str]]:
    """What a run of events adds, by (agency, procedure, day); pure."""
    added: dict[Key, Counter[str]] = {}
    for placed in batch:
        column = _column(placed)
        if column is not None:
            agency = placed.receiving_agency if column == "received" else placed.competent_agency
            key = (agency, placed.procedure, local(placed.at).date())
            added.setdefault(key, Counter())[column] += 1
    return added


def _column(placed: Placed) -> str | None:
    if placed.type in (e.Received.TYPE, e.Accepted.TYPE):
        return "received"
    if placed.type == e.Finished.TYPE:
        finished = placed.event
        timeliness = finished.timeliness if isinstance(finished, e.Finished) else None
        return timeliness.value if timeliness else "unlimited"
    return _ENDS.get(placed.type)


def add(batch: Sequence[Placed]) -> None:
    """Add a run of events to the table, set-wise, always in the same order of rows."""
    rows = sorted(counted(batch).items())
    if not rows:
        return
    names = ", ".join(COLUMNS)
    sums = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in COLUMNS)
    sql = f"""
        INSERT INTO dossiers_dailytally AS t (agency_id, procedure_code, day, {names})
        VALUES {", ".join(["(%s, %s, %s" + ", %s" * len(COLUMNS) + ")"] * len(rows))}
        ON CONFLICT (agency_id, day, procedure_code) DO UPDATE SET {sums}"""  # noqa: S608 - names are constants
    values: list[Any] = [item for key, counts in rows for item in (*key, *(counts[name] for name in COLUMNS))]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


FOLLOWER = Follower(NAME, add, frozenset({e.Received.TYPE, e.Accepted.TYPE, e.Finished.TYPE, *_ENDS}))
