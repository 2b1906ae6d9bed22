"""The writers: new words, sending a refused message again, and noting that a reminder was seen."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from motcua.agencies.access import Act, NotPermitted, Reader
from motcua.law.telling import Occasion
from motcua.notices import queries
from motcua.notices.kinds import Channel, MessageState
from motcua.notices.models import Message, Reminder, Template
from motcua.notices.queries import EDITORS, InForce
from motcua.notices.texts import Texts


class NoSuchMessage(LookupError):  # noqa: N818 - answers 404
    """There is no refused message of that key, or the reader may not act on its dossier."""


def save_template(reader: Reader, occasion: Occasion, texts: Texts, channels: Iterable[Channel]) -> InForce:
    """Put new words in force from the next message on. Raises BadText, and NotPermitted for who may not."""
    if not reader.roles & EDITORS:
        raise NotPermitted(_("Chỉ quản trị hệ thống sửa được mẫu tin."))
    clean, ways = texts.checked(), sorted(set(channels))
    row = Template.objects.create(
        occasion=occasion.value, texts=clean.to_data(), channels=ways, staff_id=reader.staff_id
    )
    row.refresh_from_db(fields=["saved_at"])
    return InForce(occasion, clean, frozenset(ways), row.saved_at)


def send_again(reader: Reader, dossier_id: UUID, position: int, channel: Channel) -> None:
    """Put a refused message back into its line, after its address was mended. Raises NoSuchMessage, NotPermitted."""
    refused = Message.objects.filter(
        position=position, channel=channel.value, dossier_id=dossier_id, state=MessageState.REFUSED
    )
    row = refused.first()
    if row is None:
        raise NoSuchMessage(position)
    reader.require(Act.ACT, receiving_agency_id=row.receiving_agency_id, competent_agency_id=row.competent_agency_id)
    refused.update(state=MessageState.WAITING, refusals=0, next_at=Now(), settled_at=None)


def see(reader: Reader, ids: Iterable[int] | None = None) -> int:
    """Note that the reader has seen these reminders of theirs, or all; returns how many were new."""
    mine = Reminder.objects.filter(staff_id=reader.staff_id or 0, seen_at=None)
    if ids is not None:
        mine = mine.filter(pk__in=list(ids))
    queries.forget()
    return mine.update(seen_at=Now())
