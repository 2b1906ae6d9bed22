"""Papers of a dossier: previewed, issued, and printed again exactly as they were issued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.agencies.access import Reader, staff_required
from motcua.agencies.limited import limited
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.queries import Detail, Happening
from motcua.office.downloads import pdf, unprintable
from motcua.office.shell import StaffRequest, page
from motcua.papers import commands, issued, queries, titles
from motcua.papers.kinds import COPIES, NEEDS, Kind
from motcua.papers.render import UnprintableTextError, engine, render, typeset

_WORDS: Final[Mapping[Kind, str]] = {
    Kind.RECEIPT: "tiep-nhan",
    Kind.SLIP: "kiem-soat",
    Kind.SUPPLEMENT: "bo-sung",
    Kind.REFUSAL: "tu-choi",
    Kind.APOLOGY: "xin-loi",
    Kind.STOP: "dung",
}
# The word in the address, and the paper's name.
TITLES: Final[Mapping[Kind, tuple[str, Promise | str]]] = {kind: (_WORDS[kind], titles.TITLES[kind]) for kind in Kind}
PATIENCE: Final = timedelta(seconds=1.5)  # how long a print waits for the number in the register
KINDS: Final = {slug: kind for kind, (slug, _title) in TITLES.items()}


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper that the reader may print: its word in the address, its name, and the last issue of it, if any.

    `anew`: another typesetter sets it now than when it was issued; it says the same, letters may stand otherwise.
    """

    slug: str
    title: Promise | str
    ordinal: int | None = None
    issued_at: datetime | None = None
    issued_by: str = ""
    anew: bool = False


def offered(
    reader: Reader, detail: Detail, story: Iterable[Happening], staff: Mapping[int, str], may: Mapping[str, bool]
) -> list[Offer]:
    """The papers that a dossier has come to, for its page: one statement."""
    kinds = [Kind(name) for name in queries.which(detail.state, story)]
    allowed = [kind for kind in kinds if may[NEEDS[kind].value]]
    last = {}
    for each in reversed(issued.of_dossier(reader, detail.row.id) if allowed else ()):
        last[each.kind] = each
    found = []
    for kind in allowed:
        line = last.get(kind)
        who = staff.get(line.staff_id or 0, "") if line else ""
        issue = (line.ordinal, line.issued_at, who, line.engine != engine()) if line else ()
        found.append(Offer(*TITLES[kind], *issue))
    return found


@staff_required
@require_safe
@limited("paper")
def draft(request: StaffRequest, dossier_id: UUID, paper: str) -> HttpResponse:
    """A paper as it would be issued now, marked as a preview."""
    kind = _kind(paper)
    try:
        made = queries.draft(request.reader, kind, dossier_id, tracking(request))
        content = render(made.form, copies=COPIES[kind], basis=made.known.basis, draft=True)
    except (NoSuchDossier, queries.NoSuchPaper) as error:
        raise Http404(paper) from error
    except UnprintableTextError as error:
        return unprintable(request, error)
    return pdf(content, f"{paper}-{dossier_id}")


@staff_required
@require_POST
@limited("paper")
def issue(request: StaffRequest, dossier_id: UUID, paper: str) -> HttpResponse:
    """Issues a paper and goes to it; where nothing on it has changed, to the one issued before."""
    kind = _kind(paper)
    try:
        found = commands.issue(request.reader, kind, dossier_id, tracking(request), patience=PATIENCE)
    except (NoSuchDossier, queries.NoSuchPaper) as error:
        raise Http404(paper) from error
    except UnprintableTextError as error:
        return unprintable(request, error)
    return redirect("office:paper_issued", dossier_id, paper, found.ordinal)


@staff_required
@require_safe
@limited("paper")
def again(request: StaffRequest, dossier_id: UUID, paper: str, ordinal: int) -> HttpResponse:
    """A paper exactly as it was issued; the opening is noted."""
    try:
        found = issued.one(request.reader, dossier_id, _kind(paper), ordinal)
    except NoSuchDossier as error:
        raise Http404(paper) from error
    except issued.NotIssued as error:
        return page(
            request, "office/trouble.html", {"title": _("Không in lại được"), "text": error.message}, status=404
        )
    return pdf(typeset(found.paper), f"{paper}-{dossier_id}-{ordinal}")


def tracking(request: StaffRequest) -> queries.TrackingUrl:
    """How papers name the tracking page of a token, as the world outside reaches it."""
    return lambda token: request.build_absolute_uri(reverse("portal:tracking", args=[token]))


def _kind(word: str) -> Kind:
    if word not in KINDS:
        raise Http404(word)
    return KINDS[word]
