"""Readers of agencies, divisions, posts and work calendars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.agencies.access import NotPermitted, Reader
from motcua.agencies.models import Agency, AgencyKind, CalendarVersion, Division, Staff, StandIn, User
from motcua.agencies.roles import Role
from motcua.agencies.serving import serving
from motcua.law.worktime import WorkCalendar

# The one rule of which calendar holds: a statement on its own, and a part of others.
LATEST_CALENDAR = """
    SELECT c.id FROM agencies_calendarversion c JOIN agencies_agency a ON a.calendar_id = c.calendar_id
    WHERE a.id = {agency} ORDER BY c.version DESC LIMIT 1"""
NO_CALENDAR = gettext_lazy("Cơ quan chưa có lịch làm việc. Hãy công bố lịch và gán cho cơ quan.")


class NoSuchAgency(LookupError):  # noqa: N818 - says what is the case
    """No agency has this id or code."""


class NoCalendar(LookupError):  # noqa: N818 - says what is the case
    """The agency, or the version asked for, has no published work calendar; an administrator publishes one."""


@dataclass(frozen=True, slots=True)
class AgencyView:
    """An agency as pages show it."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    identifier: str
    code_pattern: str
    parent_id: int | None
    unit_id: int | None
    desk_name: str
    address: str
    phone: str
    calendar_code: str | None
    active: bool
    demo: bool


@dataclass(frozen=True, slots=True)
class DivisionView:
    """A division of an agency."""

    id: int
    agency_id: int
    code: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class StaffView:
    """A post and who holds it."""

    id: int
    user_id: int
    username: str
    name: str
    title: str
    signature_name: str
    agency_id: int
    division_id: int | None
    division_name: str
    roles: frozenset[Role]
    functions: frozenset[str]
    active: bool


@dataclass(frozen=True, slots=True)
class FormHead:
    """What stands at the head of an agency's printed forms (Circular 01/2018)."""

    parent_name: str
    agency_name: str
    desk_name: str
    place_name: str
    address: str
    phone: str
    demo: bool = False
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class CalendarVersionView:
    """One published version of a work calendar."""

    id: int
    code: str
    version: int
    valid_from: date
    valid_to: date
    provisional_years: tuple[int, ...]
    reason: str
    created_at: datetime


def agency(reader: Reader, agency_id: int) -> AgencyView:
    """The agency of this id; agencies are public. Raises NoSuchAgency."""
    return _one(Q(pk=agency_id))


def agency_by_code(reader: Reader, code: str) -> AgencyView:
    """The agency of this code; agencies are public. Raises NoSuchAgency."""
    return _one(Q(code=code))


def agencies(reader: Reader, *, active_only: bool = True) -> tuple[AgencyView, ...]:
    """All agencies in Vietnamese order of their names; agencies are public."""
    return _listed(Q(active=True) if active_only else Q())


def agencies_for(reader: Reader) -> tuple[AgencyView, ...]:
    """The reader's own agency and all below it, in Vietnamese order; for the system all, for a citizen none."""
    if reader.kind == "system":
        return _listed(Q())
    return _listed(Q(pk__in=reader.own_agency_ids | reader.descendant_agency_ids))


def speaks_for_all(reader: Reader) -> bool:
    """Whether the reader's agency settles what holds for all agencies: the provincial committee, or the only agency."""
    if reader.agency_id is None:
        return False
    others = Agency.objects.filter(active=True).exclude(pk__in=reader.own_agency_ids | reader.descendant_agency_ids)
    province = Agency.objects.filter(pk=reader.agency_id, kind=AgencyKind.PROVINCE_COMMITTEE)
    return province.exists() or not others.exists()


def divisions_of(reader: Reader, agency_id: int) -> tuple[DivisionView, ...]:
    """The agency's active divisions in Vietnamese order."""
    rows = Division.objects.filter(agency_id=agency_id, active=True).order_by("name_sort", "pk")
    return tuple(DivisionView(row.pk, row.agency_id, row.code, row.name, row.active) for row in rows)


def staff_of(
    reader: Reader, agency_id: int, function: str | None = None, *, procedure: str | None = None
) -> tuple[StaffView, ...]:
    """The agency's posts that are held today, by given name; only those with the function and the procedure asked for.

    A function is a role's value or one of the post's further functions. Raises NotPermitted outside the reader's tree.
    """
    if not (reader.kind == "system" or agency_id in reader.own_agency_ids | reader.descendant_agency_ids):
        raise NotPermitted(_("Bạn không xem được danh sách cán bộ của cơ quan này."))
    rows = Staff.objects.filter(serving(), agency_id=agency_id, user__is_active=True)
    if function is not None:
        today = timezone.localdate()
        taken = Q(roles__contains=[function]) | Q(functions__contains=[function])
        stands_in = StandIn.objects.filter(taken, valid_from__lte=today, valid_to__gte=today, staff=OuterRef("pk"))
        rows = rows.filter(taken | Exists(stands_in))
    if procedure is not None:
        rows = rows.filter(Q(permitted__isnull=True) | Q(permitted__procedure_code=procedure))
    rows = rows.select_related("user", "division").order_by("name_sort", "pk")
    return tuple(_staff_view(row) for row in rows)


