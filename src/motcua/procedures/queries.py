"""Readers of the procedure catalogue; procedures are public, so any reader may ask."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from motcua.agencies.access import Reader
from motcua.agencies.queries import LATEST_CALENDAR
from motcua.law.retention import Schedule
from motcua.law.vietnamese import sort_key
from motcua.procedures.content import Content, content_from_data
from motcua.procedures.models import InternalProcess, Offering, Procedure, ProcedureVersion, ProcessVersion, Retention
from motcua.procedures.searching import ranked

_COMPETENT = "coalesce(o.competent_id, o.agency_id)"
_OFFERING = f"""
SELECT p.current_id, {_COMPETENT}, ({LATEST_CALENDAR.format(agency=_COMPETENT)}),
    (SELECT v.id FROM procedures_processversion v JOIN procedures_internalprocess i ON i.id = v.process_id
     WHERE v.valid_to IS NULL AND (i.procedure_id = p.id OR i.procedure_id IS NULL)
       AND (i.agency_id = {_COMPETENT} OR i.agency_id IS NULL)
     ORDER BY i.procedure_id IS NULL, i.agency_id IS NULL, v.number DESC LIMIT 1),
    desk.identifier, desk.code_pattern
FROM procedures_offering o
JOIN procedures_procedure p ON p.id = o.procedure_id
JOIN agencies_agency desk ON desk.id = o.agency_id
WHERE o.agency_id = %s AND p.code = %s AND p.current_id IS NOT NULL
"""  # noqa: S608 - names are constants
_ROW = ("pk", "code", "name", "field", "levels", "current_id", "everyday")


@dataclass(frozen=True)
class ProcedureRow:
    """A procedure in a list."""

    id: int
    code: str
    name: str
    field: str
    levels: tuple[str, ...]
    version_id: int
    everyday: bool


@dataclass(frozen=True)
class ProcedurePage:
    """One version of a procedure with all its parts."""

    id: int
    code: str
    everyday: bool
    version_id: int
    number: int
    valid_from: date
    valid_to: date | None
    content: Content
    content_hash: str
    source: str


@dataclass(frozen=True)
class VersionRow:
    """A version in the history of a procedure."""

    version_id: int
    number: int
    valid_from: date
    valid_to: date | None
    source: str


@dataclass(frozen=True)
class FieldRow:
    """A field of procedures (lĩnh vực), its key in addresses, and how many procedures it has."""

    name: str
    key: str
    count: int


@dataclass(frozen=True)
class ProcedureList:
    """A page of a list; `next_after` is given back to get the next one, None at the end."""

    rows: tuple[ProcedureRow, ...]
    next_after: str | None


@dataclass(frozen=True)
class ProcessView:
    """A published version of an internal process; `definition` is for `motcua.law.process.Process.from_data`."""

    version_id: int
    number: int
    code: str
    name: str
    definition: Mapping[str, Any]
    procedure_code: str | None
    agency_id: int | None
    valid_from: date
    valid_to: date | None

    @property
    def general(self) -> bool:
        """Is it the process for procedures that have none of their own?"""
        return self.procedure_code is None


@dataclass(frozen=True)
class OfferingView:
    """A procedure that a desk receives: who settles it, by which calendar and process, and how it is numbered."""

    code: str
    receiving_agency_id: int
    version_id: int
    competent_agency_id: int
    calendar_version_id: int | None
    process_version_id: int | None
    unit: str
    code_pattern: str


def search(reader: Reader, text: str, *, agency_id: int | None = None, limit: int = 20) -> tuple[ProcedureRow, ...]:
    """Procedures that hold every word of the text, in any order, with or without diacritics; the best first.

    The last word may be unfinished. A code, or its beginning, finds by code. With `agency_id` only what that desk
    receives.
    """
    rows = ranked(_offered(agency_id), text)
    return tuple(_row(values) for values in rows.values_list(*_ROW)[:limit])


def procedure_page(reader: Reader, code: str, on_date: date | None = None) -> ProcedurePage | None:
    """The procedure of this code as it stands now, or as it stood on that day."""
    if on_date is None:
        row = Procedure.objects.select_related("current").filter(code=code).first()
        return _page(row.current, row) if row is not None and row.current is not None else None
    versions = ProcedureVersion.objects.select_related("procedure").filter(procedure__code=code)
    found = versions.filter(_covers(on_date)).order_by("-number").first()
    return _page(found, found.procedure) if found is not None else None


def version(reader: Reader, version_id: int) -> ProcedurePage | None:
    """The version with this id, in force or not."""
    found = ProcedureVersion.objects.select_related("procedure").filter(pk=version_id).first()
    return _page(found, found.procedure) if found is not None else None


def versions(reader: Reader, code: str) -> tuple[VersionRow, ...]:
    """All versions of a procedure, the newest first."""
    rows = ProcedureVersion.objects.filter(procedure__code=code).order_by("-number")
    return tuple(VersionRow(*values) for values in rows.values_list("pk", "number", "valid_from", "valid_to", "source"))


def names(reader: Reader, version_ids: Iterable[int]) -> dict[int, str]:
    """The names that these versions give their procedures, for a page of a list: one statement."""
    return dict(ProcedureVersion.objects.filter(pk__in=set(version_ids)).values_list("pk", "content__name"))


def fields(reader: Reader, *, agency_id: int | None = None) -> tuple[FieldRow, ...]:
    """The fields that have procedures, in Vietnamese order; spellings that differ in diacritics only are one field."""
    counts: dict[str, list[Any]] = {}
    for key, name in _offered(agency_id).exclude(field_key="").values_list("field_key", "field"):
        entry = counts.setdefault(key, [name, 0])
        entry[0] = min(entry[0], name)
        entry[1] += 1
    found = [FieldRow(name, key, count) for key, (name, count) in counts.items()]
    return tuple(sorted(found, key=lambda row: (sort_key(row.name), row.key)))


def list_by_field(
    reader: Reader,
    field_key: str | None = None,
    *,
    agency_id: int | None = None,
    level: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> ProcedureList:
    """Procedures of a field (None: of all) in Vietnamese order, page by page.

    `level` is a level as published ("Cấp xã"). An `after` that this function did not give starts from the beginning.
    """
    rows = _offered(agency_id)
    if field_key is not None:
        rows = rows.filter(field_key=field_key)
    if level is not None:
        rows = rows.filter(levels__contains=[level])
    position = _position(after)
    if position is not None:
        key, code = position
        rows = rows.filter(Q(sort_key__gt=key) | Q(sort_key=key, code__gt=code))
    found = list(rows.order_by("sort_key", "code").values_list(*_ROW, "sort_key")[: limit + 1])
    page = found[:limit]
    more = _cursor(page[-1][-1], page[-1][1]) if len(found) > limit else None
    return ProcedureList(tuple(_row(values[:-1]) for values in page), more)


def process_version(reader: Reader, process_version_id: int) -> ProcessView | None:
    """The process version with this id, in force or not."""
    row = ProcessVersion.objects.select_related("process__procedure").filter(pk=process_version_id).first()
    return _process(row) if row is not None else None


def process_versions(reader: Reader, version_ids: Iterable[int]) -> dict[int, ProcessView]:
    """The process versions with these ids, in one statement."""
    rows = ProcessVersion.objects.select_related("process__procedure").filter(pk__in=set(version_ids))
    return {row.pk: _process(row) for row in rows}


def processes(reader: Reader, *, agency_id: int | None = None) -> tuple[ProcessView, ...]:
    """The current versions of all processes of an agency, or of those that hold for all agencies."""
    whose = Q(agency__isnull=True) if agency_id is None else Q(agency_id=agency_id)
    found = InternalProcess.objects.filter(whose, current__isnull=False)
    rows = ProcessVersion.objects.select_related("process__procedure").filter(pk__in=found.values("current_id"))
    return tuple(_process(row) for row in rows.order_by("process__code", "pk"))


def offering(reader: Reader, agency_id: int, code: str) -> OfferingView | None:
    """All that this desk's receiving the procedure means; None when it does not receive it or nothing is in force.

    One statement: it is asked for every dossier that is taken in. The process is the competent agency's own for the
    procedure, else the procedure's, else the agency's general one, else the general one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OFFERING, [agency_id, code])
        found = cursor.fetchone()
    return OfferingView(code, agency_id, *found) if found is not None else None


