"""The integrity page: each class of defects with its list and whose it is, as last night's search found them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from motcua.agencies import queries as agencies
from motcua.agencies.access import staff_required
from motcua.dossiers import defects
from motcua.dossiers.defects import DefectView, Kind
from motcua.dossiers.duties import done
from motcua.dossiers.wording import DEFECTS
from motcua.office.fields import whole_number
from motcua.office.shell import DEFECT_ROLES, StaffRequest, page

_PLACE = "office:defects"


@dataclass(frozen=True, slots=True)
class Group:
    """A class of defects: what it is, how it is put right, how many there are, and at which agencies."""

    kind: Kind
    words: Promise | str
    remedy: Promise | str
    number: int
    agencies: tuple[tuple[int, str, int], ...]


@staff_required(roles=DEFECT_ROLES)
@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """How many there are of each class, for the reader's agency and those below: three statements."""
    found = defects.counted(request.reader)
    names = agencies.agency_names(request.reader, {each.agency_id for each in found}) if found else {}
    groups = []
    for kind in Kind:
        of_kind = [each for each in found if each.kind is kind]
        listed = tuple((each.agency_id, names.get(each.agency_id, ""), each.number) for each in of_kind)
        groups.append(Group(kind, *DEFECTS[kind], sum(each.number for each in of_kind), listed))
    searched = next((each.succeeded_at for each in done() if each.name == "defects"), None)
    context = {"groups": groups, "total": sum(group.number for group in groups), "searched": searched}
    return page(request, "office/defects.html", context, place=_PLACE)


@staff_required(roles=DEFECT_ROLES)
@require_safe
def of_kind(request: StaffRequest, kind: str) -> HttpResponse:
    """The defects of a class, the oldest first, of one agency if it is named; keyset pages."""
    if kind not in DEFECTS:
        raise Http404(kind)
    agency_id = whole_number(request.GET.get("co_quan", "")) if request.GET.get("co_quan") else None
    after = request.GET.get("after", "")
    try:
        found, following = defects.listed(request.reader, Kind(kind), agency_id=agency_id, after=after)
    except ValueError as error:  # a mark that nobody gave out
        raise Http404(kind) from error
    names = agencies.agency_names(request.reader, {each.agency_id for each in found}) if found else {}
    rows: list[tuple[DefectView, str]] = [(each, names.get(each.agency_id, "")) for each in found]
    words, remedy = DEFECTS[kind]
    context = {"words": words, "remedy": remedy, "rows": rows, "after": following, "asked_after": after}
    return page(request, "office/defects_of_kind.html", context, place=_PLACE)
