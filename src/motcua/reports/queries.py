"""The settlement report II.06a of any period, and the list of dossiers behind each of its numbers.

Both ask the same condition of the same table, so a number and its list cannot part. A past period is counted as it
stood at its end: what was decided later about a dossier says nothing about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from motcua.agencies import queries as agencies
from motcua.agencies.access import Act, NotPermitted, Reader
from motcua.agencies.queries import AgencyView
from motcua.dossiers import marks
from motcua.law.reporting import Column, Ending, LateBy, Period, Reading, Row, total
from motcua.law.vietnamese import sort_key
from motcua.reports.followers import SPANS

PAGE: Final = 50
MANY: Final = 1000  # a list says "1,000+" rather than count on
ALL_FIELDS: Final = "Tổng cộng"
NO_FIELD: Final = "Chưa xếp lĩnh vực"

# Each column of figures as a condition on a span `s`; the period is %(begins)s to before %(ends)s, %(at)s the moment
# by which lateness of what is still open is judged: the period's end, or now. The law promises minutes, so seconds
# make nothing late; while the clock stands, it is late only if it was before.
_OPEN_LATE: Final = "date_trunc('minute', coalesce(s.paused_at, %(at)s)) > date_trunc('minute', s.due_{promise})"
_CELLS: Final[Mapping[Column, str]] = {
    Column.RECEIVED: "true",
    Column.ONLINE: "s.received_at >= %(begins)s AND s.online",
    Column.DIRECT: "s.received_at >= %(begins)s AND NOT s.online",
    Column.CARRIED: "s.received_at < %(begins)s",
    Column.SETTLED: "s.ended_at IS NOT NULL",
    Column.EARLY: "s.ended_at IS NOT NULL AND s.{timeliness} = 'early'",
    # What was never promised cannot be late, and not be early either.
    Column.ON_TIME: "s.ended_at IS NOT NULL AND coalesce(s.{timeliness}, 'on_time') = 'on_time'",
    Column.OVERDUE: "s.ended_at IS NOT NULL AND s.{timeliness} = 'overdue'",
    Column.OPEN: "s.ended_at IS NULL",
    Column.WITHIN: f"s.ended_at IS NULL AND ({_OPEN_LATE}) IS NOT TRUE",
    Column.OPEN_OVERDUE: f"s.ended_at IS NULL AND {_OPEN_LATE}",
}
# Uses indexes span_in_process and span_ended.
_WITHIN_PERIOD: Final = """
    s.competent_agency_id = ANY(%(agencies)s) AND (
        (s.ended_at IS NULL AND s.ends_at >= %(ends)s AND s.begins_at < %(ends)s)
        OR (s.ended_at >= %(begins)s AND s.ended_at < %(ends)s AND s.ending <> ALL(%(leaves_out)s)))"""
# The field stands in the procedure's version that the dossier was taken in under: grouped first, looked up after.
_REPORT: Final = """
SELECT coalesce(nullif(v.content->>'field', ''), %(no_field)s) AS field, {sums}
FROM (
    SELECT s.procedure_version_id, {counts} FROM reports_span s WHERE {within} GROUP BY s.procedure_version_id
) counted
JOIN procedures_procedureversion v ON v.id = counted.procedure_version_id
GROUP BY 1
"""
_OF_FIELD: Final = """
    AND s.procedure_version_id IN (
        SELECT v.id FROM procedures_procedureversion v
        WHERE coalesce(nullif(v.content->>'field', ''), %(no_field)s) = %(field)s)"""
_LIST: Final = """
SELECT s.dossier_id, s.procedure_version_id, s.competent_agency_id, s.online, s.received_at, s.due_{promise},
    s.ended_at, s.ending, s.{timeliness}, s.paused_at, d.code
FROM reports_span s LEFT JOIN dossiers_dossier d ON d.id = s.dossier_id
WHERE {within} AND {cell}{of_field}{after}
ORDER BY s.received_at, s.dossier_id LIMIT %(limit)s
"""
_COUNT: Final = (
    "SELECT count(*) FROM (SELECT FROM reports_span s WHERE {within} AND {cell}{of_field} LIMIT %(limit)s) n"
)
_AFTER: Final = " AND (s.received_at, s.dossier_id) > (%(after)s, %(last)s)"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which report: of which agencies (those of them that the reader may follow), of which period."""

    agency_ids: frozenset[int]
    period: Period
    now: datetime

    @property
    def at(self) -> datetime:
        """The moment by which open dossiers are late or not: the period's end, or now in a period that goes on."""
        return min(self.period.ends, self.now)


