"""The inbox: what the reader has to do, due next first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader, Role, staff_required
from motcua.agencies.queries import NoCalendar
from motcua.dossiers import queries as dossiers
from motcua.dossiers.buckets import Bucket
from motcua.dossiers.queries import Filters, Row
from motcua.law.worktime import WorkCalendar
from motcua.office import clock
from motcua.office.clock import Left
from motcua.office.fields import end_of
from motcua.office.shell import StaffRequest, page
from motcua.persons import queries as persons
from motcua.persons.queries import Sight
from motcua.procedures import queries as catalogue
from motcua.procedures.queries import ProcedureRow

# The word in the address, the words on the tab, what stands in it, and what it says when it is empty.
TABS: tuple[tuple[str, Promise | str, Bucket, Promise | str], ...] = (
    ("dang-xu-ly", _("Cần xử lý"), Bucket.WORK, _("Hồ sơ đến lượt bạn sẽ hiện ở đây, hạn gần nhất đứng đầu.")),
    ("cho-bo-sung", _("Chờ người nộp"), Bucket.WAITING, _("Hồ sơ chờ người dân bổ sung hoặc nộp tiền hiện ở đây.")),
    ("cho-tra", _("Chờ trả kết quả"), Bucket.READY, _("Hồ sơ đã có kết quả, chờ người dân đến nhận, hiện ở đây.")),
)
SIMILAR = 6
# Who has no dossiers to work on begins elsewhere.
_HOMES = {
    Role.REFORM_OFFICER: "office:overview",
    Role.INSPECTOR: "office:access_log",
    Role.ADMINISTRATOR: "office:accounts",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list, ready to show. An empty name is one that the reader may not see."""

    id: UUID
    code: str
    procedure: str
    name: str
    left: Left
    step: int
    steps: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    tab: str
    mine: bool
    due: str
    words: str
    after: str

    @property
    def is_narrow(self) -> bool:
        """Whether any filter is on."""
        return bool(self.mine or self.due or self.words)


@staff_required
@require_safe
def inbox(request: StaffRequest) -> HttpResponse:
    """The reader's work by tab, narrowed by filters, page by page."""
    reader, now = request.reader, timezone.now()
    elsewhere = next((place for role, place in _HOMES.items() if reader.roles == {role}), None)
    if elsewhere is not None:
        return redirect(elsewhere)
    asked = _asked(request)
    found = _procedures(reader, asked.words)
    filters, shown = _filters(asked, now, found), dossiers.Page((), None)
    if not (asked.words and not found):
        try:
            shown = dossiers.inbox(reader, filters, after=asked.after)
        except ValueError:  # a mark that a person has changed
            return redirect("office:home")
    context: dict[str, Any] = {
        "asked": asked,
        "tabs": TABS,
        "lines": lines(reader, shown.rows, now),
        "after": shown.after,
        "chosen": found[0] if found else None,
        "similar": found[1:],
        "counts": dossiers.counts(reader, now, end_of(timezone.localdate())),
        "empty_text": next(text for word, _label, _bucket, text in TABS if word == asked.tab),
    }
    return page(request, "office/inbox.html", context, place="office:home")


def _asked(request: StaffRequest) -> Asked:
    values = request.GET
    tab = values.get("muc", "")
    due = values.get("han", "")
    return Asked(
        tab if tab in {word for word, *_rest in TABS} else TABS[0][0],
        values.get("cuatoi") == "1",
        due if due in ("qua-han", "hom-nay") else "",
        values.get("thutuc", "").strip()[:200],
        values.get("after", ""),
    )


def _procedures(reader: Reader, text: str) -> tuple[ProcedureRow, ...]:
    return catalogue.search(reader, text, limit=SIMILAR) if text else ()


def _filters(asked: Asked, now: datetime, found: tuple[ProcedureRow, ...]) -> Filters:
    bucket = next(bucket for word, _label, bucket, _text in TABS if word == asked.tab)
    filters = Filters(bucket=bucket, mine_only=asked.mine, procedure=found[0].code if found else "")
    if asked.due == "qua-han":
        return replace(filters, due_before=now)
    if asked.due == "hom-nay":
        return replace(filters, due_from=now, due_before=end_of(timezone.localtime(now).date()))
    return filters


def calendar_of(reader: Reader) -> WorkCalendar | None:
    """The calendar that lists of this reader count by: the own agency's; one statement."""
    try:
        return agencies.calendar_for(reader.agency_id or 0)[0]
    except NoCalendar:
        return None


def lines(reader: Reader, rows: tuple[Row, ...], now: datetime) -> list[Line]:
    """Rows with names, procedures and time left: three statements however many rows."""
    if not rows:
        return []
    sights = [Sight(row.owner_id, row.receiving_agency_id, row.competent_agency_id) for row in rows]
    names = persons.names_for(reader, sights)
    procedures = catalogue.names(reader, {row.procedure_version_id for row in rows})
    calendar = calendar_of(reader)
    return [_line(reader, row, names, procedures, calendar, now) for row in rows]


def _line(
    reader: Reader,
    row: Row,
    names: dict[UUID, str],
    procedures: dict[int, str],
    calendar: WorkCalendar | None,
    now: datetime,
) -> Line:
    left = clock.row_left(
        calendar,
        now,
        status=row.status,
        due=row.due_at,
        paused_at=row.paused_at,
        ready_at=row.ready_at,
        timeliness=row.timeliness,
        answer_due=row.answer_due_at,
    )
    steps = row.steps_done + row.steps_ahead
    return Line(
        row.id,
        row.code,
        procedures.get(row.procedure_version_id, row.procedure_code),
        names.get(row.owner_id, ""),
        left,
        min(row.steps_done + 1, steps),
        steps,
        row.holder_staff is not None and row.holder_staff == reader.staff_id,
    )
