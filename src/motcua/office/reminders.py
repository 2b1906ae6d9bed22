"""What the officer is reminded of: what falls due, what the leaders must know, and messages that nobody took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from motcua.agencies.access import staff_required
from motcua.notices import commands, queries
from motcua.notices.queries import ReminderView
from motcua.office.fields import whole_number
from motcua.office.shell import REMINDER_ROLES, StaffRequest, page

_PLACE: Final = "office:reminders"
_TONES: Final[Mapping[str, str]] = {"leader": "late", "undelivered": "late", "drafts": "soon", "defects": "soon"}
_WORDS: Final[Mapping[str, Promise]] = {
    "dossier": _l("Hồ sơ sắp đến hạn"),
    "step": _l("Bước đang làm sắp hết giờ"),
    "leader": _l("Hồ sơ sắp trễ"),
    "undelivered": _l("Tin báo người nộp bị từ chối: hãy kiểm tra số điện thoại, thư điện tử hoặc gọi điện"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A reminder as the page shows it."""

    view: ReminderView
    words: str
    url: str
    tone: str


@staff_required(roles=REMINDER_ROLES)
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """The reader's own, the latest first; keyset pages."""
    before = whole_number(request.GET.get("truoc", "")) if request.GET.get("truoc") else None
    found = queries.reminders(request.reader, before=before)
    more = found[-1].id if len(found) == queries.PAGE else None
    context = {
        "lines": [_line(each) for each in found],
        "more": more,
        "asked_before": before,
        "unseen": any(not each.seen for each in found),
    }
    return page(request, "office/reminders.html", context, place=_PLACE, unseen=queries.unseen(request.reader))


@staff_required(roles=REMINDER_ROLES)
@require_POST
def seen(request: StaffRequest) -> HttpResponse:
    """Notes that the reader has seen all of theirs."""
    commands.see(request.reader)
    return redirect(_PLACE)


def _line(view: ReminderView) -> Line:
    url = reverse("office:dossier", args=[view.dossier_id]) if view.dossier_id and view.code else ""
    if view.kind == "drafts":
        words = ngettext(
            "%(n)s hồ sơ cần xin lỗi, hẹn lại trước hạn", "%(n)s hồ sơ cần xin lỗi, hẹn lại trước hạn", view.number
        )
        return Line(view, words % {"n": view.number}, reverse("office:apologies"), "soon")
    if view.kind == "defects":
        words = ngettext("%(n)s sai sót cần sửa", "%(n)s sai sót cần sửa", view.number)
        return Line(view, words % {"n": view.number}, reverse("office:defects"), "soon")
    overdue = view.kind == "leader" and view.hours == 0
    said = _("Hồ sơ đã quá hạn") if overdue else str(_WORDS[view.kind])
    return Line(view, said, url, _TONES.get(view.kind, "soon"))
