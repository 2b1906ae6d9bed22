"""Keeps, after the log, how each dossier stood from when to when, and who took part in settling it.

Both lists come out the same for any cutting of the log into runs: a moment that is told twice overwrites itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from motcua.dossiers.followers import Follower, Placed
from motcua.dossiers.models import Bookmark, FollowerFault
from motcua.law.dossier import events as e
from motcua.law.dossier.vocabulary import Channel
from motcua.law.reporting import CHANGING, Ending, Standing, begin, follow
from motcua.law.settlement import of_time, took_part
from motcua.law.timeliness import Timeliness
from motcua.reports.models import Part, Span

SPANS: Final = "report_spans"
PARTS: Final = "report_parts"
FAR: Final = datetime(9999, 1, 1, tzinfo=UTC)  # the end of a span that goes on
_ACCEPTS: Final = frozenset({e.Received.TYPE, e.Accepted.TYPE})
_TAKES_PART: Final = _ACCEPTS | {
    kind.TYPE for kind in (e.HandedOver, e.SentBack, e.Finished, e.ConsultationAnswered, e.Returned)
}
_COLUMNS: Final = {
    "dossier_id": "uuid",
    "begins_at": "timestamptz",
    "ends_at": "timestamptz",
    "receiving_agency_id": "bigint",
    "competent_agency_id": "bigint",
    "procedure_version_id": "bigint",
    "online": "boolean",
    "received_at": "timestamptz",
    "due_original": "timestamptz",
    "due_current": "timestamptz",
    "in_hours": "boolean",
    "paused_at": "timestamptz",
    "requests": "smallint",
    "ended_at": "timestamptz",
    "ending": "text",
    "timeliness": "text",
    "timeliness_current": "text",
}
_NAMES: Final = ", ".join(_COLUMNS)
_WRITE: Final = f"""
INSERT INTO reports_span ({_NAMES})
SELECT * FROM unnest({", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())})
ON CONFLICT (dossier_id, begins_at) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)}
"""  # noqa: S608 - names are constants
_LAST: Final = f"SELECT {_NAMES} FROM reports_span WHERE dossier_id = ANY(%s) AND ends_at = %s"  # noqa: S608
# Papers that were asked for before the dossier was accepted are contacts with the desk as well.
_INTAKES: Final = """
SELECT d.id, d.channel, d.procedure_version_id, (
    SELECT count(*) FROM dossiers_event e
    WHERE e.dossier_id = d.id AND e.seq < asked.seq AND e.type = 'paused' AND e.data->>'kind' = 'supplement')
FROM unnest(%s::uuid[], %s::int[]) AS asked (id, seq) JOIN dossiers_dossier d ON d.id = asked.id
"""
# A part that began after the result was ready (who gave it out) is told at once what was said of the dossier then.
_JOIN: Final = """
INSERT INTO reports_part AS p (dossier_id, agency_id, staff_id, points, finished_at, timeliness, requests)
SELECT n.dossier_id, n.agency_id, n.staff_id, n.points, s.ended_at, s.timeliness, coalesce(s.requests, 0)
FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::smallint[]) AS n (dossier_id, agency_id, staff_id, points)
LEFT JOIN reports_span s ON s.dossier_id = n.dossier_id AND s.ending = 'finished'
ON CONFLICT (dossier_id, agency_id, staff_id) DO UPDATE SET points = least(p.points, excluded.points)
"""
_FINISH: Final = """
UPDATE reports_part p SET finished_at = s.ended_at, timeliness = s.timeliness, requests = s.requests
FROM reports_span s WHERE p.dossier_id = ANY(%s) AND s.dossier_id = p.dossier_id AND s.ending = 'finished'
"""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A span as it is written."""

    dossier_id: UUID
    begins_at: datetime
    standing: Standing
    ends_at: datetime = FAR

    def values(self) -> tuple[Any, ...]:
        """In the order of the columns."""
        held = (getattr(self.standing, name) for name in _FIELDS)
        plain = (each.value if isinstance(each, StrEnum) else each for each in held)
        return (self.dossier_id, self.begins_at, self.ends_at, *plain)


_FIELDS: Final = tuple(each.name for each in fields(Standing))


