"""Apply an official change of the calendar to an agency's open dossiers: a leader's recorded act for each of them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from motcua.agencies import queries as agencies
from motcua.agencies.access import Act, NotPermitted, Reader
from motcua.dossiers import commands
from motcua.dossiers.buckets import Bucket
from motcua.dossiers.models import Dossier
from motcua.dossiers.wording import Refused
from motcua.law.dossier.reckoning import calendar_id


@dataclass(frozen=True, slots=True)
class Recounted:
    """How many due times moved, how many stay as they are, and the dossiers that refused with the reason's code."""

    moved: int
    unchanged: int
    refused: tuple[tuple[UUID, str], ...]


def waiting(reader: Reader) -> int:
    """How many open dossiers of the reader's agency were counted by another version of its calendar than the newest."""
    return _counted_otherwise(reader).count() if _may(reader) else 0


def counted_otherwise(reader: Reader, limit: int | None = None) -> tuple[UUID, ...]:
    """These dossiers, due next first; raises NotPermitted for who may not act on them.

    Paused ones are left out: their due times are set anew when they go on.
    """
    if not _may(reader):
        raise NotPermitted
    return tuple(_counted_otherwise(reader).order_by("due_sort", "id").values_list("id", flat=True)[:limit])


def _may(reader: Reader) -> bool:
    own = reader.agency_id
    return own is not None and reader.may(Act.ACT, receiving_agency_id=own, competent_agency_id=own)


def _counted_otherwise(reader: Reader) -> QuerySet[Dossier]:
    """Uses index dossier_inbox for what the agency holds; a competent agency holds its open dossiers itself."""
    calendar, _version = agencies.calendar_for(reader.agency_id or 0)
    return Dossier.objects.filter(
        holder_agency_id__in=sorted(reader.own_agency_ids),
        competent_agency_id__in=sorted(reader.own_agency_ids),
        bucket=Bucket.WORK,
        due_at_current__isnull=False,
    ).exclude(state__appointment__calendar=calendar_id(calendar))


def recount_open(reader: Reader, limit: int | None = None) -> Recounted:
    """Recount these dossiers by the newest calendar, each in its own transaction, never earlier than promised.

    Only the agency's leader may (the law refuses others). Stopped half-way, or by `limit`, it can simply be run again.
    """
    moved = unchanged = 0
    refused: list[tuple[UUID, str]] = []
    for dossier_id in counted_otherwise(reader, limit):
        try:
            commands.recount(reader, dossier_id, command_id=commands.new_id())
            moved += 1
        except Refused as answer:
            if answer.refusal.code == "nothing_changes":
                unchanged += 1
            else:
                refused.append((dossier_id, answer.refusal.code))
    return Recounted(moved, unchanged, tuple(refused))
