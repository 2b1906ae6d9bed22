"""How pages keep to the rate limits: who is counted, and the answer when it was too often."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from motcua.agencies.limits import take_named

View = Callable[..., HttpResponseBase]


def limited(name: str) -> Callable[[View], View]:
    """Makes a view answer as often as `limits.RATES` allows under this name, then 429; below `staff_required`."""

    def decorate(inner: View) -> View:
        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return too_often(request, name) or inner(request, *args, **kwargs)

        return guarded

    return decorate


def too_often(request: HttpRequest, name: str) -> HttpResponse | None:
    """Counts this request; the page that says how long to wait, or None when it is allowed. One statement."""
    taken = take_named(name, who(request))
    if taken.allowed:
        return None
    response = render(request, "429.html", {"minutes": -(-taken.retry_after // 60)}, status=429)
    response.headers["Retry-After"] = str(taken.retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response


def who(request: HttpRequest) -> str:
    """Who is counted: the member of staff whom `staff_required` let through, else the visitor's address.

    Of an IPv6 address the network of one connection (64 bits) is meant: its holder can choose the rest freely. Visitors
    whose address is not told, or in a way that cannot be read, count as one.
    """
    reader = getattr(request, "reader", None)
    if reader is not None and reader.staff_id is not None:
        return f"staff:{reader.staff_id}"
    try:
        address = ip_address(client_address(request))
    except (PermissionDenied, ImproperlyConfigured):  # what allauth raises where there is none
        return "address:unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"address:{ip_network((address, 64), strict=False)}"
    return f"address:{getattr(address, 'ipv4_mapped', None) or address}"


def client_address(request: HttpRequest) -> str:
    """The visitor's address: the connection's, or what the last MOTCUA_PROXIES proxies say about it."""
    from allauth.account.adapter import get_adapter  # the same answer as sign-in counts by

    return str(get_adapter().get_client_ip(request))
