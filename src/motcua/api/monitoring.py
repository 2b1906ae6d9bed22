"""For programs that watch the installation: is it alive, is it ready, and Prometheus' metrics."""

from __future__ import annotations

import hmac
import shutil
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from motcua.agencies.policies import public
from motcua.config import metrics
from motcua.dossiers import pulse

_PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


@public
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing else, so that a database that is away restarts no web server."""
    return _answer({"status": "live"})


@public
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether work can be done: 200, or 503; which part is not in order is told only to who may look at metrics."""
    wrong = [name for name, fault in _CHECKS.items() if _faulty(fault)]
    body: dict[str, object] = {"status": "not ready" if wrong else "ready"}
    if may_look(request):
        body["not_in_order"] = wrong
    return _answer(body, 503 if wrong else 200)


@public
@require_safe
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Requests by route, the log, followers, duties and what other rooms register, for Prometheus."""
    if not may_look(request):
        return HttpResponse("Loopback or the token of MOTCUA_MONITOR_TOKEN only.\n", "text/plain", status=403)
    try:
        content = metrics.exposition()
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", "text/plain", status=503)
    return HttpResponse(content, headers={"Content-Type": metrics.CONTENT_TYPE, "Cache-Control": "no-store"})


def may_look(request: HttpRequest) -> bool:
    """Whether the request comes from this machine without a proxy between, or bears the monitor's token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.MOTCUA_MONITOR_TOKEN
    if wanted and hmac.compare_digest(given.encode(), wanted.encode()):
        return True
    if any(name in request.META for name in _PASSED_ON):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _answer(body: Mapping[str, object], status: int = 200) -> HttpResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})


def _faulty(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except DatabaseError:
        return True


def _no_database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() is None


@cache
def _known_migrations() -> Iterable[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _behind() -> bool:
    """Whether a migration of this release has not been applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return not frozenset(_known_migrations()) <= set(cursor.fetchall())


def _no_worker() -> bool:
    return bool(pulse.silent())


def _no_room() -> bool:
    least: int = settings.MOTCUA_DISK_LEAST_BYTES
    return shutil.disk_usage(settings.HOME).free < least


_CHECKS: Mapping[str, Callable[[], bool]] = {
    "database": _no_database,
    "migrations": _behind,
    "worker": _no_worker,
    "disk": _no_room,
}
