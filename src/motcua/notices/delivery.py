"""Sends what waits, channel by channel, each in the order of the log: at least once, under a key that never changes.

Nobody there: everything waits in its order and is tried again without end. A passing refusal of one message is tried
again without end, too, and only later messages about the same dossier wait for it. A refusal for good is tried three
times, then shown to a person, and the later ones go on; twenty in a row close the channel for a while instead of
losing what waits.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from motcua.law import retry
from motcua.notices.composing import Composer, Due, due
from motcua.notices.kinds import Channel, MessageState
from motcua.notices.models import Lane, Message
from motcua.notices.outbox import configured
from motcua.notices.senders import Closed, Returned, Sender, opened

_LOG = logging.getLogger(__name__)
TRIES: Final = 3  # of a message that is refused for good
IN_ROW: Final = 20  # messages refused for good one after the other: then it is the channel that is wrong
_BATCH: Final = 200
_BUDGET: Final = 20.0  # seconds for a channel before the worker turns to others
_LOCK: Final = 0x6D635F6D  # beside the channel's own number: two workers never send by one channel at once


def deliver_due() -> int:
    """Send by every channel what waits and whose time has come; returns how many messages were taken."""
    return sum(_serve(channel) for channel in configured())


def _serve(channel: Channel) -> int:
    with _alone(channel) as mine:
        if not mine:
            return 0
        lane, _made = Lane.objects.get_or_create(pk=channel.value)
        if lane.next_at > timezone.now():
            return 0
        return _sent(channel, lane)


@contextmanager
def _alone(channel: Channel) -> Iterator[bool]:
    """Whether this worker has the channel for itself; let go at the end, or with the connection."""
    number = list(Channel).index(channel)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, number])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, number])


def _sent(channel: Channel, lane: Lane) -> int:
    taken, in_row, until = 0, 0, time.monotonic() + _BUDGET
    batch = due(channel, _BATCH)
    if not batch:
        return 0
    try:
        with opened(channel) as sender:
            while batch and time.monotonic() < until:
                composer = Composer.of(channel, batch)
                for message in batch:
                    outcome = _send(sender, composer, message)
                    taken += outcome is True
                    in_row = 0 if outcome is True else in_row + (outcome is False)
                    if in_row >= IN_ROW:
                        raise Closed("refuses_all")
                    if time.monotonic() > until:
                        break
                batch = due(channel, _BATCH)
    except Closed as closed:
        _LOG.warning("channel %s takes no messages: %s", channel.value, closed.code)
        tries = lane.tries + 1 if not taken else 1
        lane.tries, lane.error, lane.next_at = tries, closed.code, timezone.now() + retry.wait(tries)
        lane.save(update_fields=["tries", "error", "next_at"])
    else:
        lane.tries, lane.error = 0, ""
        lane.save(update_fields=["tries", "error"])
    if taken:
        Lane.objects.filter(pk=channel.value).update(sent_at=timezone.now())
    return taken


def _send(sender: Sender, composer: Composer, message: Due) -> bool | None:
    """One message, noted when it has ended: a worker killed between the two sends it again under the same key.

    True when it was taken, False when it was refused for good, None when neither.
    """
    parcel = composer.parcel(message)
    if parcel is None:
        _settle(composer.channel, message, state=MessageState.NO_ADDRESS)
        return None
    try:
        sender.send(parcel)
    except Returned as returned:
        _note_return(composer.channel, message, returned)
        return False if returned.for_good else None
    _settle(composer.channel, message, state=MessageState.SENT, tries=message.tries + 1, error="")
    return True


def _note_return(channel: Channel, message: Due, returned: Returned) -> None:
    """Try it again after a pause, or put it before a person when it was refused for good often enough."""
    tries, refusals = message.tries + 1, message.refusals + returned.for_good
    said: dict[str, object] = {"tries": tries, "refusals": refusals, "error": returned.code}
    if refusals >= TRIES:
        _settle(channel, message, state=MessageState.REFUSED, **said)
        return
    _waiting(channel, message).update(**said, next_at=timezone.now() + retry.wait(refusals or tries))


def _settle(channel: Channel, message: Due, **values: object) -> None:
    _waiting(channel, message).update(settled_at=timezone.now(), **values)


def _waiting(channel: Channel, message: Due) -> QuerySet[Message]:
    return Message.objects.filter(position=message.position, channel=channel.value, state=MessageState.WAITING)
