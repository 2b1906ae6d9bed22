"""What every answer under /api/ has in common: the language of Accept-Language, no cache, no cookie, and problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from motcua.api import problems

PREFIX: Final = "/api/"
# What answers in this way before any of our code is asked: said again as a problem.
_PLAIN: Final = {
    400: "unreadable", 403: "not_permitted", 404: "not_found", 405: "method_not_allowed", 413: "too_large",
    500: "broken", 503: "unavailable", 507: "unavailable",
}  # fmt: skip


class Door:
    """The middleware for /api/; every other address passes untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        language = preferred(request)
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = language  # the pages' middleware knows the cookie only
        response: HttpResponseBase = self.get_response(request)
        with translation.override(language):
            response = _as_problem(response)
        for name, value in getattr(request, "rate", {}).items():
            response.headers[name] = value
        response.headers["Content-Language"] = language
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.pop("Vary", None)
        patch_vary_headers(response, ["Accept-Language", "Authorization"])
        response.cookies.clear()
        return response


def preferred(request: HttpRequest) -> str:
    """The language that the caller ranks highest among ours; Vietnamese for who says nothing we know."""
    known = dict(settings.LANGUAGES)
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if wanted.split("-")[0] in known:
            return wanted.split("-")[0]
    return settings.LANGUAGE_CODE


def _as_problem(response: HttpResponseBase) -> HttpResponseBase:
    code = _PLAIN.get(response.status_code)
    kind = response.headers.get("Content-Type", "")
    if code is None or "json" in kind:
        return response
    allowed = {"Allow": response.headers["Allow"]} if "Allow" in response.headers else {}
    return problems.answer(code, headers=allowed)
