"""Watches each request from its first to its last step: gives it an id, times it, counts its statements, logs a line.

The line and the metrics name the route, never the address; who asked is the number of a post or nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from motcua.config import metrics
from motcua.config.logs import REQUEST

_LOG = logging.getLogger("motcua.access")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
HEADER: Final = "X-Request-ID"


class _Counter:
    """Counts the statements that pass through a connection."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.count += 1
        return execute(*arguments)


class WatchMiddleware:
    """The outermost middleware: whatever the others do is part of what it times."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began, counter = perf_counter(), _Counter()
        identifier = uuid4().hex
        mark = REQUEST.set({"request": identifier})
        request.watched_as = identifier  # type: ignore[attr-defined]  # for what Django says after the last step
        try:
            with connection.execute_wrapper(counter):
                response = self.get_response(request)
            response.headers[HEADER] = identifier
            if isinstance(response, StreamingHttpResponse) and not response.is_async:
                response.streaming_content = _watched(response.streaming_content, identifier)
            _tell(request, response.status_code, perf_counter() - began, counter.count)
        finally:
            REQUEST.reset(mark)
        return response


def _watched(pieces: Iterable[Any], identifier: str) -> Iterator[Any]:
    """The pieces of an answer that is sent while it is made; an error in between is told as any other is."""
    try:
        yield from pieces
    except Exception:
        _LOG.exception("an answer broke off", extra={"fields": {"request": identifier}})
        raise


def route(request: HttpRequest) -> str:
    """The pattern of the address, such as `/office/ho-so/<uuid:dossier_id>/`; words for what has none."""
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    return "(static)" if request.path.startswith(settings.STATIC_URL) else "(none)"


def _tell(request: HttpRequest, status: int, seconds: float, statements: int) -> None:
    named = route(request)
    method = request.method if request.method in _METHODS else "other"
    metrics.REQUESTS.labels(named, method, str(status)).observe(seconds)
    metrics.STATEMENTS.labels(named).observe(statements)
    reader = getattr(request, "reader", None)
    fields = {
        "route": named,
        "method": method,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "statements": statements,
        "staff": getattr(reader, "staff_id", None),
    }
    _LOG.info("request", extra={"fields": fields})
