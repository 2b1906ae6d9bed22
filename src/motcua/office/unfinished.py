"""After signing in again: what was typed when the session ended, to be sent now or thrown away."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from motcua.agencies import unfinished
from motcua.agencies.access import staff_required
from motcua.office.shell import StaffRequest, page

# Fields that say nothing to a person: keys of the form itself.
_MACHINE: Final = frozenset({"command_id", "seen_seq", "once"})


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: StaffRequest) -> HttpResponse:
    """Shows what was typed with a press that sends it; by POST it is thrown away."""
    found = unfinished.kept(request)
    if request.method == "POST" or found is None:
        unfinished.forget(request)
        return redirect("office:home")
    shown = [(name, value) for name, value in found.fields if value.strip() and name not in _MACHINE]
    return page(request, "office/unfinished.html", {"found": found, "shown": shown})
