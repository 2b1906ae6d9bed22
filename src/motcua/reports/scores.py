"""The nine indicators of settlement for agencies, officers and dossiers, from what the followers have kept.

What the log tells is counted: time (1, 2), contacts with the desk (3, 4), online services (9). What nobody records here
yet (5 to 8: the desk's organisation, publication, complaints, feedback) has no data, which is not zero.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from motcua.agencies.access import Act, NotPermitted, Reader
from motcua.dossiers import marks
from motcua.law import settlement
from motcua.law.reporting import Period
from motcua.law.settlement import INDICATORS, OF_STAFF, ClassBy, OnlineFacts, Scored, Sum
from motcua.law.timeliness import Timeliness
from motcua.procedures import queries as procedures

PAGE: Final = 50
_NONE: Final = Scored(0, 0)

# Dossiers whose result was made ready in the period, in a few groups: all that the points depend on.
_DOSSIERS: Final = """
SELECT competent_agency_id, timeliness, least(requests, 2), count(*)::int FROM reports_span
WHERE competent_agency_id = ANY(%(agencies)s) AND ended_at >= %(begins)s AND ended_at < %(ends)s AND ending = 'finished'
GROUP BY 1, 2, 3
"""
_PARTS: Final = """
SELECT agency_id, points, count(*)::int FROM reports_part
WHERE agency_id = ANY(%(agencies)s) AND staff_id = 0 AND finished_at >= %(begins)s AND finished_at < %(ends)s
GROUP BY 1, 2
"""
_OFFICERS: Final = """
SELECT staff_id, timeliness, least(requests, 2), points, count(*)::int FROM reports_part
WHERE {whose} AND finished_at >= %(begins)s AND finished_at < %(ends)s
GROUP BY 1, 2, 3, 4
"""
# What was received in the period, and what of online dossiers was late in it: settled late, or still open and late.
_ONLINE: Final = """
SELECT competent_agency_id,
    count(*) FILTER (WHERE received_at >= %(begins)s)::int,
    count(*) FILTER (WHERE received_at >= %(begins)s AND online)::int,
    count(*) FILTER (WHERE online AND (
        timeliness = 'overdue' OR (ended_at IS NULL AND
            date_trunc('minute', coalesce(paused_at, %(at)s)) > date_trunc('minute', due_original))))::int
FROM reports_span
WHERE competent_agency_id = ANY(%(agencies)s) AND (
    (ended_at IS NULL AND ends_at >= %(ends)s AND begins_at < %(ends)s)
    OR (ended_at >= %(begins)s AND ended_at < %(ends)s))
GROUP BY 1
"""
# An agency's dossiers are those that it settled, and those of others in which it took part (indicator 2 only).
_OF_AGENCY: Final = """
    SELECT dossier_id, ended_at AS at FROM reports_span
    WHERE competent_agency_id = %(agency)s AND ended_at >= %(begins)s AND ended_at < %(ends)s AND ending = 'finished'
    UNION """
_TOOK_PART: Final = """
    SELECT dossier_id, finished_at AS at FROM reports_part
    WHERE agency_id = %(agency)s AND staff_id = %(staff)s AND finished_at >= %(begins)s AND finished_at < %(ends)s"""
_LIST: Final = """
SELECT of.dossier_id, coalesce(d.procedure_version_id, s.procedure_version_id), of.at,
    coalesce(p.timeliness, s.timeliness), p.points, coalesce(p.requests, s.requests), d.code,
    %(staff)s <> 0 OR s.competent_agency_id IS NOT DISTINCT FROM %(agency)s
FROM ({of}) of
LEFT JOIN reports_span s ON s.dossier_id = of.dossier_id AND s.ending = 'finished'
LEFT JOIN reports_part p
    ON p.dossier_id = of.dossier_id AND p.agency_id = %(agency)s AND p.staff_id = %(staff)s