def people_below(reader: Reader) -> list[tuple[int, str]]:
    """The posts held today at the reader's agency and those below, to choose one: ids with names and agencies."""
    reach = reader.own_agency_ids | reader.descendant_agency_ids
    rows = Staff.objects.filter(serving(), agency_id__in=reach, user__is_active=True)
    rows = rows.select_related("user", "agency").order_by("agency__name_sort", "name_sort", "pk")
    return [(row.pk, f"{row.user.display_name or row.signature_name} – {row.agency.short_name}") for row in rows]


def staff_names(reader: Reader, staff_ids: Iterable[int]) -> dict[int, str]:
    """The names of these posts' holders, active or not: what a story or a slip shows beside each act."""
    if reader.kind == "citizen":
        return {}
    rows = Staff.objects.filter(pk__in=set(staff_ids)).values_list("pk", "user__display_name", "signature_name")
    return {pk: display or signature for pk, display, signature in rows}


def account_named(username: str) -> int | None:
    """The account of this name."""
    return User.objects.filter(username=username).values_list("pk", flat=True).first()


def staff_agencies(reader: Reader, staff_ids: Iterable[int]) -> dict[int, str]:
    """The names of the agencies of these posts, active or not: one statement."""
    return dict(Staff.objects.filter(pk__in=set(staff_ids)).values_list("pk", "agency__name"))


def agency_names(reader: Reader, agency_ids: Iterable[int]) -> dict[int, str]:
    """The names of these agencies, active or not, for a page of a list: one statement; agencies are public."""
    return dict(Agency.objects.filter(pk__in=set(agency_ids)).values_list("pk", "name"))


def agency_codes(reader: Reader, agency_ids: Iterable[int]) -> dict[int, str]:
    """The codes of these agencies, active or not: one statement; agencies are public."""
    return dict(Agency.objects.filter(pk__in=set(agency_ids)).values_list("pk", "code"))


def form_head(agency_id: int) -> FormHead:
    """The head of the agency's printed forms. Raises NoSuchAgency."""
    found = form_heads([agency_id])
    if agency_id not in found:
        raise NoSuchAgency(_("Không tìm thấy cơ quan."))
    return found[agency_id]


def form_heads(agency_ids: Iterable[int]) -> dict[int, FormHead]:
    """The heads of these agencies' printed forms: one statement."""
    fields = ("pk", "parent_name", "name", "desk_name", "place_name", "address", "phone", "demo", "identifier")
    rows = Agency.objects.filter(pk__in=set(agency_ids)).values_list(*fields)
    return {pk: FormHead(*rest) for pk, *rest in rows}


def calendar_for(agency_id: int) -> tuple[WorkCalendar, int]:
    """The latest work calendar of the agency and its version's id; one statement, two when this process has not met it.

    Raises NoCalendar when the agency names no calendar or nothing was published under it.
    """
    with connection.cursor() as cursor:
        cursor.execute(LATEST_CALENDAR.format(agency="%s"), [agency_id])
        found = cursor.fetchone()
    if found is None:
        raise NoCalendar(NO_CALENDAR)
    return calendar_version(found[0]), found[0]


def calendar_version(version_id: int) -> WorkCalendar:
    """The work calendar of a published version. A version never changes, so a process reads it once.

    Raises NoCalendar.
    """
    return _read_calendar(str(connection.settings_dict["NAME"]), version_id)


@lru_cache(maxsize=256)
def _read_calendar(database: str, version_id: int) -> WorkCalendar:
    # The database is part of the key: the same number names another calendar in a restored or cloned one.
    data = CalendarVersion.objects.filter(pk=version_id).values_list("data", flat=True).first()
    if data is None:
        raise NoCalendar(_("Không có phiên bản lịch làm việc số %(id)s.") % {"id": version_id})
    return WorkCalendar.from_data(data)


def calendar_versions(code: str) -> tuple[CalendarVersionView, ...]:
    """All versions published under a calendar's code, the latest first."""
    rows = CalendarVersion.objects.filter(calendar__code=code).order_by("-version")
    return tuple(
        CalendarVersionView(
            row.pk,
            code,
            row.version,
            row.valid_from,
            row.valid_to,
            tuple(row.provisional_years),
            row.reason,
            row.created_at,
        )
        for row in rows
    )


def _one(condition: Q) -> AgencyView:
    found = _listed(condition)
    if not found:
        raise NoSuchAgency(_("Không tìm thấy cơ quan."))
    return found[0]


def _listed(condition: Q) -> tuple[AgencyView, ...]:
    rows = Agency.objects.filter(condition).select_related("calendar").order_by("name_sort", "pk")
    return tuple(
        AgencyView(
            id=row.pk,
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            kind=row.kind,
            identifier=row.identifier,
            code_pattern=row.code_pattern,
            parent_id=row.parent_id,
            unit_id=row.unit_id,
            desk_name=row.desk_name,
            address=row.address,
            phone=row.phone,
            calendar_code=row.calendar.code if row.calendar else None,
            active=row.active,
            demo=row.demo,
        )
        for row in rows
    )


def _staff_view(row: Staff) -> StaffView:
    roles = frozenset(Role(role) for role in row.roles)
    return StaffView(
        id=row.pk,
        user_id=row.user_id,
        username=row.user.username,
        name=row.user.display_name or row.signature_name,
        title=row.title,
        signature_name=row.signature_name,
        agency_id=row.agency_id,
        division_id=row.division_id,
        division_name=row.division.name if row.division else "",
        roles=roles,
        functions=roles | frozenset(row.functions),
        active=row.active,
    )
