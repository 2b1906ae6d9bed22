"""Dossiers with all that happened to them, many at once: what papers are made from, in a few statements whatever their
number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from motcua.agencies.access import Act, Reader
from motcua.dossiers import projection
from motcua.dossiers.circumstances import processes
from motcua.dossiers.models import Ticket
from motcua.dossiers.queries import Happening, Row, _happening, _rows, _visible
from motcua.law.dossier.state import State
from motcua.law.process import Process

_STORIES = """
SELECT e.dossier_id, e.seq, e.type, coalesce(e.happened_at, e.recorded_at), e.recorded_at, e.ground, e.actor_staff,
       e.actor_agency, e.data, NULL::bigint
FROM dossiers_event e JOIN dossiers_dossier d ON d.id = e.dossier_id
WHERE e.dossier_id = ANY(%s) AND (%s OR d.receiving_agency_id = ANY(%s) OR d.competent_agency_id = ANY(%s))
ORDER BY e.dossier_id, e.seq
"""


@dataclass(frozen=True, slots=True)
class Folder:
    """A dossier, its story and its process. `token` (hex) opens the tracking page; only who may act on it has it."""

    row: Row
    state: State
    story: tuple[Happening, ...]
    process: Process | None
    token: str = field(default="", repr=False)

    @property
    def pair(self) -> tuple[int, int]:
        """The receiving and the competent agency."""
        return self.row.receiving_agency_id, self.row.competent_agency_id

    def last(self, *types: str) -> Happening | None:
        """The latest event of one of these types."""
        return next((each for each in reversed(self.story) if each.type in types), None)


def rows(reader: Reader, dossier_ids: Collection[UUID]) -> dict[UUID, Row]:
    """Those of these dossiers that the reader may see, as lists show them: one statement."""
    return {row.id: row for row in _rows(_visible(reader, Q(pk__in=list(dossier_ids))))}


def folders(reader: Reader, dossier_ids: Collection[UUID]) -> dict[UUID, Folder]:
    """Those of these dossiers that the reader may see: two statements, and one more for processes not met before."""
    ticket = Subquery(Ticket.objects.filter(dossier_id=OuterRef("pk")).values("token"))
    found = list(_visible(reader, Q(pk__in=list(dossier_ids))).annotate(token=ticket))
    stories = _stories(reader, [each.pk for each in found]) if found else {}
    listed = _rows(found)
    ways = processes({row.process_version for row in listed if row.process_version is not None})
    made = {}
    for dossier, row in zip(found, listed, strict=True):
        may_act = reader.may(
            Act.ACT, receiving_agency_id=row.receiving_agency_id, competent_agency_id=row.competent_agency_id
        )
        token = bytes(dossier.token).hex() if may_act else ""
        process = ways.get(row.process_version or 0)
        made[row.id] = Folder(row, projection.load(dossier.state), tuple(stories[row.id]), process, token)
    return made


def _stories(reader: Reader, dossier_ids: Collection[UUID]) -> Mapping[UUID, list[Happening]]:
    scope = reader.scope(Act.SEE)
    found: dict[UUID, list[Happening]] = {each: [] for each in dossier_ids}
    with connection.cursor() as cursor:
        agencies = [list(scope.receiving), list(scope.competent)]
        cursor.execute(_STORIES, [list(dossier_ids), scope.everything, *agencies])
        for dossier_id, *columns in cursor.fetchall():
            found[dossier_id].append(_happening(*columns))
    return found