def keep_spans(batch: Sequence[Placed]) -> None:
    """Take in a run of events: four statements at most, whatever their number."""
    last = _last({placed.dossier_id for placed in batch})
    intakes = _intakes([placed for placed in batch if placed.type in _ACCEPTS])
    changed: dict[tuple[UUID, datetime], _Kept] = {}
    finished: list[UUID] = []
    for placed in batch:
        before = last.get(placed.dossier_id)
        after = _after(before, placed, intakes)
        if after is None or after == before:
            continue
        if before is not None and after.begins_at > before.begins_at:
            changed[before.dossier_id, before.begins_at] = replace(before, ends_at=after.begins_at)
        changed[after.dossier_id, after.begins_at] = last[placed.dossier_id] = after
        if after.standing.ending is Ending.FINISHED:
            finished.append(placed.dossier_id)
    _write(changed.values())
    if finished:
        with connection.cursor() as cursor:
            cursor.execute(_FINISH, [finished])


def _after(before: _Kept | None, placed: Placed, intakes: dict[UUID, tuple[Channel, int, int]]) -> _Kept | None:
    event = placed.event
    if isinstance(event, e.Received | e.Accepted):
        channel, version, requests = intakes[placed.dossier_id]
        pair = (placed.receiving_agency, placed.competent_agency)
        begun = begin(event.appointment, placed.at, pair=pair, version=version, channel=channel, requests=requests)
        return _Kept(placed.dossier_id, placed.at, begun)
    if before is None:  # not accepted yet: the report does not know it
        return None
    at = max(placed.at, before.begins_at)  # the law lets no dossier go back in time, so here neither
    standing = follow(before.standing, event, at)
    return before if standing is before.standing else _Kept(placed.dossier_id, at, standing)


def _last(dossier_ids: Iterable[UUID]) -> dict[UUID, _Kept]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [list(dossier_ids), FAR])
        return {row[0]: _Kept(row[0], row[1], _standing(row[3:])) for row in cursor.fetchall()}


def _standing(values: Sequence[Any]) -> Standing:
    held = dict(zip(_FIELDS, values, strict=True))
    kinds = {"ending": Ending, "timeliness": Timeliness, "timeliness_current": Timeliness}
    held |= {name: kind(held[name]) for name, kind in kinds.items() if held[name]}
    return Standing(**held)


def _intakes(accepting: Sequence[Placed]) -> dict[UUID, tuple[Channel, int, int]]:
    if not accepting:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_INTAKES, [[each.dossier_id for each in accepting], [each.seq for each in accepting]])
        return {row[0]: (Channel(row[1]), row[2], row[3]) for row in cursor.fetchall()}


def _write(spans: Iterable[_Kept]) -> None:
    rows = [span.values() for span in spans]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])


def keep_parts(batch: Sequence[Placed]) -> None:
    """Note who took part, by a run of events: one statement. What the system did is nobody's part."""
    found: dict[tuple[UUID, int, int], int | None] = {}
    for placed in batch:
        took, timed = took_part(placed.event)
        if not took or placed.actor_agency is None or not _answers_itself(placed):
            continue
        points = of_time(timed)
        for staff in {0, placed.actor_staff or 0}:
            key = (placed.dossier_id, placed.actor_agency, staff)
            known = [each for each in (found.get(key), points) if each is not None]
            found[key] = min(known, default=None)
    if found:
        keys = [list(column) for column in zip(*found, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_JOIN, [*keys, list(found.values())])


def _answers_itself(placed: Placed) -> bool:
    """An opinion that came on paper is written down by the agency that asked: the time was not its own."""
    return placed.type != e.ConsultationAnswered.TYPE or placed.actor_agency != placed.competent_agency


FOLLOWERS: Final = (
    Follower(SPANS, keep_spans, _ACCEPTS | CHANGING),
    Follower(PARTS, keep_parts, _TAKES_PART),
)


def forget() -> None:
    """Empty both lists, so that the followers make them anew from the whole log when they next read on."""
    with transaction.atomic():
        Bookmark.objects.select_for_update().filter(pk__in=[SPANS, PARTS]).update(position=0)
        Span.objects.all().delete()
        Part.objects.all().delete()
        FollowerFault.objects.filter(follower__in=[SPANS, PARTS]).delete()
