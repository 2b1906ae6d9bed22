"""The nine indicators of settlement: of an agency, of its officers, of the reader, and the dossiers behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from motcua.agencies import queries as agencies
from motcua.agencies.access import Act, NotPermitted, Reader, Role, staff_required
from motcua.agencies.queries import AgencyView
from motcua.law.settlement import INDICATORS, OF_STAFF, Indicator
from motcua.law.vietnamese import sort_key
from motcua.office.fields import whole_number
from motcua.office.report_asked import Wanted, links, wanted_of
from motcua.office.shell import StaffRequest, page
from motcua.procedures import queries as catalogue
from motcua.reports import paper, scores
from motcua.reports.scores import DossierPoints, Scores
from motcua.reports.wording import CLASSES, SOURCES, Words
from motcua.reports.wording import INDICATORS as NAMES

_PLACE = "office:indicators"
_FOLLOWERS = frozenset({Role.LEADER, Role.REFORM_OFFICER, Role.INSPECTOR})
_OF_DOSSIERS = (1, 2, 3, 4, 7)


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator of the agency: its words, where it comes from, its score and on how many it rests."""

    indicator: Indicator
    words: Words
    source: Words
    score: Decimal | None
    of: int


@dataclass(frozen=True, slots=True)
class Holder:
    """An officer or an agency with scores: a line of a table; `url` opens what is behind it."""

    name: str
    found: Scores
    scores: tuple[tuple[int, Words, Decimal | None], ...]
    named: Words
    url: str


@staff_required
@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """An agency's indicators and its officers', as far as the reader follows either; others see their own."""
    reader = request.reader
    if reader.all_roles.isdisjoint(_FOLLOWERS):
        return redirect("office:own_indicators")
    listed = _choosable(reader)
    form, wanted = wanted_of(request, listed, below=False)
    context = {"form": form, "links": links(wanted), "wanted": wanted, "rounds": OF_STAFF, "names": NAMES}
    if wanted is not None:
        context |= _agency(reader, wanted, listed) | _officers(reader, wanted)
        context["period"] = paper.period_words(wanted.period)
    return page(request, "office/indicators.html", context, place=_PLACE)


def _choosable(reader: Reader) -> tuple[AgencyView, ...]:
    """The agencies of which the reader follows the figures or the officers."""
    within = _reach(reader, Act.SEE) | _reach(reader, Act.SEE_OFFICERS)
    return tuple(each for each in agencies.agencies_for(reader) if each.id in within)


def _reach(reader: Reader, act: Act) -> frozenset[int]:
    scope = reader.scope(act)
    return scope.receiving | scope.competent


def _agency(reader: Reader, wanted: Wanted, listed: tuple[AgencyView, ...]) -> dict[str, object]:
    """The nine of the agency, and the totals of those below it when they are asked for."""
    if wanted.agency.id not in _reach(reader, Act.SEE):
        return {}
    followed = wanted.asked.agency_ids & _reach(reader, Act.SEE)
    found = scores.of_agencies(reader, followed, wanted.period, wanted.asked.now)
    own = found[wanted.agency.id]
    others = [each for each in listed if each.id in found] if wanted.below else []
    return {
        "own": own,
        "own_class": CLASSES[own.sum.named] if own.sum.named else "",
        "lines": [
            Line(each, NAMES[each.number], SOURCES[each.source], own.score(each.number), own.by[each.number].of)
            for each in INDICATORS
        ],
        "missing": ", ".join(str(each.number) for each in INDICATORS if own.score(each.number) is None),
        "dossiers_url": _behind(wanted.query),
        "agencies": [
            _holder(each.name, found[each.id], f"{reverse(_PLACE)}?{_of(wanted, each.id)}") for each in others
        ],
    }


