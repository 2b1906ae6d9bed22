"""Notes, for each event that the applicant is told of, which channels it goes out by. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.conf import settings
from django.db import connection

from motcua.dossiers.followers import Follower, Placed
from motcua.law.telling import TOLD, Occasion, told
from motcua.notices.kinds import Channel, MessageState
from motcua.notices.queries import in_force

# What was imported or made up for a demonstration happened elsewhere or never: nobody is told of it.
_NOTE: Final = f"""
INSERT INTO notices_message (position, channel, occasion, dossier_id, seq, receiving_agency_id, competent_agency_id,
    state, created_at, next_at, settled_at, tries, refusals, error)
SELECT t.position, t.channel, t.occasion, t.dossier_id, t.seq, t.receiving, t.competent,
    s.state, now(), now(), CASE WHEN s.state <> {MessageState.WAITING} THEN now() END, 0, 0, ''
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::uuid[], %s::int[], %s::bigint[], %s::bigint[])
    AS t (position, channel, occasion, dossier_id, seq, receiving, competent)
JOIN dossiers_event e ON e.dossier_id = t.dossier_id AND e.seq = t.seq
JOIN agencies_agency r ON r.id = t.receiving
JOIN agencies_agency c ON c.id = t.competent
CROSS JOIN LATERAL (SELECT CASE
    WHEN r.demo OR c.demo THEN {MessageState.DEMO}
    WHEN e.recorded_at < now() - make_interval(days => %s) THEN {MessageState.STALE}
    ELSE {MessageState.WAITING} END AS state) s
WHERE e.ground IS DISTINCT FROM 'imported_log' AND e.ground IS DISTINCT FROM 'demonstration'
ON CONFLICT DO NOTHING
"""  # noqa: S608 - numbers of this code


def configured() -> tuple[Channel, ...]:
    """The channels that this installation can send by."""
    ways = {
        Channel.MAIL: settings.EMAIL_HOST,
        Channel.SMS: settings.MOTCUA_SMS_GATEWAY,
        Channel.CHAT: settings.MOTCUA_CHAT_GATEWAY,
    }
    return tuple(channel for channel, way in ways.items() if way)


def _rows(batch: Sequence[Placed], wanted: Mapping[Occasion, frozenset[Channel]]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for each in batch:
        said = told(each.event)
        if said is None:
            continue
        place = (each.dossier_id, each.seq, each.receiving_agency, each.competent_agency)
        channels = sorted(wanted[said.occasion])
        found += [(each.position, channel.value, said.occasion.value, *place) for channel in channels]
    return found


def note(batch: Sequence[Placed]) -> None:
    """Note the messages of a run of events: two statements, none where no channel is set up."""
    ways = frozenset(configured())
    if not ways:
        return
    wanted = {occasion: template.channels & ways for occasion, template in in_force().items()}
    rows = _rows(batch, wanted)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [*map(list, zip(*rows, strict=True)), settings.MOTCUA_NOTICE_DAYS])


FOLLOWER: Final = Follower("messages", note, TOLD)