def offerings(reader: Reader, agency_id: int) -> frozenset[str]:
    """Codes of the procedures that this desk receives."""
    return frozenset(Offering.objects.filter(agency_id=agency_id).values_list("procedure__code", flat=True))


def _offered(agency_id: int | None) -> QuerySet[Procedure]:
    rows = Procedure.objects.filter(current__isnull=False)
    if agency_id is None:
        return rows
    return rows.filter(pk__in=Offering.objects.filter(agency_id=agency_id).values("procedure_id"))


def _covers(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def _row(values: tuple[Any, ...]) -> ProcedureRow:
    pk, code, name, field, levels, version_id, everyday = values
    return ProcedureRow(pk, code, name, field, tuple(levels), version_id, everyday)


def _page(row: ProcedureVersion, procedure: Procedure) -> ProcedurePage:
    return ProcedurePage(
        id=procedure.pk,
        code=procedure.code,
        everyday=procedure.everyday,
        version_id=row.pk,
        number=row.number,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        content=content_from_data(row.content),
        content_hash=row.content_hash,
        source=row.source,
    )


def _process(row: ProcessVersion) -> ProcessView:
    process = row.process
    return ProcessView(
        version_id=row.pk,
        number=row.number,
        code=process.code,
        name=row.name,
        definition=row.definition,
        procedure_code=process.procedure.code if process.procedure is not None else None,
        agency_id=process.agency_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def retention(reader: Reader, on: date) -> Schedule | None:
    """The schedule of retention in force on a day, public like procedures; None when none was published for it."""
    row = Retention.objects.filter(valid_from__lte=on).order_by("-valid_from", "-number").first()
    return Schedule.from_data(row.data) if row else None


def _cursor(key: str, code: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([key, code]).encode()).decode().rstrip("=")


def _position(after: str | None) -> tuple[str, str] | None:
    if not after:
        return None
    try:
        key, code = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, TypeError):
        return None
    return (key, code) if isinstance(key, str) and isinstance(code, str) and "\x00" not in key + code else None


def online_offered(reader: Reader, agency_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """How many procedures each of these agencies settles, and how many of them can be filed online: one statement."""
    sql = f"""
        SELECT {_COMPETENT}, count(DISTINCT p.id)::int, count(DISTINCT p.id) FILTER (
            WHERE v.content @> '{{"filings": [{{"channel": "online"}}]}}')::int
        FROM procedures_offering o
        JOIN procedures_procedure p ON p.id = o.procedure_id
        JOIN procedures_procedureversion v ON v.id = p.current_id
        WHERE {_COMPETENT} = ANY(%s) GROUP BY 1"""  # noqa: S608 - names are constants
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(agency_ids)])
        return {agency: (offered, online) for agency, offered, online in cursor.fetchall()}