def _officers(reader: Reader, wanted: Wanted) -> dict[str, object]:
    """The five of each officer, by name, for who may follow them; whom a list of dossiers is open to gets a link."""
    if not scores.may_see_officers(reader, wanted.agency.id):
        return {"officers_shown": False}
    found = scores.officers(reader, wanted.agency.id, wanted.period)
    names = agencies.staff_names(reader, found) if found else {}
    opens = wanted.agency.id in _reach(reader, Act.SEE)
    rows = [
        _holder(names.get(staff, ""), each, _behind(_of(wanted, wanted.agency.id), staff) if opens else "")
        for staff, each in found.items()
    ]
    return {"officers_shown": True, "officers": sorted(rows, key=lambda row: sort_key(row.name))}


def _holder(name: str, found: Scores, url: str) -> Holder:
    listed = tuple((number, NAMES[number], found.score(number)) for number in found.by)
    return Holder(name, found, listed, CLASSES[found.sum.named] if found.sum.named else "", url)


def _of(wanted: Wanted, agency_id: int) -> str:
    days = {"tu": f"{wanted.period.start:%d/%m/%Y}", "den": f"{wanted.period.end:%d/%m/%Y}"}
    return urlencode({"co_quan": agency_id} | days)


def _behind(query: str, staff: int | None = None) -> str:
    of = f"&{urlencode({'can_bo': staff})}" if staff is not None else ""
    return f"{reverse('office:indicator_dossiers')}?{query}{of}"


@staff_required
@require_safe
def own(request: StaffRequest) -> HttpResponse:
    """The reader's own five indicators."""
    reader = request.reader
    form, wanted = wanted_of(request, _home(reader), below=False)
    context: dict[str, object] = {"form": form, "links": links(wanted), "wanted": wanted}
    if wanted is not None:
        found = scores.own(reader, wanted.period)
        url = _behind(wanted.query, reader.staff_id)
        context |= {
            "period": paper.period_words(wanted.period),
            "holder": _holder(reader.name, found, url) if found else None,
        }
    return page(request, "office/own_indicators.html", context, place=_PLACE)


def _home(reader: Reader) -> tuple[AgencyView, ...]:
    return (agencies.agency(reader, reader.agency_id),) if reader.agency_id is not None else ()


@staff_required
@require_safe
def dossiers(request: StaffRequest) -> HttpResponse:
    """The dossiers that an agency's or an officer's indicators rest on, with the points of each; keyset pages."""
    reader = request.reader
    staff = whole_number(request.GET["can_bo"]) if "can_bo" in request.GET else None
    mine = staff is not None and staff == reader.staff_id
    _form, wanted = wanted_of(request, _home(reader) if mine else _choosable(reader), below=False)
    after = request.GET.get("after", "")
    if wanted is None or (staff is None and "can_bo" in request.GET):
        raise Http404
    try:
        found, following = scores.behind(reader, wanted.agency.id, staff, wanted.period, after=after)
    except (ValueError, NotPermitted) as error:  # a mark that nobody gave out, or somebody else's figures
        raise Http404 from error
    versions = {each.procedure_version_id for each in found if each.procedure_version_id is not None}
    names = catalogue.names(reader, versions) if versions else {}
    context = {
        "wanted": wanted,
        "rows": [(each, names.get(each.procedure_version_id or 0, ""), _points(each)) for each in found],
        "heads": [(number, NAMES[number]) for number in _OF_DOSSIERS],
        "officer": agencies.staff_names(reader, [staff]).get(staff, "") if staff is not None else "",
        "period": paper.period_words(wanted.period),
        "back": reverse("office:own_indicators") if mine else f"{reverse(_PLACE)}?{wanted.query}",
        "after": following,
        "asked_after": after,
    }
    return page(request, "office/indicator_dossiers.html", context, place=_PLACE)


def _points(of: DossierPoints) -> list[tuple[int, Words, int | None]]:
    found: Mapping[int, int | None] = of.points
    return [(number, NAMES[number], found[number]) for number in _OF_DOSSIERS]
