"""A leader applies a changed calendar to the open dossiers of the agency."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from motcua.agencies.access import Role, staff_required
from motcua.dossiers.recounting import recount_open
from motcua.office.shell import StaffRequest

_AT_ONCE = 500  # a press does so many; the rest is there for the next one


@staff_required(roles=frozenset({Role.LEADER}))
@require_POST
def recount(request: StaffRequest) -> HttpResponse:
    """Recounts what was counted by an older version of the calendar and says what moved."""
    done = recount_open(request.reader, limit=_AT_ONCE)
    moved = ngettext("%(count)s hồ sơ được dời ngày hẹn", "%(count)s hồ sơ được dời ngày hẹn", done.moved)
    kept = ngettext("%(count)s hồ sơ giữ nguyên", "%(count)s hồ sơ giữ nguyên", done.unchanged + len(done.refused))
    text = _("Đã tính lại theo lịch mới: %(moved)s, %(kept)s.")
    messages.success(
        request,
        text
        % {
            "moved": moved % {"count": done.moved},
            "kept": kept % {"count": done.unchanged + len(done.refused)},
        },
    )
    return redirect("office:overview")