@dataclass(frozen=True, slots=True)
class Report:
    """The rows by field in Vietnamese order, their total, and how far the log was read for it."""

    rows: tuple[Row, ...]
    total: Row
    at: datetime
    position: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A dossier behind a number, as it stood at the period's end. `code` is empty for who may no longer see it."""

    dossier_id: UUID
    procedure_version_id: int
    agency_id: int
    online: bool
    received_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    ending: Ending | None
    timeliness: str | None
    paused_at: datetime | None
    code: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many a list holds; `capped` when there are at least so many."""

    value: int
    capped: bool


def reading() -> Reading:
    """How this installation reads what the form leaves open."""
    return Reading(LateBy(settings.MOTCUA_REPORT_LATE_BY), frozenset(map(Ending, settings.MOTCUA_REPORT_LEAVES_OUT)))


def agencies_to_report(reader: Reader) -> tuple[AgencyView, ...]:
    """The agencies whose reports the reader may have, in Vietnamese order: one statement."""
    scope = reader.scope(Act.SEE)
    listed = agencies.agencies_for(reader)
    return listed if scope.everything else tuple(each for each in listed if each.id in scope.competent)


def with_below(listed: Sequence[AgencyView], agency_id: int) -> frozenset[int]:
    """The agency and those of the list that stand below it, at any distance."""
    found = {agency_id}
    while more := {each.id for each in listed if each.parent_id in found} - found:
        found |= more
    return frozenset(found & {each.id for each in listed})


def report(reader: Reader, asked: Asked) -> Report:
    """The rows of form II.06a: two statements, whatever the number of fields.

    Raises NotPermitted for an agency that the reader does not follow, and IdentityBroken if a figure does not fit.
    """
    words = _words(reading())
    counts = ", ".join(f"count(*) FILTER (WHERE {words.cell(column)}) AS c{column.value}" for column in Column)
    sums = ", ".join(f"sum(c{column.value})::int" for column in Column)
    sql = _REPORT.format(sums=sums, counts=counts, within=_WITHIN_PERIOD)
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(reader, asked))
        found = [Row(field, tuple(figures)) for field, *figures in cursor.fetchall()]
        cursor.execute("SELECT coalesce((SELECT position FROM dossiers_bookmark WHERE follower = %s), 0)", [SPANS])
        position: int = cursor.fetchone()[0]
    rows = tuple(sorted(found, key=lambda row: (row.field == NO_FIELD, sort_key(row.field))))
    return Report(rows, total(rows, ALL_FIELDS), asked.at, position)


def behind(
    reader: Reader, asked: Asked, column: Column, field: str | None, *, after: str = "", limit: int = PAGE
) -> tuple[tuple[Listed, ...], str | None]:
    """The dossiers behind a number, those received first first, and the mark of the next page: one statement.

    `field` None means all. Raises NotPermitted, and ValueError for a mark that this function did not give.
    """
    values = _values(reader, asked) | {"field": field, "limit": limit + 1}
    if after:
        values["after"], values["last"] = marks.read(after)
    words = _words(reading())
    sql = _LIST.format(
        promise=words.promise, timeliness=words.timeliness, within=_WITHIN_PERIOD, cell=words.cell(column),
        of_field="" if field is None else _OF_FIELD, after=_AFTER if after else "",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = [_listed(*row) for row in cursor.fetchall()]
    more = len(found) > limit
    return tuple(found[:limit]), marks.mark(found[limit - 1].received_at, found[limit - 1].dossier_id) if more else None


def counted(reader: Reader, asked: Asked, column: Column, field: str | None) -> Counted:
    """How many dossiers `behind` gives in all, up to a thousand: one statement."""
    sql = _COUNT.format(
        within=_WITHIN_PERIOD, cell=_words(reading()).cell(column), of_field="" if field is None else _OF_FIELD
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(reader, asked) | {"field": field, "limit": MANY})
        value: int = cursor.fetchone()[0]
    return Counted(value, value >= MANY)


@dataclass(frozen=True, slots=True)
class _Words:
    """The columns of the table that a reading of the form looks at."""

    promise: str
    timeliness: str

    def cell(self, column: Column) -> str:
        """The condition of a column."""
        return _CELLS[column].format(promise=self.promise, timeliness=self.timeliness)


def _words(by: Reading) -> _Words:
    if by.late_by is LateBy.CURRENT:
        return _Words("current", "timeliness_current")
    return _Words("original", "timeliness")


def _values(reader: Reader, asked: Asked) -> dict[str, Any]:
    scope = reader.scope(Act.SEE)
    if not (scope.everything or asked.agency_ids <= scope.competent):
        raise NotPermitted
    return {
        "agencies": sorted(asked.agency_ids),
        "begins": asked.period.begins,
        "ends": asked.period.ends,
        "at": asked.at,
        "leaves_out": sorted(each.value for each in reading().leaves_out),
        "no_field": NO_FIELD,
    }


def _listed(
    dossier_id: UUID, version: int, agency: int, online: bool, received_at: datetime, due_at: datetime | None,
    ended_at: datetime | None, ending: str | None, timeliness: str | None, paused_at: datetime | None, code: str | None,
) -> Listed:  # fmt: skip
    return Listed(
        dossier_id, version, agency, online, received_at, due_at, ended_at, Ending(ending) if ending else None,
        timeliness, paused_at, code or "",
    )  # fmt: skip
