"""What changes on a day: officers move, stand in for somebody, and agencies take the place of others.

History stays: a former post keeps its days, a former agency its dossiers and codes. Rights follow the days by
themselves (see `access`), in Vietnam's time; nothing has to run at midnight.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.agencies.commands import AgencyError, checked_roles, permit_procedures, required_id
from motcua.agencies.models import Agency, Division, Staff, StandIn, User

_DAY = timedelta(days=1)


@transaction.atomic
def move_staff(
    *,
    username: str,
    agency_code: str,
    on: date,
    roles: Iterable[str],
    division_code: str | None = None,
    title: str = "",
    functions: Iterable[str] = (),
    procedures: Iterable[str] = (),
) -> int:
    """Lets an officer leave the present post and take another from a day on; gives the new post's id.

    Asked again with the same day and agency it brings the new post to these values. Raises AgencyError for an unknown
    account, agency, division or role, and for a day at or before the one on which the present post was taken.
    """
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        raise AgencyError("username", _("Không có tài khoản “%(name)s”.") % {"name": username})
    agency_id = required_id(Agency, "agency_code", agency_code)
    division = Division.objects.filter(agency_id=agency_id, code=division_code).first() if division_code else None
    if division_code and division is None:
        raise AgencyError("division_code", _("Cơ quan không có phòng mã “%(code)s”.") % {"code": division_code})
    new = Staff.objects.filter(user=user, valid_from=on, agency_id=agency_id).first()
    if new is None:
        new = Staff(user=user, valid_from=on, agency_id=agency_id, **_leave(user, on))
    new.division, new.roles, new.functions = division, checked_roles(roles), sorted(set(functions))
    new.title = title
    new.save()
    permit_procedures(new.pk, procedures)
    return new.pk


@transaction.atomic
def end_post(username: str, last_day: date) -> None:
    """Lets the account's post end with a day; the account opens nothing from the next one on. Raises AgencyError."""
    post = Staff.objects.filter(_held_on(last_day), user__username=username).select_for_update().first()
    if post is None:
        raise AgencyError("username", _("Tài khoản “%(name)s” không giữ vị trí nào ngày đó.") % {"name": username})
    post.valid_to = last_day
    post.save(update_fields=["valid_to"])


@transaction.atomic
def stand_in(
    *,
    username: str,
    valid_from: date,
    valid_to: date,
    reason: str,
    roles: Iterable[str] = (),
    functions: Iterable[str] = (),
) -> int:
    """Lets an officer take over functions at the own agency for some days, both included; gives the row's id.

    Asked again with the same first day it brings that row to these values; a last day in the past ends it. Raises
    AgencyError.
    """
    post = Staff.objects.filter(_held_on(valid_from), user__username=username).first()
    if post is None:
        raise AgencyError("username", _("Tài khoản “%(name)s” không giữ vị trí nào ngày đó.") % {"name": username})
    if valid_to < valid_from:
        raise AgencyError("valid_to", _("Ngày cuối phải không sớm hơn ngày đầu."))
    if not reason.strip():
        raise AgencyError("reason", _("Hãy ghi lý do."))
    taken = {"roles": checked_roles(roles), "functions": sorted(set(functions))}
    if not any(taken.values()):
        raise AgencyError("roles", _("Hãy chọn vai trò hoặc chức năng được giao."))
    values = {**taken, "valid_to": valid_to, "reason": reason.strip()[:200]}
    row, _made = StandIn.objects.update_or_create(staff=post, valid_from=valid_from, defaults=values)
    return row.pk


@transaction.atomic
def succeed(code: str, successor_code: str, on: date) -> None:
    """Lets an agency take the place of another from a day on: it sees and settles what was the other's.

    Dossiers, codes and history stay under the former agency's name; posts there end with the day before; what stood
    below it stands below the successor. When one is split, its dossiers go to one successor. Asked again with the same
    values it changes nothing. Raises AgencyError for unknown agencies, a circle, or another successor than before.
    """
    former = Agency.objects.select_for_update().get(pk=required_id(Agency, "code", code))
    successor_id = required_id(Agency, "successor_code", successor_code)
    if former.successor_id is not None and (former.successor_id, former.succeeded_on) != (successor_id, on):
        raise AgencyError("successor_code", _("Cơ quan này đã có cơ quan kế tục từ một ngày khác."))
    above: int | None = successor_id
    following = dict(Agency.objects.values_list("pk", "successor_id"))
    while above is not None:
        if above == former.pk:
            raise AgencyError("successor_code", _("Cơ quan không thể kế tục chính nó."))
        above = following[above]
    former.successor_id, former.succeeded_on = successor_id, on
    former.save(update_fields=["successor", "succeeded_on"])


def _leave(user: User, on: date) -> dict[str, str]:
    """Ends the present post with the day before; gives what goes along with the officer."""
    later = Staff.objects.filter(user=user, valid_from__gte=on).exists()
    present = Staff.objects.filter(_held_on(on - _DAY), user=user).select_for_update().first()
    if later or present is None:
        raise AgencyError("on", _("Ngày chuyển phải sau ngày bắt đầu của vị trí hiện tại."))
    if present.valid_to is None or present.valid_to >= on:
        present.valid_to = on - _DAY
        present.save(update_fields=["valid_to"])
    return {"signature_name": present.signature_name, "name_sort": present.name_sort}


def _held_on(day: date) -> Q:
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return Q(active=True) & begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
