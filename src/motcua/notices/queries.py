"""Readers of the notices: words in force, messages of a dossier and refused ones, own reminders, apologies to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from motcua.agencies.access import Act, NotPermitted, Reader, Role
from motcua.dossiers import marks
from motcua.dossiers.queries import codes_of
from motcua.law.telling import Occasion
from motcua.notices.kinds import Channel, MessageState
from motcua.notices.models import ApologyDraft, Reminder, Template
from motcua.notices.texts import Texts
from motcua.notices.wording import DEFAULTS, SHORT_BY_DEFAULT, TITLES

PAGE: Final = 50
_COUNTED: Final[dict[int, tuple[float, int]]] = {}  # by post: when it was counted, and how many
_LATELY: Final = 20.0  # seconds
_REMEMBERED: Final = 10_000  # posts
EDITORS: Final = frozenset({Role.ADMINISTRATOR})


_BESIDE: Final = """
SELECT n.unseen, m.position, m.occasion, m.channel, m.state, m.created_at, m.settled_at, m.tries, m.error
FROM (SELECT count(*) AS unseen FROM (
    SELECT FROM notices_reminder WHERE staff_id = %(staff)s AND seen_at IS NULL LIMIT 100) r) n
LEFT JOIN notices_message m ON m.dossier_id = %(dossier)s AND (%(all)s
    OR m.receiving_agency_id = ANY(%(receiving)s) OR m.competent_agency_id = ANY(%(competent)s))
ORDER BY m.position DESC, m.channel
"""


@dataclass(frozen=True, slots=True)
class InForce:
    """The words of an occasion and the channels they go by; `saved_at` is None for the shipped ones."""

    occasion: Occasion
    texts: Texts
    channels: frozenset[Channel]
    saved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A message about a dossier as staff see it: what it told, by which channel, and what became of it."""

    position: int
    occasion: Occasion
    channel: Channel
    state: MessageState
    created_at: datetime
    settled_at: datetime | None
    tries: int
    error: str

    @property
    def title(self) -> Promise:
        """The occasion in words."""
        return TITLES[self.occasion]


@dataclass(frozen=True, slots=True)
class Fare:
    """How a channel fares: what waits, was refused lately, and whether anybody answers there."""

    channel: Channel
    waiting: int
    oldest: datetime | None
    refused: int
    error: str
    next_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReminderView:
    """Something that the reader is reminded of; `code` is empty where the dossier is no longer theirs to see."""

    id: int
    kind: str
    dossier_id: UUID | None
    code: str
    due_at: datetime | None
    hours: int
    number: int
    made_at: datetime
    seen: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """An apology that waits for its reason and its signature."""

    dossier_id: UUID
    due_at: datetime
    limit_at: datetime
    new_due_at: datetime


def shipped(occasion: Occasion) -> InForce:
    """What holds until somebody writes other words."""
    brief = {Channel.SMS, Channel.CHAT} if occasion in SHORT_BY_DEFAULT else set()
    return InForce(occasion, DEFAULTS[occasion], frozenset({Channel.MAIL, *brief}))


def in_force() -> dict[Occasion, InForce]:
    """The words of every occasion: one statement."""
    found = {occasion: shipped(occasion) for occasion in Occasion}
    for row in Template.objects.order_by("occasion", "-id").distinct("occasion"):
        occasion = Occasion(row.occasion)
        channels = frozenset(Channel(each) for each in row.channels)
        found[occasion] = InForce(occasion, Texts.from_data(row.texts), channels, row.saved_at)
    return found


def beside(reader: Reader, dossier_id: UUID) -> tuple[tuple[Told, ...], int]:
    """What the applicant of a dossier was told, the latest first, and the reader's unseen reminders: one statement.

    Nothing of a dossier that the reader may not see.
    """
    scope = reader.scope(Act.SEE)
    values: dict[str, Any] = {
        "dossier": dossier_id,
        "staff": reader.staff_id or 0,
        "all": scope.everything,
        "receiving": sorted(scope.receiving),
        "competent": sorted(scope.competent),
    }
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, values)
        rows = cursor.fetchall()
    found = (
        Told(position, Occasion(occasion), Channel(channel), MessageState(state), *rest)
        for _unseen, position, occasion, channel, state, *rest in rows
        if position is not None
    )
    return tuple(found), rows[0][0]


