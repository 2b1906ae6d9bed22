"""The only writers of webhook subscriptions, and their readers for the client that made them and for the operator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.exchange import signing
from motcua.exchange.models import Subscription, Undelivered
from motcua.exchange.sealing import seal, unseal
from motcua.exchange.wire import AddressRefused, target
from motcua.law.dossier.events import BY_TYPE

OVERLAP: Final = timedelta(hours=24)
MOST: Final = 20  # open subscriptions of one client
_STUCK: Final = 5  # tries after which a line that does not move is shown to the operator

REASONS: Final = {
    "not_an_address": _("Địa chỉ nhận không phải một địa chỉ web đầy đủ, hoặc có tên đăng nhập, dấu # hay ký tự lạ."),
    "not_https": _("Địa chỉ nhận phải bắt đầu bằng https://."),
    "type": _("Không có loại sự kiện này."),
    "many": _("Hệ thống này đã có quá nhiều đăng ký. Hãy hủy bớt."),
    "position": _("Vị trí này chưa có trong nhật ký."),
}


class SubscriptionError(ValueError):
    """A value that a subscription cannot have; `field` names it, `message` says what to do."""

    def __init__(self, field_name: str, code: str) -> None:
        super().__init__(code)
        self.field, self.code = field_name, code

    @property
    def message(self) -> str:
        """The reason in the active language."""
        return str(REASONS[self.code])


class NoSuchSubscription(LookupError):  # noqa: N818 - says what is the case
    """The client has no open subscription of this id."""


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """A subscription as its client and the operator see it; `undelivered` counts what was refused for good."""

    id: UUID
    client: str
    url: str
    types: tuple[str, ...]
    position: int
    behind: int
    tries: int
    next_at: datetime
    last_error: str
    stopped_at: datetime | None
    created_at: datetime
    undelivered: int

    @property
    def needs_a_person(self) -> bool:
        """Whether something stands still or was given up."""
        return bool(self.stopped_at or self.undelivered or self.tries >= _STUCK)


@dataclass(frozen=True, slots=True)
class Secret:
    """The secret that signs a subscription's messages, shown once."""

    id: UUID
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UndeliveredView:
    """A message that was refused for good."""

    position: int
    dossier_id: UUID
    error: str
    at: datetime


@transaction.atomic
def subscribe(client_id: UUID, url: str, types: Iterable[str] = (), *, after: int | None = None) -> Secret:
    """Begin to tell a client what happens, from the next event on or after a position. Raises SubscriptionError."""
    wanted = _checked(url, types)
    if Subscription.objects.filter(client_id=client_id, closed_at__isnull=True).count() >= MOST:
        raise SubscriptionError("url", "many")
    line = Subscription(client_id=client_id, url=url, types=wanted, position=_position(after))
    secret = signing.new_secret()
    line.secret_sealed, line.key_id = seal(secret, line.pk.bytes)
    line.save(force_insert=True)
    return Secret(line.pk, signing.shown(secret))


def unsubscribe(client_id: UUID, subscription_id: UUID) -> None:
    """Stop telling. Raises NoSuchSubscription."""
    _changed(_own(client_id, subscription_id).update(closed_at=Now()))


@transaction.atomic
def replace_secret(client_id: UUID, subscription_id: UUID) -> Secret:
    """Sign with a new secret, and for a day with the former one as well. Raises NoSuchSubscription."""
    line = _own(client_id, subscription_id).select_for_update().first()
    if line is None:
        raise NoSuchSubscription
    former, secret = unseal(bytes(line.secret_sealed), line.pk.bytes, line.key_id), signing.new_secret()
    line.secret_sealed, line.key_id = seal(secret, line.pk.bytes)
    line.former_sealed, _key = seal(former, line.pk.bytes)
    line.former_until = timezone.now() + OVERLAP
    line.save(update_fields=["secret_sealed", "former_sealed", "former_until", "key_id"])
    return Secret(line.pk, signing.shown(secret))


@transaction.atomic
def replay(client_id: UUID | None, subscription_id: UUID, after: int) -> None:
    """Tell everything after a position, once more or at last; a line that was stopped goes on. None: of any client.

    Raises NoSuchSubscription, and SubscriptionError for a position that is not there yet.
    """
    values = {"position": _position(after), "tries": 0, "refused_in_row": 0, "last_error": "", "stopped_at": None}
    _changed(_own(client_id, subscription_id).update(**values, next_at=Now()))
    Undelivered.objects.filter(subscription_id=subscription_id, position__gt=after).delete()


def subscriptions(client_id: UUID | None = None) -> tuple[SubscriptionView, ...]:
    """The open subscriptions of a client, or of all; the oldest first."""
    rows = Subscription.objects.filter(closed_at__isnull=True).select_related("client")
    if client_id is not None:
        rows = rows.filter(client_id=client_id)
    ordered = list(rows.order_by("created_at", "pk"))
    counts = Undelivered.objects.filter(subscription__in=[row.pk for row in ordered]).values_list("subscription_id")
    refused = dict(counts.annotate(Count("pk")))
    last = _last() if ordered else 0
    return tuple(_view(row, last, refused.get(row.pk, 0)) for row in ordered)


def subscription(client_id: UUID, subscription_id: UUID) -> SubscriptionView:
    """One subscription of a client. Raises NoSuchSubscription."""
    row = _own(client_id, subscription_id).select_related("client").first()
    if row is None:
        raise NoSuchSubscription
    return _view(row, _last(), Undelivered.objects.filter(subscription=row).count())


def undelivered(client_id: UUID, subscription_id: UUID, *, after: int = 0, limit: int = 100) -> list[UndeliveredView]:
    """What a subscription's receiver refused for good, in order. Raises NoSuchSubscription."""
    if not _own(client_id, subscription_id).exists():
        raise NoSuchSubscription
    rows = Undelivered.objects.filter(subscription_id=subscription_id, position__gt=after).order_by("position")
    return [UndeliveredView(row.position, row.dossier_id, row.error, row.at) for row in rows[:limit]]


def _own(client_id: UUID | None, subscription_id: UUID) -> QuerySet[Subscription]:
    found = Subscription.objects.filter(pk=subscription_id, closed_at__isnull=True)
    return found if client_id is None else found.filter(client_id=client_id)


def _changed(rows: int) -> None:
    if not rows:
        raise NoSuchSubscription


def _checked(url: str, types: Iterable[str]) -> list[str]:
    try:
        target(url)
    except AddressRefused as refused:
        raise SubscriptionError("url", refused.code) from refused
    wanted = set(types)
    if not wanted <= set(BY_TYPE):
        raise SubscriptionError("types", "type")
    return sorted(wanted)


def _position(after: int | None) -> int:
    last = _last()
    if after is not None and after > last:
        raise SubscriptionError("after", "position")
    return last if after is None else after


def _last() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(position), 0) FROM dossiers_position")
        return int(cursor.fetchone()[0])


def _view(row: Subscription, last: int, refused: int) -> SubscriptionView:
    return SubscriptionView(
        row.pk,
        row.client.name,
        row.url,
        tuple(row.types),
        row.position,
        max(0, last - row.position),
        row.tries,
        row.next_at,
        row.last_error,
        row.stopped_at,
        row.created_at,
        refused,
    )
