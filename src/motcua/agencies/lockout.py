"""Slows down who guesses at sign-in without shutting out the person whose account is attacked.

Every try spends an allowance (`limits`), before anything is looked up, so that nothing tells whether an account exists:

- from a browser that this account has signed in from before: an allowance of its own, which nobody else can spend;
- from any other: one for the account from this network, one for the network, and one for the account from everywhere.

A passkey or the authorities' provider needs no guessing and asks none of these.
"""

from __future__ import annotations

import secrets
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from motcua.agencies.limits import Rate, take
from motcua.config.headers import cookie_name

COOKIE: Final = "device"
KNOWN_DEVICE: Final = Rate(10, 900)  # one officer who has forgotten which password it is
NAME_IN_NETWORK: Final = Rate(5, 300)
NETWORK: Final = Rate(60, 300)  # an office behind one address on a Monday morning
NAME_EVERYWHERE: Final = Rate(60, 3600)  # NIST SP 800-63B wants 100 failures at most; here one a minute in the long run
_SALT: Final = "motcua.agencies.device"
_AGE: Final = 180 * 24 * 3600
_MOST_NAMES: Final = 20  # officers who share a counter's computer


def seconds_to_wait(request: HttpRequest, name: str, what: str = "password") -> int:
    """Spends one try for the sign-in name; 0 when it may be made, else in how many seconds one may be.

    `what` is guessed at: each kind of secret has allowances of its own.
    """
    who = name.strip().casefold()
    if device := _device_of(request, who):
        return _wait(f"{what}-device:{device}:{who}", KNOWN_DEVICE)
    net = network(get_adapter().get_client_ip(request))
    asked = (
        (f"{what}-name-network:{net}:{who}", NAME_IN_NETWORK),
        (f"{what}-network:{net}", NETWORK),
        (f"{what}-name:{who}", NAME_EVERYWHERE),
    )
    return next((wait for key, rate in asked if (wait := _wait(key, rate))), 0)


def words(seconds: int) -> str:
    """What somebody who must wait is told; the same for every name, known or not."""
    minutes = ceil(seconds / 60)
    return ngettext(
        "Đã thử quá nhiều lần. Hãy đợi %(minutes)s phút rồi thử lại. Khóa truy cập vẫn dùng được ngay.",
        "Đã thử quá nhiều lần. Hãy đợi %(minutes)s phút rồi thử lại. Khóa truy cập vẫn dùng được ngay.",
        minutes,
    ) % {"minutes": minutes}


def remember_device(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Lets the browser prove later that this account has signed in from it; it opens nothing by itself."""
    known = _read(request)
    mark = _mark(name.strip().casefold())
    names = [mark, *(other for other in known.get("names", []) if other != mark)][:_MOST_NAMES]
    value = signing.dumps({"id": known.get("id") or secrets.token_hex(16), "names": names}, salt=_SALT)
    response.set_cookie(
        cookie_name(COOKIE), value, max_age=_AGE, path="/accounts/", httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def network(address: str) -> str:
    """The neighbourhood of an address that one person can have: 256 addresses of IPv4, a site (/56) of IPv6."""
    bits = 56 if isinstance(ip_address(address), IPv6Address) else 24
    return str(ip_network(f"{address}/{bits}", strict=False))


def _wait(key: str, rate: Rate) -> int:
    taken = take(f"sign-in:{key}", rate.limit, rate.per_seconds)
    return 0 if taken.allowed else taken.retry_after


def _device_of(request: HttpRequest, name: str) -> str:
    known = _read(request)
    return str(known["id"]) if _mark(name) in known.get("names", []) else ""


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        read: dict[str, Any] = signing.loads(request.COOKIES.get(cookie_name(COOKIE), ""), salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        return {}
    return read


def _mark(name: str) -> str:
    """A sign-in name in the cookie, unreadable for who finds the computer."""
    return salted_hmac(_SALT, name, algorithm="sha256").hexdigest()[:32]