LEFT JOIN dossiers_dossier d ON d.id = of.dossier_id
{after} ORDER BY of.at, of.dossier_id LIMIT %(limit)s
"""
_AFTER: Final = "WHERE (of.at, of.dossier_id) > (%(after)s, %(last)s)"


@dataclass(frozen=True, slots=True)
class Scores:
    """An agency's or an officer's indicators in a period: by number, with the number of dossiers they rest on."""

    dossiers: int
    by: Mapping[int, Scored]
    sum: Sum

    def score(self, number: int) -> Decimal | None:
        """One indicator; None without data."""
        return self.by[number].score


@dataclass(frozen=True, slots=True)
class DossierPoints:
    """What one dossier gave an agency or an officer: points by indicator, None without data."""

    dossier_id: UUID
    procedure_version_id: int | None
    code: str
    finished_at: datetime
    points: Mapping[int, int | None]


def of_agencies(reader: Reader, agency_ids: Collection[int], period: Period, now: datetime) -> dict[int, Scores]:
    """The nine indicators of each of these agencies: four statements, whatever their number. Raises NotPermitted."""
    scope = reader.scope(Act.SEE)
    if not (scope.everything or set(agency_ids) <= scope.receiving | scope.competent):
        raise NotPermitted
    asked = _asked(period, agencies=sorted(agency_ids), at=min(period.ends, now))
    dossiers: dict[int, list[tuple[Timeliness | None, int, int]]] = {}
    for agency_id, found, requests, number in _all(_DOSSIERS, asked):
        dossiers.setdefault(agency_id, []).append((_timeliness(found), requests, number))
    parts: dict[int, list[tuple[int | None, int]]] = {}
    for agency_id, points, number in _all(_PARTS, asked):
        parts.setdefault(agency_id, []).append((points, number))
    online = {agency_id: tuple(counts) for agency_id, *counts in _all(_ONLINE, asked)}
    offered = procedures.online_offered(reader, agency_ids)
    return {
        each: _of_agency(dossiers.get(each, []), parts.get(each, []), OnlineFacts(
            *offered.get(each, (0, 0)), *online.get(each, (0, 0, 0))
        ))
        for each in agency_ids
    }  # fmt: skip


def _of_agency(
    dossiers: list[tuple[Timeliness | None, int, int]], parts: list[tuple[int | None, int]], online: OnlineFacts
) -> Scores:
    by = dict.fromkeys((each.number for each in INDICATORS), _NONE)
    by |= _of_dossiers(dossiers)
    by[2] = _mean(parts)
    by[9] = _mean([(settlement.of_online(online), 1)])
    summed = settlement.of_agency((scored.score for scored in by.values()), _class_by())
    return Scores(sum(number for *_, number in dossiers), by, summed)


def officers(reader: Reader, agency_id: int, period: Period) -> dict[int, Scores]:
    """The five indicators of each officer who took part for this agency: one statement.

    Raises NotPermitted for who may not follow its officers.
    """
    if not may_see_officers(reader, agency_id):
        raise NotPermitted
    return _of_people("agency_id = %(agency)s AND staff_id <> 0", _asked(period, agency=agency_id))


def may_see_officers(reader: Reader, agency_id: int) -> bool:
    """Whether the reader may follow the figures of the officers of this agency."""
    scope = reader.scope(Act.SEE_OFFICERS)
    return scope.everything or agency_id in scope.receiving | scope.competent


def own(reader: Reader, period: Period) -> Scores | None:
    """The reader's own five indicators, at whichever agency: one statement; None for who settled nothing."""
    if reader.staff_id is None:
        return None
    return _of_people("staff_id = %(staff)s", _asked(period, staff=reader.staff_id)).get(reader.staff_id)


def _of_people(whose: str, asked: Mapping[str, Any]) -> dict[int, Scores]:
    found: dict[int, list[tuple[Timeliness | None, int, int | None, int]]] = {}
    for staff_id, timeliness, requests, points, number in _all(_OFFICERS.format(whose=whose), asked):
        found.setdefault(staff_id, []).append((_timeliness(timeliness), requests, points, number))
    return {staff_id: _of_person(groups) for staff_id, groups in found.items()}


