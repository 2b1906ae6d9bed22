"""What an operator should know of the log: claimed moments, set-aside events, what waits, and how far followers are."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection

from motcua.dossiers.duties import done
from motcua.dossiers.models import Bookmark, FollowerFault


@dataclass(frozen=True, slots=True)
class ClaimedGap:
    """Events whose moment is a claim, by ground: how many, and the longest gap to the recording, in hours."""

    ground: str
    events: int
    dossiers: int
    longest_hours: float


@dataclass(frozen=True, slots=True)
class Late:
    """A dossier whose claimed moment lies far before its recording."""

    dossier_id: str
    seq: int
    ground: str
    hours: float


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the log and its followers; `clock_behind`: seconds that the clock lies too far before the log."""

    events: int
    positions: int
    unplaced: int
    followers: dict[str, int]
    set_aside: tuple[tuple[str, int, str], ...]
    claims: tuple[ClaimedGap, ...]
    widest_claims: tuple[Late, ...]
    failed_duties: tuple[tuple[str, str], ...]
    clock_behind: int

    @property
    def quiet(self) -> bool:
        """Whether nothing asks for a person: no event set aside, no duty failed, no clock set back."""
        return not (self.set_aside or self.failed_duties or self.clock_behind)

    def to_data(self) -> dict[str, Any]:
        """The report as JSON-able data."""
        return {"quiet": self.quiet, **asdict(self)}


_COUNTS = """
SELECT (SELECT count(*) FROM dossiers_event), (SELECT count(*) FROM dossiers_position),
       (SELECT count(*) FROM dossiers_unplaced)
"""
# How far the clock is behind the newest event, in seconds; a few minutes are let pass as the recording does.
_BEHIND = """
SELECT greatest(0, ceil(extract(epoch FROM e.recorded_at - clock_timestamp() - interval '5 minutes')))::int
FROM dossiers_event e JOIN dossiers_position p USING (dossier_id, seq) ORDER BY p.position DESC LIMIT 1
"""
_CLAIMS = """
SELECT ground, count(*), count(DISTINCT dossier_id),
       round((extract(epoch FROM max(recorded_at - happened_at)) / 3600)::numeric, 1)
FROM dossiers_event WHERE ground IS NOT NULL GROUP BY ground ORDER BY ground
"""
_WIDEST = """
SELECT dossier_id::text, seq, ground, round((extract(epoch FROM recorded_at - happened_at) / 3600)::numeric, 1)
FROM dossiers_event WHERE ground IS NOT NULL AND ground NOT IN ('imported_log', 'demonstration')
ORDER BY recorded_at - happened_at DESC LIMIT %s
"""


def check(listed: int = 20) -> Health:
    """Look at the log; the widest claims of people (not of imports and demonstrations) are listed."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        events, positions, unplaced = cursor.fetchone()
        cursor.execute(_CLAIMS)
        claims = tuple(ClaimedGap(g, n, d, float(hours)) for g, n, d, hours in cursor.fetchall())
        cursor.execute(_BEHIND)
        behind = (cursor.fetchone() or [0])[0]
        cursor.execute(_WIDEST, [listed])
        widest = tuple(Late(d, s, g, float(hours)) for d, s, g, hours in cursor.fetchall())
    aside = FollowerFault.objects.order_by("follower", "position").values_list("follower", "position", "error")
    followers = dict(Bookmark.objects.order_by("follower").values_list("follower", "position"))
    failed = tuple((each.name, each.error) for each in done() if each.error)
    return Health(events, positions, unplaced, followers, tuple(aside[:100]), claims, widest, failed, behind)
