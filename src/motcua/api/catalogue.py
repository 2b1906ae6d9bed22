"""What can be asked for and where: procedures with their versions, desks, calendars, and the due time of a filing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from motcua.agencies import queries as agencies
from motcua.agencies.queries import AgencyView
from motcua.api.fields import Day, Key, Mark, Moment, PageSize, Told, Words, answers
from motcua.api.gate import Bearer, Request
from motcua.api.problems import not_found
from motcua.dossiers import intake
from motcua.dossiers.wording import Refused
from motcua.exchange.scopes import Scope
from motcua.law.dossier.vocabulary import Channel, Refusal
from motcua.law.worktime import CalendarEdgeError
from motcua.procedures import queries as catalogue
from motcua.procedures.content import content_to_data

router = Router(auth=Bearer(Scope.CATALOGUE_READ), tags=["catalogue"])


class ProcedureLine(Told):
    """A procedure in a list."""

    code: str
    name: str
    field: str
    levels: list[str]
    everyday: bool


class ProcedurePage(Told):
    """A page of procedures; `next` opens the next one."""

    items: list[ProcedureLine]
    next: str | None


class Procedure(Told):
    """A procedure in one of its versions; `content` has its parts by Decree 63/2010, Art. 8, as far as published."""

    code: str
    version: int
    valid_from: Any
    valid_to: Any
    source: str
    content_hash: str
    content: dict[str, Any]


class Version(Told):
    """A version in a procedure's history."""

    version: int
    valid_from: Any
    valid_to: Any
    source: str


class FieldOf(Told):
    """A field of procedures (lĩnh vực)."""

    key: str
    name: str
    count: int


class Desk(Told):
    """An agency with its one-stop desk."""

    code: str
    name: str
    short_name: str
    kind: str
    identifier: str
    desk_name: str
    address: str
    phone: str
    calendar: str | None
    demo: bool


class Offering(Told):
    """A procedure that a desk receives, and the agency that settles it."""

    procedure: str
    desk: str
    competent_agency: str
    has_process: bool
    has_calendar: bool


class Due(Told):
    """The appointment that a complete dossier received at `at` would get, with its reasons; null without a limit."""

    at: datetime
    due_at: datetime | None
    limit: str | None
    convention: str | None
    calendar: str | None
    provisional: bool
    trace: Any


class CalendarVersion(Told):
    """A published version of a work calendar."""

    code: str
    version: int
    valid_from: Any
    valid_to: Any
    provisional_years: list[int]
    reason: str


class Calendar(Told):
    """The work calendar that a desk counts by now: hours of the week, days off, working days."""

    code: str
    version: str
    data: dict[str, Any]


@router.get("/procedures", response=answers(ProcedurePage, 404))
def list_procedures(
    request: Request,
    q: Words = "",
    desk: Key | None = None,
    field: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = None,
    level: Words | None = None,
    after: Mark = "",
    limit: PageSize = 50,
) -> dict[str, Any]:
    """Procedures in force: with `q` what its words find, best first, in one page; else all in order of their names."""
    reader = request.auth.reader
    desk_id = agencies.agency_by_code(reader, desk).id if desk else None
    if q.strip():
        rows = catalogue.search(reader, q, agency_id=desk_id, limit=limit)
        return {"items": rows, "next": None}
    found = catalogue.list_by_field(reader, field, agency_id=desk_id, level=level, after=after or None, limit=limit)
    return {"items": found.rows, "next": found.next_after}


@router.get("/procedures/{code}", response=answers(Procedure, 404))
def get_procedure(request: Request, code: Key, on: Day | None = None) -> dict[str, Any]:
    """A procedure as it stands, or as it stood on a day."""
    page = catalogue.procedure_page(request.auth.reader, code, on)
    if page is None:
        raise not_found()
    return {
        "code": page.code,
        "version": page.number,
        "valid_from": page.valid_from,
        "valid_to": page.valid_to,
        "source": page.source,
        "content_hash": page.content_hash,
        "content": content_to_data(page.content),
    }


