"""What agencies received and finished, from the tallies that follow the log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from ninja import Router

from motcua.agencies import queries as agencies
from motcua.api.fields import Day, Told, answers
from motcua.api.gate import Bearer, Request
from motcua.api.problems import ProblemError
from motcua.dossiers import figures
from motcua.exchange.scopes import Scope

router = Router(auth=Bearer(Scope.FIGURES_READ), tags=["figures"])


class Figures(Told):
    """What an agency received and finished in a span of days."""

    agency: str
    received: int
    early: int
    on_time: int
    overdue: int
    unlimited: int
    withdrawn: int
    stopped: int
    refused: int


class Span(Told):
    """The figures of a span, and the position of the log up to which they count."""

    start: date
    end: date
    position: int
    recorded_at: datetime | None
    behind: int
    agencies: list[Figures]


@router.get("/figures", response=answers(Span))
def get_figures(request: Request, start: Day, end: Day) -> dict[str, Any]:
    """The figures of each agency that the post may follow, from `start` to `end` inclusive."""
    if end < start:
        detail = _("Ngày cuối phải không trước ngày đầu.")
        raise ProblemError("invalid", detail, errors=[{"in": "query", "name": "end", "detail": detail}])
    reader = request.auth.reader
    found = figures.tallies(reader, start, end)
    codes = agencies.agency_codes(reader, {each.agency_id for each in found})
    known = figures.as_of()
    return {
        "start": start,
        "end": end,
        "position": known.position,
        "recorded_at": known.recorded_at,
        "behind": known.behind,
        "agencies": [
            {
                "agency": codes[each.agency_id],
                "early": each.finished.early,
                "on_time": each.finished.on_time,
                "overdue": each.finished.overdue,
                **{name: getattr(each, name) for name in ("received", "unlimited", "withdrawn", "stopped", "refused")},
            }
            for each in found
            if each.agency_id in codes
        ],
    }
