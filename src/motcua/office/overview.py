"""The leader's overview: what each agency received and finished, and how much of it in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.agencies import queries as agencies
from motcua.agencies.access import Role, staff_required
from motcua.dossiers import figures, recounting
from motcua.dossiers.figures import AgencyFigures
from motcua.law.timeliness import Tally
from motcua.law.vietnamese import sort_key
from motcua.office.register import span_of
from motcua.office.shell import OVERVIEW_ROLES, StaffRequest, page
from motcua.ui import formats

_SPAN = timedelta(days=90)
_WIDTH = 100.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a bar: its tone, where it begins and how long it is, in hundredths of the widest bar."""

    tone: str
    start: str
    length: str
    count: int
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """An agency's figures, ready to show; `share` is in percent, None when nothing was finished."""

    name: str
    figures: AgencyFigures
    share: float | None
    bars: tuple[Bar, ...]


@staff_required(roles=OVERVIEW_ROLES)
@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """Figures of a span of days for the reader's agency and those below, with the position they stand at."""
    reader = request.reader
    form, span = span_of(request, _SPAN)
    found = figures.tallies(reader, span.start, span.end) if span else ()
    names = agencies.agency_names(reader, {each.agency_id for each in found}) if found else {}
    widest = max((each.finished.total for each in found), default=0)
    rows = sorted(
        (_row(names.get(each.agency_id, ""), each, widest) for each in found), key=lambda row: sort_key(row.name)
    )
    total = Tally(*(sum(getattr(each.finished, name) for each in found) for name in ("early", "on_time", "overdue")))
    context = {
        "form": form,
        "span": span,
        "rows": rows,
        "total": total,
        "received": sum(each.received for each in found),
        "headline": headline(total),
        "share": _percent(total),
        "as_of": figures.as_of(),
        "recountable": recounting.waiting(reader) if Role.LEADER in reader.roles else 0,
    }
    return page(request, "office/overview.html", context, place="office:overview")


def headline(total: Tally) -> str:
    """What the figures say, in one sentence: the title of the chart."""
    share = _percent(total)
    if share is None:
        return _("Chưa có hồ sơ nào được giải quyết trong thời gian này")
    if total.overdue == 0:
        return _("Mọi hồ sơ đã giải quyết đều đúng hạn hoặc trước hạn")
    return _("%(share)s hồ sơ đã giải quyết là đúng hạn hoặc trước hạn") % {"share": formats.percent(share)}


def _percent(tally: Tally) -> float | None:
    return None if tally.share_in_time is None else 100 * tally.share_in_time


def _row(name: str, found: AgencyFigures, widest: int) -> Row:
    parts = (
        ("early", found.finished.early, _("trước hạn")),
        ("on-time", found.finished.on_time, _("đúng hạn")),
        ("late", found.finished.overdue, _("quá hạn")),
    )
    bars, start = [], 0.0
    for tone, count, said in parts:
        length = _WIDTH * count / widest if widest else 0.0
        if count:
            bars.append(Bar(tone, f"{start:.2f}", f"{length:.2f}", count, said))
        start += length
    return Row(name, found, _percent(found.finished), tuple(bars))
