"""The only writers of agencies, divisions, posts, sign-in accounts and work calendars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies import sessions
from motcua.agencies.access import for_system
from motcua.agencies.models import (
    Agency,
    AgencyKind,
    Calendar,
    CalendarVersion,
    Division,
    PermittedProcedure,
    Staff,
    User,
)
from motcua.agencies.roles import Role
from motcua.agencies.serving import serving
from motcua.law.vietnamese import sort_key
from motcua.law.worktime import CalendarError, WorkCalendar
from motcua.places import queries as places


class AgencyError(ValueError):
    """A value that cannot be kept; `field` names it, the text says what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def keep_agency(
    *,
    code: str,
    name: str,
    kind: str,
    identifier: str,
    desk_name: str,
    short_name: str = "",
    parent_code: str | None = None,
    unit_code: str | None = None,
    parent_name: str = "",
    place_name: str = "",
    address: str = "",
    phone: str = "",
    calendar_code: str | None = None,
    code_pattern: str = "",
    active: bool = True,
    demo: bool = False,
) -> int:
    """Makes the agency of that code, or brings it to these values; gives its id.

    Raises AgencyError for an unknown kind, parent, unit (of today) or calendar, and for a parent that stands below it.
    """
    if kind not in AgencyKind.values:
        raise AgencyError("kind", _("Không có loại cơ quan “%(kind)s”.") % {"kind": kind})
    parent_id = _id_of(Agency, "parent_code", parent_code)
    _refuse_circle(code, parent_id)
    values = {
        "name": name,
        "name_sort": sort_key(name),
        "short_name": short_name or name,
        "kind": kind,
        "identifier": identifier,
        "desk_name": desk_name,
        "parent_id": parent_id,
        "unit_id": _unit_id(unit_code),
        "parent_name": parent_name,
        "place_name": place_name,
        "address": address,
        "phone": phone,
        "calendar_id": _id_of(Calendar, "calendar_code", calendar_code),
        "code_pattern": code_pattern,
        "active": active,
        "demo": demo,
    }
    agency_id = _keep(Agency, {"code": code}, values)
    if not active:
        for user in User.objects.filter(staff__agency_id=agency_id).distinct():
            sessions.end_sessions(user)
    return agency_id


@transaction.atomic
def keep_division(*, agency_code: str, code: str, name: str, active: bool = True) -> int:
    """Makes the division of that code in the agency, or brings it to these values; gives its id."""
    agency_id = required_id(Agency, "agency_code", agency_code)
    values = {"name": name, "name_sort": sort_key(name), "active": active}
    return _keep(Division, {"agency_id": agency_id, "code": code}, values)


@transaction.atomic
def keep_staff(
    *,
    username: str,
    display_name: str,
    agency_code: str,
    roles: Iterable[str],
    division_code: str | None = None,
    title: str = "",
    signature_name: str = "",
    functions: Iterable[str] = (),
    procedures: Iterable[str] = (),
    password: str | None = None,
    password_is_given: bool = False,
    active: bool = True,
) -> int:
    """Makes the account and post of that sign-in name, or brings them to these values; gives the post's id.

    Without a password an existing account keeps its own and a new one cannot sign in until one is set; one that is
    given must be changed at the first sign-in. An empty list of procedures means all. Raises AgencyError for an
    unknown agency, division or role, or a password too weak.

    It is the account's post at that agency, else the present one, that is brought to the values; who moves to another
    one on a day is moved by `changes.move_staff`, which leaves the former post in the history.
    """
    agency_id = required_id(Agency, "agency_code", agency_code)
    user = User.objects.filter(username=username).first() or User(username=username)
    user.display_name, user.is_active = display_name, active
    if password is not None:
        _check_password(password, user)
        user.set_password(password)
        user.password_is_given = password_is_given
    elif user.pk is None:
        user.set_unusable_password()
    user.save()
    values = {
        "agency_id": agency_id,
        "division_id": _division_id(agency_id, division_code),
        "roles": checked_roles(roles),
        "functions": sorted(set(functions)),
        "title": title,
        "signature_name": signature_name or display_name,
        "name_sort": _person_sort(display_name),
        "active": active,
    }
    staff_id = _keep(Staff, _post_of(user, agency_id), values)
    permit_procedures(staff_id, procedures)
    if not active or password is not None:
        sessions.end_sessions(user)
    return staff_id


def _post_of(user: User, agency_id: int) -> dict[str, int]:
    """What tells the account's post at the agency (a file may still name one that was left), else the present one."""
    posts = Staff.objects.filter(user=user).order_by("-valid_from", "-pk")
    here = posts.filter(agency_id=agency_id)
    post = here.filter(serving()).first() or here.first() or posts.filter(serving()).first() or posts.first()
    return {"pk": post.pk} if post else {"user_id": user.pk}


@transaction.atomic
def keep_technical_post(
    *,
    username: str,
    name: str,
    agency_code: str,
    roles: Iterable[str] = (),
    procedures: Iterable[str] = (),
    active: bool = True,
) -> int:
    """Makes the post that a program of the agency acts from, or brings it to these values; gives the post's id.

    The log names the post; its account is closed from the first moment, so nobody ever signs in with it, and lists of
    colleagues leave it out. Raises AgencyError for an unknown agency or role.
    """
    staff_id = keep_staff(
        username=username, display_name=name, agency_code=agency_code, roles=roles, procedures=procedures, active=active
    )
    User.objects.filter(staff__pk=staff_id).update(is_active=False)
    return staff_id


