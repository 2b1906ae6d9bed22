"""An officer's own account: where it is signed in, and the ways in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from motcua.agencies import sessions
from motcua.agencies.access import staff_required
from motcua.office.shell import StaffRequest, page


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_account(request: StaffRequest) -> HttpResponse:
    """The officer's sessions; by POST one of them (`end`), or all others, end."""
    here = request.session.session_key
    user = sessions.holder(request)
    if request.method != "POST":
        return page(request, "office/own_account.html", {"sessions": sessions.sessions_of(user, here)})
    key = request.POST.get("end", "")
    ended = sessions.end_session(user, key) if key else sessions.end_sessions(user, but=here)
    if ended:
        text = ngettext("Đã kết thúc %(count)s phiên.", "Đã kết thúc %(count)s phiên.", ended)
        messages.success(request, text % {"count": ended})
    else:
        messages.info(request, _("Không còn phiên nào khác."))
    return redirect("office:own_account")
