"""The token endpoint: OAuth 2.0 client credentials (RFC 6749, 4.4) with oauthlib, and nothing else of OAuth."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from oauthlib.common import Request
from oauthlib.oauth2 import BackendApplicationServer, RequestValidator

from motcua.agencies.limited import who
from motcua.agencies.limits import take
from motcua.agencies.policies import public
from motcua.api.problems import answer
from motcua.exchange import commands
from motcua.exchange import queries as exchange

TRIES = 30  # tokens that one address may ask for in a minute: who guesses secrets, or asks for one with each call
_MOST = 8192
_JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class _Known:
    """A client that has shown its secret; oauthlib compares `client_id` with what the form says."""

    client_id: str
    caller: exchange.Caller


class _Clients(RequestValidator):
    """What oauthlib asks of this house."""

    def client_authentication_required(self, request: Request, *_args: Any, **_kwargs: Any) -> bool:
        return True

    def authenticate_client(self, request: Request, *_args: Any, **_kwargs: Any) -> bool:
        """By HTTP Basic or by client_id and client_secret in the form (RFC 6749, 2.3.1)."""
        client_id, secret = _basic(request.headers) or (request.client_id or "", request.client_secret or "")
        try:
            caller = exchange.authenticated(UUID(client_id), secret)
        except ValueError:
            return False
        request.client = _Known(client_id, caller) if caller else None
        return caller is not None

    def validate_grant_type(self, client_id: str, grant_type: str, *_args: Any, **_kwargs: Any) -> bool:
        return grant_type == "client_credentials"

    def get_default_scopes(self, client_id: str, request: Request, *_args: Any, **_kwargs: Any) -> list[str]:
        return sorted(_known(request).scopes)

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Any, request: Request, *_args: Any, **_kwargs: Any
    ) -> bool:
        return set(scopes) <= _known(request).scopes

    def save_bearer_token(self, token: Mapping[str, Any], request: Request, *_args: Any, **_kwargs: Any) -> None:
        """Nothing: the token was kept when it was made."""


def _made(request: Request) -> str:
    return commands.issue_token(_known(request).client_id, request.scopes or ()).token


def _known(request: Request) -> exchange.Caller:
    if not isinstance(request.client, _Known):
        raise TypeError("oauthlib asks about scopes only after it has asked who the client is")
    return request.client.caller


_SERVER = BackendApplicationServer(
    _Clients(), token_generator=_made, token_expires_in=int(commands.LIFETIME.total_seconds())
)


@public
@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    """Gives a token for client_id and client_secret; errors as RFC 6749, 5.2 has them."""
    if request.method != "POST":
        return answer("method_not_allowed", headers={"Allow": "POST"})
    taken = take(f"api-token:{who(request)}", TRIES, 60)
    if not taken.allowed:
        detail = _("Quá nhiều lần xin mã truy cập. Mỗi mã dùng được một giờ; hãy dùng lại mã đang có.")
        return answer("too_many_requests", detail, headers={"Retry-After": str(taken.retry_after)})
    if request.content_type != "application/x-www-form-urlencoded":
        return answer("media_type", _("Hãy gửi application/x-www-form-urlencoded."))
    body = _body(request)
    if body is None:
        return answer("unreadable")
    headers, content, status = _SERVER.create_token_response(
        request.build_absolute_uri(), "POST", body, _headers(request)
    )
    return HttpResponse(content, status=status, content_type=_JSON, headers=_allowed(headers))


def _body(request: HttpRequest) -> str | None:
    """The form as it came, if it is one: oauthlib reads it itself and is strict about its signs."""
    if len(request.body) > _MOST:
        return None
    try:
        return request.body.decode("ascii")
    except UnicodeDecodeError:
        return None


def _headers(request: HttpRequest) -> dict[str, str]:
    return {"Authorization": request.headers.get("Authorization", ""), "Content-Type": request.content_type or ""}


def _allowed(headers: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    return {**kept, "Cache-Control": "no-store", "Pragma": "no-cache"}


def _basic(headers: Mapping[str, str]) -> tuple[str, str] | None:
    scheme, _blank, value = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _colon, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return unquote_plus(name), unquote_plus(secret)
