"""Tells subscribers what happened, one line of messages for each, in the order of positions.

A message is given up only when its receiver refuses it three times; no connection and a passing refusal are tried again
without end. The bookmark of a line moves when a message was taken, so that a kill in between sends it a second time.
"""

from __future__ import annotations

import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from motcua.agencies.access import NotPermitted, Reader
from motcua.dossiers.listing import Passed, passed
from motcua.exchange import queries, signing
from motcua.exchange.models import Subscription, Undelivered
from motcua.exchange.scopes import Scope
from motcua.exchange.sealing import unseal
from motcua.exchange.wire import AddressRefused, Line, NoAnswer, target
from motcua.law import retry

_LOG = logging.getLogger(__name__)
TRIES: Final = 3  # of a message that is refused for good
IN_ROW: Final = 20  # refused messages after which the line waits for a person: nobody listens there
_AT_ONCE: Final = 8
_BUDGET: Final = 20.0  # seconds that one line may use before others get their turn
_PASSING: Final = frozenset({408, 425, 429})
_GONE: Final = 410
_LEASE = """
UPDATE exchange_subscription SET leased_until = clock_timestamp() + interval '2 minutes'
WHERE id IN (
    SELECT id FROM exchange_subscription
    WHERE closed_at IS NULL AND stopped_at IS NULL AND next_at <= clock_timestamp()
      AND (leased_until IS NULL OR leased_until < clock_timestamp())
      AND position < (SELECT coalesce(max(position), 0) FROM dossiers_position)
    ORDER BY next_at LIMIT 64 FOR UPDATE SKIP LOCKED
) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one sending: taken, or refused for good, or to be tried again; `error` says why not taken."""

    error: str = ""
    for_good: bool = False
    gone: bool = False


def deliver_due() -> int:
    """Serve every line that has something to say and whose time has come; returns how many messages were taken."""
    with connection.cursor() as cursor:
        cursor.execute(_LEASE)
        leased = [found for (found,) in cursor.fetchall()]
    if len(leased) <= 1:
        return sum(_serve(each) for each in leased)
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="webhook") as pool:
        return sum(pool.map(_serve_apart, leased))


def _serve_apart(subscription_id: UUID) -> int:
    try:
        return _serve(subscription_id)
    finally:
        connection.close()


def _serve(subscription_id: UUID) -> int:
    """Send what a line has to say until its end, its time or a failure; one that fails stops no other."""
    try:
        return _sent(Subscription.objects.get(pk=subscription_id))
    except Exception:
        _LOG.exception("webhook line %s failed", subscription_id)
        Subscription.objects.filter(pk=subscription_id).update(next_at=Now() + retry.LONGEST, last_error="internal")
        return 0
    finally:
        Subscription.objects.filter(pk=subscription_id).update(leased_until=None)


def _sent(line: Subscription) -> int:
    reader = _reader(line)
    if reader is None:
        Subscription.objects.filter(pk=line.pk).update(stopped_at=Now(), last_error="not_permitted")
        return 0
    taken, until = 0, time.monotonic() + _BUDGET
    with Line(target(line.url)) as wire:
        while time.monotonic() < until:
            run = passed(reader, line.position, types=line.types)
            for event in run.events:
                if not settle(line, event, _send(wire, line, event)):
                    return taken
                taken += 1
                if time.monotonic() > until:
                    return taken
            if run.through == line.position or not _move(line, run.through):
                break
    return taken


def _reader(line: Subscription) -> Reader | None:
    """Who the line is served for; None when the client may not be told any more."""
    caller = queries.caller_of(line.client_id)
    if caller is None or Scope.WEBHOOKS_MANAGE not in caller.scopes:
        return None
    try:
        return caller.reader()
    except NotPermitted:
        return None


def message(event: Passed) -> bytes:
    """The body of a message: which event of which dossier; no name, no number and no word of anybody."""
    data = {
        "position": event.position,
        "dossier": str(event.dossier_id),
        "code": event.code,
        "seq": event.seq,
        "recorded_at": event.recorded_at.isoformat(),
    }
    return json.dumps({"type": event.type, "timestamp": event.at.isoformat(), "data": data}).encode()


def _send(wire: Line, line: Subscription, event: Passed) -> Outcome:
    body = message(event)
    headers = {
        **signing.headers(_secrets(line), str(event.position), int(time.time()), body),
        "Content-Type": "application/json",
        "User-Agent": "Motcua",
    }
    try:
        return judged(wire.post(body, headers))
    except AddressRefused as refused:
        return Outcome(refused.code)
    except NoAnswer as failed:
        return Outcome(failed.code)


def judged(status: int) -> Outcome:
    """What an answer's status means: a redirect is never followed, so it is a refusal too."""
    if 200 <= status < 300:
        return Outcome()
    passing = status in _PASSING or status >= 500 or status < 300
    return Outcome(f"http_{status}", for_good=not passing, gone=status == _GONE)


def _secrets(line: Subscription) -> list[bytes]:
    held = [bytes(line.secret_sealed)]
    if line.former_sealed is not None and line.former_until is not None and line.former_until > timezone.now():
        held.append(bytes(line.former_sealed))
    return [unseal(each, line.pk.bytes, line.key_id) for each in held]


def settle(line: Subscription, event: Passed, outcome: Outcome) -> bool:
    """Note what became of a message; whether the line goes on at once."""
    if not outcome.error:
        return _move(line, event.position, refused_in_row=0, last_error="")
    tries = line.tries + 1
    if outcome.for_good and tries >= TRIES:
        _give_up(line, event, outcome)
        return False
    _change(line, tries=tries, last_error=outcome.error, next_at=timezone.now() + retry.wait(tries))
    return False


@transaction.atomic
def _give_up(line: Subscription, event: Passed, outcome: Outcome) -> None:
    """Put a message aside for a person and let the later ones go on, unless nobody listens there at all."""
    in_row = line.refused_in_row + 1
    stopped = timezone.now() if outcome.gone or in_row >= IN_ROW else None
    # Answering 410 means that the address is gone: the message stays to be sent when a person has mended that.
    if outcome.gone:
        _change(line, tries=0, last_error=outcome.error, stopped_at=stopped)
        return
    if _move(line, event.position, refused_in_row=in_row, last_error=outcome.error, stopped_at=stopped):
        Undelivered.objects.get_or_create(
            subscription_id=line.pk,
            position=event.position,
            defaults={"dossier_id": event.dossier_id, "error": outcome.error},
        )


def _move(line: Subscription, position: int, **values: object) -> bool:
    return _change(line, position=position, tries=0, next_at=timezone.now(), **values)


def _change(line: Subscription, **values: object) -> bool:
    """Change the line unless somebody has set it to another position meanwhile; `line` follows the change."""
    changed = Subscription.objects.filter(pk=line.pk, position=line.position).update(**values)
    if changed:
        for name, value in values.items():
            setattr(line, name, value)
    return bool(changed)
