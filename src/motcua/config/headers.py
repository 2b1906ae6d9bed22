"""What every answer tells the browser to keep from others, beside Django's own headers and the content policy."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

_ALWAYS: Final = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_SIGNED_OUT: Final = '"cache", "storage"'


def cookie_name(name: str) -> str:
    """The name of a cookie of ours: behind TLS with the prefix that keeps other hosts from setting it."""
    return f"__Secure-{name}" if settings.SESSION_COOKIE_SECURE else name


class HeadersMiddleware:
    """Sets the headers that Django has no setting for; what a page says itself goes before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        if _is_signed_in(request):
            response.headers.setdefault("Cache-Control", "no-store")
        match = request.resolver_match
        if match is not None and match.view_name == "account_logout" and request.method == "POST":
            response.headers["Clear-Site-Data"] = _SIGNED_OUT
        return response


def _is_signed_in(request: HttpRequest) -> bool:
    """Whether the answer was made for somebody; asks nothing that the page has not asked."""
    session = getattr(request, "session", None)
    try:
        return session is not None and session.accessed and SESSION_KEY in session
    except DatabaseError:  # it could not be read, so nobody knows
        return True
