"""What a message says and whom it goes to, looked up when it is sent: the words in force, the dossier as it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation

from motcua.agencies import queries as agencies
from motcua.agencies.access import for_system
from motcua.law.dossier import read
from motcua.law.telling import Occasion, told
from motcua.law.vietnamese import without_marks
from motcua.notices.kinds import Channel
from motcua.notices.queries import InForce, in_force
from motcua.notices.senders import Parcel
from motcua.notices.texts import Texts, filled, short
from motcua.persons import queries as persons
from motcua.persons.queries import Contact
from motcua.procedures import queries as procedures
from motcua.ui import formats

# The next of each dossier by a channel: its earlier ones must be gone first. Uses message_waiting and message_dossier.
_DUE: Final = """
SELECT m.position, m.occasion, m.dossier_id, m.receiving_agency_id, m.competent_agency_id, m.tries, m.refusals,
    d.code, d.procedure_version_id, coalesce((d.state #>> '{intake,submitter,id}')::uuid, d.owner_id), t.token,
    e.type, e.version, e.data
FROM notices_message m
JOIN dossiers_dossier d ON d.id = m.dossier_id
JOIN dossiers_event e ON e.dossier_id = m.dossier_id AND e.seq = m.seq
LEFT JOIN dossiers_ticket t ON t.dossier_id = m.dossier_id
WHERE m.channel = %(channel)s AND m.state = 0 AND m.next_at <= clock_timestamp() AND NOT EXISTS (
    SELECT FROM notices_message b WHERE b.dossier_id = m.dossier_id AND b.channel = m.channel
        AND b.position < m.position AND b.state = 0)
ORDER BY m.position LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A message whose turn it is."""

    position: int
    occasion: Occasion
    dossier_id: UUID
    receiving: int
    competent: int
    tries: int
    refusals: int
    code: str
    procedure_version: int
    addressee: UUID
    token: bytes | None
    due_at: datetime | None

    @classmethod
    def of(cls, *row: Any) -> Due:
        """From a row: the last three columns are the event, whose promised time stands in the words."""
        *plain, token, kind, version, data = row
        position, occasion, dossier_id, receiving, competent, tries, refusals, code, procedure, addressee = plain
        said = told(read(kind, version, json.loads(data)))
        return cls(
            position,
            Occasion(occasion),
            dossier_id,
            receiving,
            competent,
            tries,
            refusals,
            code,
            procedure,
            addressee,
            bytes(token) if token else None,
            said.due_at if said else None,
        )


def due(channel: Channel, limit: int) -> list[Due]:
    """The messages of a channel that may go now, in the order of the log: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"channel": channel.value, "limit": limit})
        return [Due.of(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Composer:
    """Everything that the messages of a batch need, read in five statements whatever their number."""

    channel: Channel
    words: Mapping[Occasion, InForce]
    contacts: Mapping[UUID, Contact]
    heads: Mapping[int, agencies.FormHead]
    procedures: Mapping[int, str]

    @classmethod
    def of(cls, channel: Channel, batch: Sequence[Due]) -> Composer:
        """Read what a batch needs."""
        reader = for_system("messages to applicants")
        ids = {each.receiving for each in batch} | {each.competent for each in batch}
        return cls(
            channel,
            in_force(),
            persons.contacts(reader, {each.addressee for each in batch}),
            agencies.form_heads(ids),
            procedures.names(reader, {each.procedure_version for each in batch}),
        )

    def parcel(self, message: Due) -> Parcel | None:
        """The message as it goes out; None when the applicant gave no address for the channel, or was erased."""
        contact = self.contacts.get(message.addressee)
        if contact is None:
            return None
        to = contact.email if self.channel is Channel.MAIL else international(contact.phone)
        if not to:
            return None
        texts = self.words[message.occasion].texts
        key = f"notice.{message.position}.{self.channel.value}"
        if self.channel is Channel.MAIL:
            subject, text = self._letter(texts, message)
            return Parcel(key, to, subject, text)
        # Who is known by a passport reads English sooner than Vietnamese, and two texts would cost twice.
        english = contact.passport and bool(texts.short_en)
        words = short(texts.short_en if english else texts.short, self._values(message, "en" if english else "vi"))
        plain = self.channel is Channel.SMS and settings.MOTCUA_SMS_PLAIN
        return Parcel(key, to, "", without_marks(words) if plain else words)

    def _letter(self, texts: Texts, message: Due) -> tuple[str, str]:
        """Subject and body: Vietnamese, and English below where there are words for it."""
        values = self._values(message, "vi")
        subject, body = filled(texts.subject, values), filled(texts.body, values)
        if texts.body_en:
            values = self._values(message, "en")
            body += f"\n\n{'-' * 40}\n\n{filled(texts.subject_en, values)}\n\n{filled(texts.body_en, values)}"
        return " ".join(subject.split()), body + "\n"

    def _values(self, message: Due, language: str) -> dict[str, str]:
        desk, agency = self.heads[message.receiving], self.heads[message.competent]
        with translation.override(language):
            promised = formats.moment(message.due_at).replace(formats.NO_BREAK, " ")
        return {
            "code": message.code,
            "procedure": self.procedures.get(message.procedure_version, ""),
            "agency": agency.agency_name,
            "desk": desk.desk_name or desk.agency_name,
            "due": promised,
            "link": link(message.token),
        }


def link(token: bytes | None) -> str:
    """The dossier's page as applicants reach it; empty where the operator has not said under which address."""
    if token is None or not settings.MOTCUA_SITE:
        return ""
    return f"{settings.MOTCUA_SITE}{reverse('portal:tracking', args=[token.hex()])}"


def international(phone: str) -> str:
    """A number as gateways want it, +84912345678; empty for what is no number."""
    digits = "".join(sign for sign in phone if sign.isdecimal())
    if phone.strip().startswith("+"):
        return f"+{digits}" if digits else ""
    return f"+84{digits[1:]}" if digits.startswith("0") and len(digits) > 1 else ""
