"""OpenID Connect: asks a provider who somebody is, and believes nothing that it did not sign for this very question.

Two providers may be set: the authorities' own for staff, and the national identity (VNeID) for citizens. Authlib does
the protocol: discovery, state, nonce, PKCE, the token's signature, issuer, audience and times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from joserfc.errors import JoseError
from requests import RequestException

_PATIENCE_SECONDS: Final = 10
_LEEWAY_SECONDS: Final = 60  # between two clocks
# Public keys only: with a shared secret, or none, whoever reads the settings could sign.
_ALGORITHMS: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"})
_METADATA: Final = "/.well-known/openid-configuration"


class Audience(StrEnum):
    """Who signs in through a provider."""

    STAFF = "staff"
    CITIZEN = "citizen"


class Why(StrEnum):
    """Why nobody was signed in."""

    CANCELLED = "cancelled"
    UNREACHABLE = "unreachable"
    NOT_BELIEVED = "not_believed"


WORDS: Final[Mapping[Why, Promise]] = {
    Why.CANCELLED: _("Bạn đã dừng đăng nhập. Chưa có gì thay đổi; khi cần, hãy bấm đăng nhập lần nữa."),
    Why.UNREACHABLE: _("Hiện không liên lạc được với nơi xác nhận danh tính. Hãy thử lại sau ít phút."),
    Why.NOT_BELIEVED: _("Không xác nhận được lần đăng nhập này: có thể trang đã mở quá lâu. Hãy đăng nhập lại từ đầu."),
}


class Refused(Exception):  # noqa: N818 - says what is the case
    """Nobody is signed in; `why` says so without a word of what the provider told."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why

    @property
    def words(self) -> str:
        """What the person reads."""
        return str(WORDS[self.why])


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as the operator set it."""

    audience: Audience
    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    scopes: tuple[str, ...] = ("openid",)


def provider(audience: Audience) -> Provider | None:
    """The provider for these people; None when the operator set none."""
    values = settings.MOTCUA_OIDC[audience.value]
    return Provider(audience, **values) if values else None


def begin(request: HttpRequest, audience: Audience, callback: str) -> HttpResponse:
    """Sends the browser to the provider, with a fresh state, nonce and PKCE challenge. Raises Refused."""
    client = _client(audience)
    try:
        response: HttpResponse = client.authorize_redirect(request, request.build_absolute_uri(callback))
    except (RequestException, ValueError) as error:
        raise Refused(Why.UNREACHABLE) from error
    return response


def finish(request: HttpRequest, audience: Audience) -> dict[str, Any]:
    """What the provider says of the person who came back, from its signed token and its userinfo. Raises Refused."""
    client = _client(audience)
    try:
        token = client.authorize_access_token(request, leeway=_LEEWAY_SECONDS)
        told = dict(token.get("userinfo") or {})
        if "sub" not in told:
            raise Refused(Why.NOT_BELIEVED)
        if client.server_metadata.get("userinfo_endpoint"):
            more = dict(client.userinfo(token=token))
            told = {**more, **told} if more.get("sub") == told["sub"] else told
    except OAuthError as error:
        raise Refused(Why.CANCELLED if error.error == "access_denied" else Why.NOT_BELIEVED) from error
    except RequestException as error:
        raise Refused(Why.UNREACHABLE) from error
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Refused(Why.NOT_BELIEVED) from error
    return told


def _client(audience: Audience) -> Any:
    """Authlib's client for one request, once the provider's description of itself was read. Raises Refused."""
    known = provider(audience)
    if known is None:
        raise Refused(Why.UNREACHABLE)
    kwargs = {
        "scope": " ".join(known.scopes),
        "code_challenge_method": "S256",
        "default_timeout": _PATIENCE_SECONDS,
    }
    client = OAuth().register(
        f"motcua_{audience.value}",
        client_id=known.client_id,
        client_secret=known.secret,
        server_metadata_url=known.issuer + _METADATA,
        client_kwargs=kwargs,
    )
    try:
        metadata = client.load_server_metadata()
    except (RequestException, ValueError) as error:
        raise Refused(Why.UNREACHABLE) from error
    offered = frozenset(metadata.get("id_token_signing_alg_values_supported", ["RS256"]))
    if metadata.get("issuer") != known.issuer or not offered & _ALGORITHMS:
        raise Refused(Why.NOT_BELIEVED)
    metadata["id_token_signing_alg_values_supported"] = sorted(offered & _ALGORITHMS)
    return client
