"""Where to go and when: the desks with their addresses, telephones and hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.agencies import queries
from motcua.agencies.policies import public
from motcua.agencies.queries import AgencyView, NoCalendar
from motcua.config.headers import cookie_name
from motcua.law.worktime import WorkCalendar
from motcua.portal.site import COOKIE, site

AHEAD = timedelta(days=45)  # how far the page looks for days on which the desk is closed
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one weekday: spans such as ("07:00", "11:30"); none means closed."""

    name: str
    spans: tuple[tuple[str, str], ...]


@public
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All desks."""
    return render(request, "portal/contact.html", {"section": "contact", "desks": site(request).desks})


@public
@require_safe
def desk(request: HttpRequest, code: str) -> HttpResponse:
    """One desk: address, telephone, hours of each weekday, and the exceptional days ahead."""
    found = _desk(request, code)
    context: dict[str, object] = {"section": "contact", "desk": found, "chosen": site(request).desk == found}
    try:
        calendar, _version = queries.calendar_for(found.id)
    except NoCalendar:
        context["week"] = ()
    else:
        context["week"] = week(calendar)
        context["exceptions"] = exceptions(calendar, timezone.localdate())
    return render(request, "portal/desk.html", context)


@public
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remembers the visitor's desk in a cookie (or forgets it), then goes back to where they were."""
    after = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure()):
        after = "/"
    response = redirect(after)
    code = request.POST.get("desk", "")
    if not code:
        response.delete_cookie(cookie_name(COOKIE), samesite="Lax")
        return response
    response.set_cookie(
        cookie_name(COOKIE),
        _desk(request, code).code,
        YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _desk(request: HttpRequest, code: str) -> AgencyView:
    found = next((agency for agency in site(request).desks if agency.code == code), None)
    if found is None:
        raise Http404("no such desk")
    return found


def week(calendar: WorkCalendar) -> tuple[DayHours, ...]:
    """The calendar's ordinary week, Monday first."""
    names = (_("Thứ Hai"), _("Thứ Ba"), _("Thứ Tư"), _("Thứ Năm"), _("Thứ Sáu"), _("Thứ Bảy"), _("Chủ Nhật"))
    return tuple(
        DayHours(name, tuple((_clock(start), _clock(end)) for start, end in spans))
        for name, spans in zip(names, calendar.hours, strict=True)
    )


def exceptions(calendar: WorkCalendar, today: date) -> tuple[tuple[date, bool], ...]:
    """Days ahead that differ from the ordinary week, each with whether the desk is open."""
    found = []
    last = min(today + AHEAD, calendar.valid_to)
    day = max(today, calendar.valid_from)
    while day <= last:
        is_open = calendar.is_working_day(day)
        if is_open != bool(calendar.hours[day.weekday()]):
            found.append((day, is_open))
        day += timedelta(days=1)
    return tuple(found)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