def fares(reader: Reader) -> tuple[Fare, ...]:
    """How the channels fare that anything ever went by: one statement. Raises NotPermitted for who may not ask."""
    if not reader.roles & EDITORS:
        raise NotPermitted
    sql = """
        SELECT l.channel, coalesce(w.waiting, 0), w.oldest, coalesce(w.refused, 0), l.error, l.next_at, l.sent_at
        FROM notices_lane l LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE state = 0) AS waiting, min(created_at) FILTER (WHERE state = 0) AS oldest,
                count(*) FILTER (WHERE state = 2) AS refused
            FROM notices_message WHERE channel = l.channel AND state IN (0, 2)) w ON true ORDER BY l.channel"""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return tuple(Fare(Channel(channel), *rest) for channel, *rest in cursor.fetchall())


def reminders(reader: Reader, *, before: int | None = None, limit: int = PAGE) -> tuple[ReminderView, ...]:
    """The reader's own, the latest first: two statements."""
    query = Reminder.objects.filter(staff_id=reader.staff_id or 0).order_by("-id")
    if before is not None:
        query = query.filter(pk__lt=before)
    rows = list(query[:limit])
    codes = codes_of(reader, [row.dossier_id for row in rows if row.dossier_id])
    return tuple(
        ReminderView(
            row.pk,
            row.kind,
            row.dossier_id,
            codes.get(row.dossier_id, "") if row.dossier_id else "",
            row.due_at,
            row.hours,
            row.number,
            row.made_at,
            row.seen_at is not None,
        )
        for row in rows
    )


def unseen(reader: Reader) -> int:
    """How many of the reader's own they have not seen, at most 100: one statement."""
    return Reminder.objects.filter(staff_id=reader.staff_id or 0, seen_at=None)[:100].count()


def unseen_lately(reader: Reader) -> int:
    """The same as it was at most some seconds ago: what stands beside a place's name costs a page no statement."""
    staff, now = reader.staff_id or 0, monotonic()
    known = _COUNTED.get(staff)
    if known is None or now - known[0] > _LATELY:
        if len(_COUNTED) > _REMEMBERED:
            _COUNTED.clear()
        known = _COUNTED[staff] = (now, unseen(reader))
    return known[1]


def forget() -> None:
    """Count anew when next asked, in this process."""
    _COUNTED.clear()


def drafts(reader: Reader, *, after: str = "", limit: int = PAGE) -> tuple[tuple[DraftView, ...], str | None]:
    """Apologies that wait for the reader's signature, the most urgent first, and the mark of the next page."""
    query = _to_sign(reader).order_by("limit_at", "dossier_id")
    if after:
        moment, last = marks.read(after)
        query = query.filter(Q(limit_at__gt=moment) | Q(limit_at=moment, dossier_id__gt=last))
    rows = list(query.values_list("dossier_id", "due_at", "limit_at", "new_due_at")[: limit + 1])
    views = tuple(DraftView(*row) for row in rows[:limit])
    return views, marks.mark(views[-1].limit_at, views[-1].dossier_id) if len(rows) > limit else None


def drafts_waiting(reader: Reader) -> int:
    """How many apologies wait for the reader's signature: one statement."""
    return _to_sign(reader).count()


def draft_of(reader: Reader, dossier_ids: list[UUID]) -> dict[UUID, DraftView]:
    """The drafts of these dossiers as far as the reader may sign them: one statement."""
    rows = _to_sign(reader).filter(dossier_id__in=dossier_ids)
    return {row[0]: DraftView(*row) for row in rows.values_list("dossier_id", "due_at", "limit_at", "new_due_at")}


def _to_sign(reader: Reader) -> QuerySet[ApologyDraft]:
    """The competent agency's leader signs (Circular 01/2018, form 04)."""
    if Role.LEADER not in reader.roles:
        return ApologyDraft.objects.none()
    return ApologyDraft.objects.filter(competent_agency_id__in=sorted(reader.own_agency_ids))