@transaction.atomic
def assign_roles(staff_id: int, roles: Iterable[str]) -> None:
    """Gives the post exactly these roles, from the next request on; raises AgencyError for an unknown one."""
    if not Staff.objects.filter(pk=staff_id).update(roles=checked_roles(roles)):
        raise AgencyError("staff_id", _("Không có vị trí công tác này."))


@transaction.atomic
def permit_procedures(staff_id: int, codes: Iterable[str]) -> None:
    """Gives the post exactly these procedures (national codes); none means that it works on all."""
    wanted = set(codes)
    held = set(PermittedProcedure.objects.filter(staff_id=staff_id).values_list("procedure_code", flat=True))
    if held - wanted:
        PermittedProcedure.objects.filter(staff_id=staff_id, procedure_code__in=held - wanted).delete()
    PermittedProcedure.objects.bulk_create(
        PermittedProcedure(staff_id=staff_id, procedure_code=code) for code in sorted(wanted - held)
    )


@transaction.atomic
def set_password(username: str, password: str) -> None:
    """Gives the account a new password and ends its sessions; raises AgencyError for no such account or a weak one."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise AgencyError("username", _("Không có tài khoản “%(name)s”.") % {"name": username})
    _check_password(password, user)
    user.set_password(password)
    user.password_is_given = False
    user.save(update_fields=["password", "password_is_given"])
    sessions.end_sessions(user)


@transaction.atomic
def publish_calendar(
    code: str, data: Mapping[str, Any], reason: str, *, name: str = "", by_staff_id: int | None = None
) -> int:
    """Publishes the next version of a work calendar and gives the version's id; earlier versions stay as they are.

    Data equal to the latest version publishes nothing and gives that version. The version's number replaces the one
    in the data, so that a trace names one version only. Raises AgencyError when the data is not a calendar.
    """
    try:
        calendar = WorkCalendar.from_data(data)
    except CalendarError as error:
        raise AgencyError("data", _("Dữ liệu lịch không đúng: %(error)s") % {"error": error}) from error
    if not reason.strip():
        raise AgencyError("reason", _("Hãy ghi lý do công bố lịch."))
    Calendar.objects.get_or_create(code=code, defaults={"name": name or code})
    series = Calendar.objects.select_for_update().get(code=code)  # two publishers in one moment take turns
    latest = series.versions.order_by("-version").first()
    number = latest.version + 1 if latest else 1
    if latest and latest.data == replace(calendar, code=code, version=str(latest.version)).to_data():
        return latest.pk
    version = CalendarVersion.objects.create(
        calendar=series,
        version=number,
        data=replace(calendar, code=code, version=str(number)).to_data(),
        valid_from=calendar.valid_from,
        valid_to=calendar.valid_to,
        provisional_years=list(calendar.provisional_years),
        reason=reason.strip(),
        published_by_id=by_staff_id,
    )
    return version.pk


def _keep(model: type[Model], key: dict[str, Any], values: dict[str, Any]) -> int:
    row, _made = model._default_manager.update_or_create(**key, defaults=values)
    return int(row.pk)


def _id_of(model: type[Model], field: str, code: str | None) -> int | None:
    return None if code is None else required_id(model, field, code)


def required_id(model: type[Model], field: str, code: str) -> int:
    """The id of the row of this code; raises AgencyError naming the field."""
    found = model._default_manager.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise AgencyError(field, _("Không tìm thấy mã “%(code)s”.") % {"code": code})
    return int(found)


def _unit_id(code: str | None) -> int | None:
    if code is None:
        return None
    unit = places.unit(for_system("the unit of an agency"), code, timezone.localdate())
    if unit is None:
        raise AgencyError("unit_code", _("Hiện không có đơn vị hành chính mã “%(code)s”.") % {"code": code})
    return unit.id


def _division_id(agency_id: int, code: str | None) -> int | None:
    if code is None:
        return None
    found = Division.objects.filter(agency_id=agency_id, code=code).values_list("pk", flat=True).first()
    if found is None:
        raise AgencyError("division_code", _("Cơ quan không có phòng mã “%(code)s”.") % {"code": code})
    return found


def _refuse_circle(code: str, parent_id: int | None) -> None:
    parents = dict(Agency.objects.values_list("pk", "parent_id"))
    own_id = Agency.objects.filter(code=code).values_list("pk", flat=True).first()
    above = parent_id
    while above is not None and own_id is not None:
        if above == own_id:
            raise AgencyError("parent_code", _("Cơ quan cấp trên không thể là chính nó hoặc cơ quan bên dưới nó."))
        above = parents[above]


def checked_roles(roles: Iterable[str]) -> list[str]:
    """These roles in their order; raises AgencyError for an unknown one."""
    wanted = set(roles)
    if unknown := wanted - set(Role):
        raise AgencyError("roles", _("Không có vai trò “%(role)s”.") % {"role": min(unknown)})
    return [role.value for role in Role if role in wanted]


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise AgencyError("password", " ".join(error.messages)) from error


def _person_sort(name: str) -> str:
    """Vietnamese people are listed by given name, the last word, then by the rest."""
    *rest, given = name.split() or [""]
    return sort_key(f"{given} {' '.join(rest)}")
