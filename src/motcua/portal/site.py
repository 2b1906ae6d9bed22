"""Whose desk the visitor looks at: the one chosen in a cookie, the only one there is, or the whole installation."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from motcua.agencies import queries
from motcua.agencies.access import for_citizen
from motcua.agencies.queries import AgencyView
from motcua.config.headers import cookie_name

COOKIE = "desk"
VISITOR = for_citizen("")  # nobody in particular: opens what is public


@dataclass(frozen=True, slots=True)
class Site:
    """What the header says, and the desk that lists are narrowed to (None: all)."""

    name: str
    phone: str
    desk: AgencyView | None
    desks: tuple[AgencyView, ...]
    demo: bool = False


def site(request: HttpRequest) -> Site:
    """The site for this request, read once (one SQL statement)."""
    known: Site | None = getattr(request, "_motcua_site", None)
    if known is None:
        known = _find(request)
        request._motcua_site = known  # type: ignore[attr-defined]
    return known


def _find(request: HttpRequest) -> Site:
    everyone = queries.agencies(VISITOR)
    desks = tuple(agency for agency in everyone if agency.desk_name)
    wanted = request.COOKIES.get(cookie_name(COOKIE))
    desk = next((agency for agency in desks if agency.code == wanted), None)
    if desk is None and len(desks) == 1:
        desk = desks[0]
    top = desk or next(iter(sorted(everyone, key=_from_the_top)), None)
    return Site(top.name if top else "", desk.phone if desk else "", desk, desks, bool(top and top.demo))


def _from_the_top(agency: AgencyView) -> tuple[bool, bool]:
    """The province's committee first, then whatever stands below nobody (police, social insurance)."""
    return agency.kind != "province_committee", agency.parent_id is not None


def context(request: HttpRequest) -> dict[str, object]:
    """Context processor: `house`, read only when a template asks for it."""
    return {"house": _Lazy(request)}  # "site" is a name that allauth's pages fill with the host


class _Lazy:
    """Puts the reading off until a template names an attribute: office pages never pay for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __getattr__(self, name: str) -> object:
        return getattr(site(self._request), name)
