"""What a person reads while the database is away or the disk is full: nothing was recorded, nothing typed is lost."""

import errno
import sys
from collections.abc import Iterator
from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

RETRY_SECONDS = 30
_DISK_FULL = "53100"  # SQLSTATE
# Classes of SQLSTATE for what passes: connection, resources, the operator's hand, the system below.
_PASSING = ("08", "53", "57P", "58")
_NEVER_SHOWN = ("/accounts/",)  # a password is typed again


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for what no view has caught: 503 with what was typed where it will pass, else Django's own 500."""
    error = sys.exc_info()[1]
    if is_full(error):
        return _unavailable(request, _("Máy chủ đã hết chỗ ghi. Người quản trị cần giải phóng ổ đĩa."))
    if is_away(error):
        return _unavailable(request, _("Máy chủ tạm thời không tới được cơ sở dữ liệu. Thường chỉ mất một phút."))
    return defaults.server_error(request)


def is_full(error: BaseException | None) -> bool:
    """Whether a full disk is behind an error: the database's, or the one that uploads are written to."""
    return any(_state(each) == _DISK_FULL or getattr(each, "errno", None) == errno.ENOSPC for each in _chain(error))


def is_away(error: BaseException | None) -> bool:
    """Whether the database is behind an error that will pass: not there, starting, stopping, or out of resources."""
    return any(
        isinstance(each, InterfaceError)
        or (isinstance(each, OperationalError) and _state(each) is None)
        or (isinstance(each, Error) and (_state(each) or "").startswith(_PASSING))
        for each in _chain(error)
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those that it came from; while one was being handled another may have been raised."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _state(error: BaseException) -> str | None:
    """The SQLSTATE of Django's or the driver's error, None where the server said none."""
    found = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    return str(found) if found else None


def _unavailable(request: HttpRequest, reason: str) -> HttpResponse:
    typed, files = _typed(request)
    context = {
        "reason": reason, "typed": typed, "files": files, "posted": request.method == "POST",
        "address": request.get_full_path(), "multipart": request.content_type == "multipart/form-data",
    }  # fmt: skip
    page = render_to_string("503.html", context).encode()
    # With its length: where a middleware was refused by the database, those that would add it are passed already.
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store", "Content-Length": str(len(page))}
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)


def _typed(request: HttpRequest) -> tuple[list[tuple[str, str]], bool]:
    """What a form sent, to be sent once more, with the command id that makes a second recording harmless.

    Empty where files came along, which a page cannot hold: the browser still has the filled form one step back.
    """
    if request.method != "POST" or request.path.startswith(_NEVER_SHOWN):
        return [], False
    try:
        values = [(name, value) for name, found in request.POST.lists() for value in found]
        files = bool(request.FILES)  # a field without a chosen file is not among them
    except (OSError, SuspiciousOperation, MultiPartParserError):
        return [], False  # what was sent did not arrive whole
    return ([], True) if files else (values, False)