@router.get("/procedures/{code}/versions", response=answers(list[Version], 404))
def list_versions(request: Request, code: Key) -> list[dict[str, Any]]:
    """Every version of a procedure, the newest first."""
    rows = catalogue.versions(request.auth.reader, code)
    if not rows:
        raise not_found()
    return [
        {"version": row.number, "valid_from": row.valid_from, "valid_to": row.valid_to, "source": row.source}
        for row in rows
    ]


@router.get("/fields", response=answers(list[FieldOf], 404))
def list_fields(request: Request, desk: Key | None = None) -> Any:
    """The fields that have procedures, of all desks or of one."""
    reader = request.auth.reader
    # A tuple of two would be read as a status and its body.
    return list(catalogue.fields(reader, agency_id=agencies.agency_by_code(reader, desk).id if desk else None))


@router.get("/desks", response=answers(list[Desk]))
def list_desks(request: Request) -> list[dict[str, Any]]:
    """All agencies at work, in order of their names."""
    return [_desk(each) for each in agencies.agencies(request.auth.reader)]


@router.get("/desks/{code}", response=answers(Desk, 404))
def get_desk(request: Request, code: Key) -> dict[str, Any]:
    """One agency."""
    return _desk(agencies.agency_by_code(request.auth.reader, code))


@router.get("/desks/{code}/offerings", response=answers(list[str], 404))
def list_offerings(request: Request, code: Key) -> list[str]:
    """Codes of the procedures that a desk receives."""
    reader = request.auth.reader
    return sorted(catalogue.offerings(reader, agencies.agency_by_code(reader, code).id))


@router.get("/desks/{code}/offerings/{procedure}", response=answers(Offering, 404))
def get_offering(request: Request, code: Key, procedure: Key) -> dict[str, Any]:
    """What a desk's receiving a procedure means: who settles it, and whether it can be received now."""
    reader = request.auth.reader
    found = catalogue.offering(reader, agencies.agency_by_code(reader, code).id, procedure)
    if found is None:
        raise not_found(_("Nơi này không tiếp nhận thủ tục đó."))
    return {
        "procedure": found.code,
        "desk": code,
        "competent_agency": agencies.agency(reader, found.competent_agency_id).code,
        "has_process": found.process_version_id is not None,
        "has_calendar": found.calendar_version_id is not None,
    }


@router.get("/desks/{code}/offerings/{procedure}/due", response=answers(Due, 404, 409))
def preview_due(
    request: Request, code: Key, procedure: Key, channel: Channel = Channel.DIRECT, at: Moment | None = None
) -> dict[str, Any]:
    """When the result would be promised for, counted as the desk counts, with the reasons."""
    reader, moment = request.auth.reader, at or timezone.now()
    desk = agencies.agency_by_code(reader, code)
    try:
        found = intake.promised(reader, intake.offer_at(reader, desk.id, procedure, channel), moment)
    except CalendarEdgeError as edge:
        raise Refused(Refusal("calendar_edge", "BLLĐ 2019, Điều 112")) from edge
    return {
        "at": moment,
        "due_at": found.due_at,
        "limit": found.limit,
        "convention": found.convention,
        "calendar": found.calendar,
        "provisional": found.provisional,
        "trace": found.trace,
    }


@router.get("/desks/{code}/calendar", response=answers(Calendar, 404, 409))
def get_calendar(request: Request, code: Key) -> dict[str, Any]:
    """The calendar that a desk counts by now."""
    calendar, _version = agencies.calendar_for(agencies.agency_by_code(request.auth.reader, code).id)
    return {"code": calendar.code, "version": calendar.version, "data": calendar.to_data()}


@router.get("/calendars/{code}/versions", response=answers(list[CalendarVersion], 404))
def list_calendar_versions(request: Request, code: Key) -> Any:
    """All versions published under a calendar's code, the latest first."""
    found = agencies.calendar_versions(code)
    if not found:
        raise not_found()
    return list(found)


def _desk(view: AgencyView) -> dict[str, Any]:
    names = ("code", "name", "short_name", "kind", "identifier", "desk_name", "address", "phone", "demo")
    return {**{name: getattr(view, name) for name in names}, "calendar": view.calendar_code}
