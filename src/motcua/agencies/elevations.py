"""Rights for some hours instead of a standing super-user: given for a reason, written down, and ended by themselves.

An administrator gives them, to a colleague; to themselves only where no other administrator could, and the leader sees
it. They count in the same statement that looks a post up (`access`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.access import NotPermitted, Reader, Role
from motcua.agencies.commands import AgencyError, checked_roles
from motcua.agencies.models import Agency, Elevation, ElevationEnd, Staff
from motcua.agencies.serving import serving

# What may be given: work on dossiers. Nobody is made an administrator or an inspector for an afternoon.
GIVEN: Final = (Role.DESK_OFFICER, Role.CASE_OFFICER, Role.LEADER, Role.REFORM_OFFICER)
READERS: Final = frozenset({Role.ADMINISTRATOR, Role.LEADER, Role.INSPECTOR})
_GIVERS: Final = frozenset({Role.ADMINISTRATOR})
_ENDERS: Final = frozenset({Role.ADMINISTRATOR, Role.LEADER})


@dataclass(frozen=True, slots=True)
class ElevationView:
    """One elevation as its list shows it; `ends_at` is when it ended or will end, `going_on` whether it counts now."""

    id: int
    staff_id: int
    name: str
    agency: str
    roles: tuple[Role, ...]
    reason: str
    granted_by: str
    granted_by_themselves: bool
    granted_at: datetime
    starts_at: datetime
    ends_at: datetime
    ended_by: str
    going_on: bool


@transaction.atomic
def elevate(reader: Reader, staff_id: int, agency_id: int, roles: Iterable[str], *, hours: int, reason: str) -> int:
    """Gives a colleague roles at an agency, the reader's own or one below it, from now for some hours; gives its id.

    Raises NotPermitted for who is no administrator of both, AgencyError for hours above MOTCUA_ELEVATION_HOURS, for
    roles that are never given this way, without a reason, and for oneself while another administrator could do it.
    """
    reach = _reach(reader, _GIVERS)
    post = Staff.objects.filter(serving(), pk=staff_id, agency_id__in=reach, user__is_active=True).first()
    if post is None or agency_id not in reach:
        raise NotPermitted(_("Bạn không quản trị cơ quan này."))
    wanted = checked_roles(roles)
    if not wanted or not set(wanted) <= set(GIVEN):
        raise AgencyError("roles", _("Hãy chọn vai trò xử lý hồ sơ; quyền quản trị và thanh tra không giao tạm."))
    if not 1 <= hours <= settings.MOTCUA_ELEVATION_HOURS:
        most = {"hours": settings.MOTCUA_ELEVATION_HOURS}
        raise AgencyError("hours", _("Thời gian từ 1 đến %(hours)s giờ.") % most)
    if not reason.strip():
        raise AgencyError("reason", _("Hãy ghi lý do."))
    if staff_id == reader.staff_id and another_giver(reader):
        raise AgencyError("staff", _("Cơ quan có người quản trị khác: hãy nhờ người đó giao quyền cho bạn."))
    row = Elevation(
        staff=post,
        agency_id=agency_id,
        roles=wanted,
        reason=reason.strip()[:200],
        granted_by_id=reader.staff_id or 0,
        starts_at=Now(),
        ends_at=Now() + timedelta(hours=hours),
    )
    row.save(force_insert=True)
    return int(row.pk)


@transaction.atomic
def end(reader: Reader, elevation_id: int) -> None:
    """Ends an elevation at once: its holder, and administrators and leaders of its agency or one above.

    One that is over stays as it is. Raises NotPermitted; LookupError for none.
    """
    row = Elevation.objects.filter(pk=elevation_id).first()
    if row is None:
        raise LookupError(elevation_id)
    if row.staff_id != reader.staff_id and row.agency_id not in _reach(reader, _ENDERS):
        raise NotPermitted(_("Bạn không quản trị cơ quan này."))
    if row.ends_at <= timezone.now() or reader.staff_id is None:
        return
    try:
        with transaction.atomic():
            ElevationEnd.objects.create(elevation=row, ended_by_id=reader.staff_id)
    except IntegrityError:
        return  # somebody else ended it in the same moment


def another_giver(reader: Reader) -> bool:
    """Whether an administrator other than the reader could give rights at the reader's agency."""
    others = Staff.objects.filter(serving(), roles__contains=[Role.ADMINISTRATOR.value], user__is_active=True)
    others = others.exclude(pk=reader.staff_id or 0)
    return others.filter(agency_id__in=_above(reader.agency_id)).exists()


def elevations(reader: Reader, *, before: int | None = None, limit: int = 50) -> tuple[ElevationView, ...]:
    """The elevations at the reader's agencies and of their staff, the latest first, older than `before`: one statement.

    Raises NotPermitted for anybody but administrators, leaders and inspectors.
    """
    reach = _reach(reader, READERS)
    rows = Elevation.objects.filter(Q(agency_id__in=reach) | Q(staff__agency_id__in=reach))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    joined = ("agency", "staff__user", "granted_by__user", "end__ended_by__user")
    now = timezone.now()
    return tuple(_view(row, now) for row in rows.select_related(*joined).order_by("-pk")[:limit])


def own_elevations(reader: Reader) -> tuple[ElevationView, ...]:
    """The reader's elevations that count now: what the banner shows; nothing is asked for where there is none."""
    if reader.elevated_until is None:
        return ()
    now = timezone.now()
    rows = Elevation.objects.filter(
        staff_id=reader.staff_id or 0, starts_at__lte=now, ends_at__gt=now, end__isnull=True
    )
    return tuple(_view(row, now) for row in rows.select_related("agency", "staff__user", "granted_by__user"))


def _view(row: Elevation, now: datetime) -> ElevationView:
    ended: ElevationEnd | None = getattr(row, "end", None)
    return ElevationView(
        row.pk,
        row.staff_id,
        str(row.staff.user),
        row.agency.name,
        tuple(Role(role) for role in row.roles),
        row.reason,
        str(row.granted_by.user),
        row.granted_by_id == row.staff_id,
        row.granted_at,
        row.starts_at,
        ended.ended_at if ended else row.ends_at,
        str(ended.ended_by.user) if ended else "",
        ended is None and row.starts_at <= now < row.ends_at,
    )


def _reach(reader: Reader, roles: frozenset[Role]) -> frozenset[int]:
    """The agencies that the reader looks after in one of these roles, by the post itself and not by an elevation."""
    if reader.roles.isdisjoint(roles):
        raise NotPermitted(_("Trang này dành cho vai trò khác trong cơ quan của bạn."))
    return reader.own_agency_ids | reader.descendant_agency_ids


def _above(agency_id: int | None) -> set[int]:
    parents = dict(Agency.objects.values_list("pk", "parent_id"))
    found: set[int] = set()
    while agency_id is not None and agency_id not in found:
        found.add(agency_id)
        agency_id = parents[agency_id]
    return found