def _of_person(groups: list[tuple[Timeliness | None, int, int | None, int]]) -> Scores:
    by = _of_dossiers([(found, requests, number) for found, requests, _points, number in groups])
    by[2] = _mean([(points, number) for _found, _requests, points, number in groups])
    listed = {number: by.get(number, _NONE) for number in OF_STAFF}
    summed = settlement.of_person((scored.score for scored in listed.values()), _class_by())
    return Scores(sum(number for *_, number in groups), listed, summed)


def _of_dossiers(groups: list[tuple[Timeliness | None, int, int]]) -> dict[int, Scored]:
    """The indicators that follow from a dossier alone."""
    return {
        1: _mean([(settlement.of_time(found), number) for found, _requests, number in groups]),
        3: _mean([(settlement.of_contacts(requests), number) for _found, requests, number in groups]),
        4: _mean([(agencies_contacted(requests), number) for _found, requests, number in groups]),
        7: _mean([(settlement.of_attitude(found, None), number) for found, _requests, number in groups]),
    }


def agencies_contacted(requests: int) -> int:
    """The points of indicator 4: whatever is asked for, the applicant brings it to the desk and to nobody else."""
    return settlement.of_agencies_contacted(min(requests, 1))


def behind(
    reader: Reader, agency_id: int, staff_id: int | None, period: Period, *, after: str = "", limit: int = PAGE
) -> tuple[tuple[DossierPoints, ...], str | None]:
    """The dossiers that an agency's, or an officer's, indicators rest on, with the points of each; keyset pages.

    Raises NotPermitted, and ValueError for a mark that this function did not give.
    """
    _require(reader, agency_id, staff_id)
    asked = _asked(period, agency=agency_id, staff=staff_id or 0, limit=limit + 1)
    if after:
        asked["after"], asked["last"] = marks.read(after)
    of = _TOOK_PART if staff_id is not None else _OF_AGENCY + _TOOK_PART
    found = [_points(*row) for row in _all(_LIST.format(of=of, after=_AFTER if after else ""), asked)]
    more = len(found) > limit
    return tuple(found[:limit]), marks.mark(found[limit - 1].finished_at, found[limit - 1].dossier_id) if more else None


def _require(reader: Reader, agency_id: int, staff_id: int | None) -> None:
    """An officer sees the own dossiers, who follows officers theirs, and who follows the agency all of it."""
    scope = reader.scope(Act.SEE)
    follows = scope.everything or agency_id in scope.receiving | scope.competent
    own_ones = staff_id is not None and staff_id == reader.staff_id
    if not (own_ones or (follows and (staff_id is None or may_see_officers(reader, agency_id)))):
        raise NotPermitted


def _points(
    dossier_id: UUID, version: int | None, finished_at: datetime, found: str | None, points: int | None,
    requests: int, code: str | None, whole: bool,
) -> DossierPoints:  # fmt: skip
    """`whole`: all of the dossier is counted here, not only the part that was taken in it."""
    of: dict[int, int | None] = dict.fromkeys(each.number for each in INDICATORS if each.of_staff)
    if whole:
        of |= {
            number: scored.points
            for number, scored in _of_dossiers([(_timeliness(found), requests, 1)]).items()
            if scored.of
        }
    return DossierPoints(dossier_id, version, code or "", finished_at, of | {2: points})


def _mean(groups: Iterable[tuple[int | None, int]]) -> Scored:
    known = [(points, number) for points, number in groups if points is not None]
    return Scored(sum(points * number for points, number in known), sum(number for _points, number in known))


def _timeliness(text: str | None) -> Timeliness | None:
    return Timeliness(text) if text else None


def _class_by() -> ClassBy:
    return ClassBy(settings.MOTCUA_INDICATOR_CLASS)


def _asked(period: Period, **values: Any) -> dict[str, Any]:
    return {"begins": period.begins, "ends": period.ends, **values}


def _all(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
