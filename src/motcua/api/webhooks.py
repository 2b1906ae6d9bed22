"""Being told what happens: subscriptions to webhooks, and the same events to be fetched from any position."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router, Status
from pydantic import Field

from motcua.api.fields import Position, Sent, Told, among, answers
from motcua.api.gate import Bearer, Request
from motcua.api.problems import at, invalid, not_found
from motcua.api.repeats import Key, once
from motcua.dossiers import listing
from motcua.exchange import subscriptions as lines
from motcua.exchange.scopes import Scope
from motcua.exchange.subscriptions import NoSuchSubscription, SubscriptionError
from motcua.law.dossier.events import BY_TYPE

router = Router(auth=Bearer(Scope.WEBHOOKS_MANAGE), tags=["webhooks"])

EventType = Annotated[str, *among(BY_TYPE)]
Types = Annotated[list[EventType], Field(max_length=len(BY_TYPE))]


class Subscribing(Sent):
    """Where to send, which types (none: all), and after which position to begin (null: with what happens from now)."""

    url: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[!-~]+$")]
    types: Types = []
    after: Position | None = None


class Replaying(Sent):
    """The position after which everything is sent once more."""

    after: Position


class Secret(Told):
    """The secret that signs the messages; it is shown in this answer only."""

    id: UUID
    secret: str
    repeated: bool = False


class Subscription(Told):
    """A subscription and how it stands: `position` was settled last, `behind` positions are ahead."""

    id: UUID
    url: str
    types: list[str]
    position: int
    behind: int
    tries: int
    next_at: datetime
    last_error: str
    stopped_at: datetime | None
    created_at: datetime
    undelivered: int


class Undelivered(Told):
    """A message that the receiver refused three times."""

    position: int
    dossier: UUID
    error: str
    at: datetime


class Event(Told):
    """Something that happened to a dossier, as webhooks tell it."""

    position: int
    dossier: UUID
    code: str
    seq: int
    type: str
    at: datetime
    recorded_at: datetime


class Events(Told):
    """Events in order; `through` is the position to ask after next."""

    items: list[Event]
    through: int


@router.get("/events", response=answers(Events))
def list_events(
    request: Request,
    after: Position = 0,
    types: Annotated[list[EventType], Query(max_length=len(BY_TYPE))] = [],  # noqa: B006 - ninja copies it
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """What happened after a position to the dossiers that the client may see or filed, in the order of the log."""
    run = listing.passed(request.auth.reader, after, types=types, limit=limit)
    names = ("position", "code", "seq", "type", "at", "recorded_at")
    items = [{"dossier": each.dossier_id, **{name: getattr(each, name) for name in names}} for each in run.events]
    return {"items": items, "through": run.through}


@router.get("/webhooks", response=answers(list[Subscription]))
def list_webhooks(request: Request) -> Any:
    """The client's subscriptions."""
    return list(lines.subscriptions(request.auth.client_id))


@router.post("/webhooks", response=answers(Secret, success=201))
def subscribe(request: Request, key: Key, data: Subscribing) -> Status[Any]:
    """Begin to be told. Messages are signed as the Standard Webhooks scheme has it, with the secret given here."""

    def work(_id: UUID) -> dict[str, Any]:
        made = lines.subscribe(request.auth.client_id, data.url, data.types, after=data.after)
        return {"id": str(made.id), "secret": made.secret}

    with _said():
        return once(request, key, work, status=201)


@router.get("/webhooks/{webhook_id}", response=answers(Subscription, 404))
def get_webhook(request: Request, webhook_id: UUID) -> Any:
    """One subscription."""
    with _said():
        return lines.subscription(request.auth.client_id, webhook_id)


@router.delete("/webhooks/{webhook_id}", response=answers(None, 404, success=204))
def unsubscribe(request: Request, webhook_id: UUID) -> Status[None]:
    """Stop being told."""
    with _said():
        lines.unsubscribe(request.auth.client_id, webhook_id)
    return Status(204, None)


@router.post("/webhooks/{webhook_id}/secret", response=answers(Secret, 404))
def replace_secret(request: Request, webhook_id: UUID, key: Key) -> Status[Any]:
    """Sign with a new secret; for a day messages carry the signature of the former one as well."""

    def work(_id: UUID) -> dict[str, Any]:
        made = lines.replace_secret(request.auth.client_id, webhook_id)
        return {"id": str(made.id), "secret": made.secret}

    with _said():
        return once(request, key, work)


@router.post("/webhooks/{webhook_id}/replay", response=answers(Subscription, 404))
def replay(request: Request, webhook_id: UUID, data: Replaying) -> Any:
    """Send everything after a position once more; a subscription that was stopped goes on."""
    with _said():
        lines.replay(request.auth.client_id, webhook_id, data.after)
        return lines.subscription(request.auth.client_id, webhook_id)


@router.get("/webhooks/{webhook_id}/undelivered", response=answers(list[Undelivered], 404))
def list_undelivered(
    request: Request, webhook_id: UUID, after: Position = 0, limit: Annotated[int, Query(ge=1, le=200)] = 100
) -> list[dict[str, Any]]:
    """What the receiver refused for good, in order."""
    with _said():
        found = lines.undelivered(request.auth.client_id, webhook_id, after=after, limit=limit)
    return [
        {"position": each.position, "dossier": each.dossier_id, "error": each.error, "at": each.at} for each in found
    ]


@contextmanager
def _said() -> Iterator[None]:
    """Says what the exchange refuses."""
    try:
        yield
    except NoSuchSubscription:
        raise not_found() from None
    except SubscriptionError as error:
        raise invalid([at(f"/{error.field}", error.message)]) from error
