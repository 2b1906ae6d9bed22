"""Readers of clients: who asks with these credentials or this token, and which systems are connected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from motcua.agencies.access import Reader, for_client
from motcua.exchange.commands import hashed
from motcua.exchange.models import Client, Secret, Token
from motcua.exchange.scopes import Scope, acts


@dataclass(frozen=True, slots=True)
class Caller:
    """The client behind a token, and what it may ask for now."""

    client_id: UUID
    name: str
    staff_id: int
    agency_id: int
    per_minute: int
    scopes: frozenset[Scope]

    def reader(self) -> Reader:
        """The reader of the client's post, cut to its scopes: one statement. Raises NotPermitted for a closed post."""
        return for_client(
            self.staff_id, client=self.name, within=acts(self.scopes), files_online=Scope.DOSSIERS_FILE in self.scopes
        )


@dataclass(frozen=True, slots=True)
class ClientView:
    """A connected system as its operator sees it."""

    id: UUID
    name: str
    agency_code: str
    scopes: tuple[str, ...]
    per_minute: int
    created_at: datetime
    closed_at: datetime | None


def authenticated(client_id: UUID, secret: str) -> Caller | None:
    """The open client with this secret; None for any other."""
    holds = Q(expires_at__isnull=True) | Q(expires_at__gt=Now())
    found = Secret.objects.filter(holds, hash=hashed(secret), client_id=client_id, client__closed_at__isnull=True)
    row = found.select_related("client").first()
    return _caller(row.client, frozenset(row.client.scopes)) if row is not None else None


def caller(token: str) -> Caller | None:
    """The client behind an access token that still holds: one statement. A scope taken from the client is gone."""
    found = Token.objects.filter(hash=hashed(token), expires_at__gt=Now(), client__closed_at__isnull=True)
    row = found.select_related("client").first()
    return _caller(row.client, frozenset(row.scopes) & frozenset(row.client.scopes)) if row is not None else None


def caller_of(client_id: UUID) -> Caller | None:
    """The client itself with all its scopes, for what is done in its name later; None when it is closed."""
    row = Client.objects.filter(pk=client_id, closed_at__isnull=True).first()
    return _caller(row, frozenset(row.scopes)) if row is not None else None


def clients() -> tuple[ClientView, ...]:
    """All connected systems, the open ones first, by name."""
    rows = Client.objects.select_related("agency").order_by("closed_at", "name")
    listed = [
        ClientView(row.pk, row.name, row.agency.code, tuple(row.scopes), row.per_minute, row.created_at, row.closed_at)
        for row in rows
    ]
    return tuple(sorted(listed, key=lambda each: (each.closed_at is not None, each.name)))


def _caller(client: Client, scopes: frozenset[str]) -> Caller:
    held = frozenset(Scope(scope) for scope in scopes)
    return Caller(client.pk, client.name, client.staff_id, client.agency_id, client.per_minute, held)
