"""The only writers of clients, their secrets and their tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies import commands as agencies
from motcua.agencies import queries as known
from motcua.agencies.access import for_system
from motcua.agencies.commands import AgencyError
from motcua.exchange.models import Client, Secret, Subscription, Token
from motcua.exchange.scopes import Scope

LIFETIME = timedelta(hours=1)
OVERLAP = timedelta(hours=24)  # how long a replaced secret still holds, so that a client can change it without a gap
PER_MINUTE = 600


class NoSuchClient(LookupError):  # noqa: N818 - says what is the case
    """There is no open client of this name."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the client's keeper is given, once: only the secret's hash stays here."""

    client_id: UUID
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Issued:
    """A token just made, and until when it holds."""

    token: str = field(repr=False)
    expires_at: datetime


@transaction.atomic
def open_client(
    *,
    name: str,
    agency_code: str,
    scopes: Iterable[str],
    roles: Iterable[str] = (),
    procedures: Iterable[str] = (),
    per_minute: int = PER_MINUTE,
) -> Credentials:
    """Connects a system of an agency: makes its technical post and its first secret.

    Raises AgencyError for a name already taken, an unknown agency, role or scope, or a limit below one.
    """
    if not name.strip() or Client.objects.filter(name=name.strip()).exists():
        raise AgencyError("name", _("Hãy đặt một tên chưa dùng cho hệ thống kết nối."))
    if per_minute < 1:
        raise AgencyError("per_minute", _("Số yêu cầu mỗi phút phải từ 1 trở lên."))
    client = Client(name=name.strip(), scopes=_checked(scopes), per_minute=per_minute)
    client.staff_id = agencies.keep_technical_post(
        username=f"api.{client.pk.hex}", name=client.name, agency_code=agency_code, roles=roles, procedures=procedures
    )
    client.agency_id = known.agency_by_code(for_system("the agency of a client"), agency_code).id
    client.save(force_insert=True)
    return Credentials(client.pk, _give_secret(client))


@transaction.atomic
def replace_secret(name: str, overlap: timedelta = OVERLAP) -> Credentials:
    """Gives the client a new secret; the former one holds on for the overlap. Raises NoSuchClient."""
    client = _open(name)
    until = timezone.now() + overlap
    client.secrets.filter(expires_at__isnull=True).update(expires_at=until)
    return Credentials(client.pk, _give_secret(client))


@transaction.atomic
def close_client(name: str) -> None:
    """Ends the client at once: its secrets and tokens are gone, its webhooks closed; what it did stays in the log.

    Raises NoSuchClient.
    """
    client = _open(name)
    Client.objects.filter(pk=client.pk).update(closed_at=Now())
    Secret.objects.filter(client=client).delete()
    Token.objects.filter(client=client).delete()
    Subscription.objects.filter(client=client, closed_at__isnull=True).update(closed_at=Now())


def issue_token(client_id: UUID, scopes: Iterable[str]) -> Issued:
    """A new access token of the client for these scopes."""
    token = f"mct_{secrets.token_urlsafe(32)}"
    until = timezone.now() + LIFETIME
    Token.objects.create(hash=hashed(token), client_id=client_id, scopes=sorted(set(scopes)), expires_at=until)
    return Issued(token, until)


def hashed(secret: str) -> bytes:
    """SHA-256: secrets and tokens are 256 random bits, so that there is nothing to guess and no need to be slow."""
    return hashlib.sha256(secret.encode()).digest()


def _give_secret(client: Client) -> str:
    secret = f"mcs_{secrets.token_urlsafe(32)}"
    Secret.objects.create(client=client, hash=hashed(secret))
    return secret


def _open(name: str) -> Client:
    client = Client.objects.select_for_update().filter(name=name, closed_at__isnull=True).first()
    if client is None:
        raise NoSuchClient(_("Không có hệ thống kết nối “%(name)s”.") % {"name": name})
    return client


def _checked(scopes: Iterable[str]) -> list[str]:
    wanted = set(scopes)
    if unknown := wanted - set(Scope):
        raise AgencyError("scopes", _("Không có phạm vi “%(scope)s”.") % {"scope": min(unknown)})
    if not wanted:
        raise AgencyError("scopes", _("Hãy chọn ít nhất một phạm vi."))
    return [scope.value for scope in Scope if scope in wanted]
