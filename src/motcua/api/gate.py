"""Who calls: the client behind a bearer token, its scopes and its limit. Sessions and cookies count for nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from motcua.agencies.access import Reader
from motcua.agencies.limits import Taken, take
from motcua.api.problems import ProblemError
from motcua.exchange import queries as exchange
from motcua.exchange.scopes import MEANING, Scope

MINUTE: Final = 60
TOKEN_ADDRESS: Final = "/api/oauth/token"  # noqa: S105 - an address
_BEARER: Final = re.compile(r"Bearer ([A-Za-z0-9._~+/-]{1,200}=*)", re.IGNORECASE)


class Call:
    """A call that was let in: its client, and the reader of the client's post, which every query and command takes.

    The reader is made at once: what is read or kept from here on is its agency's, and PostgreSQL must know who asks.
    """

    def __init__(self, caller: exchange.Caller) -> None:
        self.caller = caller
        self.reader: Reader = caller.reader()

    @property
    def client_id(self) -> UUID:
        """The client's id."""
        return self.caller.client_id


class Request(HttpRequest):
    """A request that the gate has let through."""

    auth: Call


class Bearer:
    """Lets in who brings a token with all these scopes, as often as the client's limit allows."""

    openapi_security_schema: Final[Mapping[str, Any]] = {
        "type": "oauth2",
        "description": "OAuth 2.0 client credentials (RFC 6749, 4.4)",
        "flows": {
            "clientCredentials": {
                "tokenUrl": TOKEN_ADDRESS,
                "scopes": {scope.value: str(scope) for scope in Scope},
            }
        },
    }

    def __init__(self, *scopes: Scope) -> None:
        self.scopes = scopes

    def __call__(self, request: HttpRequest) -> Call:
        """The call; raises ProblemError 401, 403 or 429."""
        brought = _BEARER.fullmatch(request.headers.get("Authorization", "").strip())
        caller = exchange.caller(brought[1]) if brought else None
        if caller is None:
            challenge = 'Bearer error="invalid_token"' if brought else "Bearer"
            detail = _("Hãy lấy mã truy cập ở %(address)s rồi gửi trong Authorization: Bearer.")
            raise ProblemError(
                "unauthenticated", detail % {"address": TOKEN_ADDRESS}, headers={"WWW-Authenticate": challenge}
            )
        self._count(request, caller)
        missing = [scope for scope in self.scopes if scope not in caller.scopes]
        if missing:
            words = ", ".join(f"{scope} ({MEANING[scope]})" for scope in missing)
            challenge = f'Bearer error="insufficient_scope", scope="{" ".join(self.scopes)}"'
            raise ProblemError(
                "insufficient_scope",
                _("Cần thêm phạm vi: %(scopes)s.") % {"scopes": words},
                headers={"WWW-Authenticate": challenge},
            )
        return Call(caller)

    @staticmethod
    def _count(request: HttpRequest, caller: exchange.Caller) -> None:
        taken = take(f"api:{caller.client_id}", caller.per_minute, MINUTE)
        request.rate = limit_headers(caller.per_minute, taken)  # type: ignore[attr-defined]
        if not taken.allowed:
            detail = _("Hệ thống này được %(count)s yêu cầu mỗi phút. Hãy thử lại sau %(seconds)s giây.")
            raise ProblemError(
                "too_many_requests",
                detail % {"count": caller.per_minute, "seconds": taken.retry_after},
                headers={"Retry-After": str(taken.retry_after)},
            )


def limit_headers(limit: int, taken: Taken) -> dict[str, str]:
    """What is allowed and what is left of it, as the IETF's draft of the RateLimit fields writes it."""
    return {
        "RateLimit-Policy": f'"client";q={limit};w={MINUTE}',
        "RateLimit": f'"client";r={taken.remaining}' + (f";t={taken.retry_after}" if taken.retry_after else ""),
    }
