"""What was sent when the session had just ended: kept until its owner has signed in again, then offered to be sent.

It lies in the browser's next session, sealed as every session is, and is given back only to the account whose session
ended: at a shared desk the next officer never sees what another had typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from motcua.agencies.models import Session
from motcua.agencies.session_store import row_key

_KEY: Final = "_unfinished"
_LONGEST: Final = 200_000  # signs of all fields together: a desk's longest form has a tenth of it
_TOKEN: Final = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A form that was sent too late: where it goes, its fields, and the names of the file fields to be chosen again."""

    address: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    files: tuple[str, ...] = ()


def keep(request: HttpRequest) -> bool:
    """Keep what a request without a session has sent, if somebody's session has just ended; whether it was kept."""
    if request.method != "POST":
        return False
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    owner = Session.objects.filter(pk=row_key(cookie)).values_list("user_id", flat=True).first() if cookie else None
    if owner is None:
        return False
    try:
        sent = [(name, value) for name, found in request.POST.lists() for value in found if name != _TOKEN]
        files = sorted(request.FILES)
    except (OSError, SuspiciousOperation, MultiPartParserError):
        return False  # what was sent did not arrive whole
    if sum(len(name) + len(value) for name, value in sent) > _LONGEST:
        return False
    request.session[_KEY] = {"owner": owner, "address": request.get_full_path(), "fields": sent, "files": files}
    return True


def kept(request: HttpRequest) -> Unfinished | None:
    """What the reader had sent when their session ended; None for anybody else."""
    found: Mapping[str, Any] | None = request.session.get(_KEY)
    if found is None or found["owner"] != request.user.pk:
        return None
    fields = tuple((str(name), str(value)) for name, value in found["fields"])
    return Unfinished(found["address"], fields, tuple(found["files"]))


def sent(request: HttpRequest) -> None:
    """Forget what was kept once its address has been sent something by a signed-in person."""
    found = request.session.get(_KEY) if request.method == "POST" else None
    if found is not None and found["address"] == request.get_full_path():
        forget(request)


def forget(request: HttpRequest) -> None:
    """Nothing is kept any more."""
    request.session.pop(_KEY, None)
