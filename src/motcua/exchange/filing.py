"""What a system does for applicants who filed with it: the dossier, what they bring later, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from motcua.agencies import walls
from motcua.agencies.access import Act, Reader, for_system
from motcua.dossiers import commands, listing
from motcua.dossiers import queries as dossiers
from motcua.dossiers.listing import Progress
from motcua.dossiers.slip import ref_id
from motcua.dossiers.wording import Refused
from motcua.exchange.models import Filing
from motcua.law.dossier import commands as law
from motcua.law.dossier import events as e
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Component, Pause, Refusal
from motcua.persons import queries as persons
from motcua.persons.commands import note_access
from motcua.persons.queries import Sight

_PURPOSE = "Báo cho người nộp điều cơ quan yêu cầu, qua hệ thống đã nộp thay"


@dataclass(frozen=True, slots=True)
class Filed:
    """A dossier that the client filed, under the client's own number."""

    reference: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class Page:
    """Filings, the newest first; `after` opens the next page."""

    items: tuple[Filed, ...]
    after: UUID | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the agency asks of the applicant now: papers or a payment, in its words, and the sum."""

    text: str
    amount: int | None


@transaction.atomic
def file(
    client_id: UUID, reader: Reader, desk: int, new: commands.NewDossier, *, reference: str, command_id: UUID
) -> commands.Answer:
    """Hand in a dossier at a desk and keep the client's number for it. Raises as dossiers.commands.file_online."""
    answer = commands.file_online(reader, desk, new, command_id=command_id)
    made = Filing(dossier_id=answer.dossier_id, client_id=client_id, reference=reference)
    Filing.objects.bulk_create([made], ignore_conflicts=True)  # a repeated command gives the dossier it gave before
    return answer


def filings(client_id: UUID, reader: Reader, *, after: UUID | None = None, limit: int = 50) -> Page:
    """What the client filed; keyset pages over index filing_of_client."""
    rows = Filing.objects.filter(client_id=client_id).order_by("-dossier_id")
    if after is not None:
        rows = rows.filter(dossier_id__lt=after)
    found = list(rows[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    known = listing.progress_of(reader, [row.dossier_id for row in found])
    items = tuple(Filed(row.reference, known[row.dossier_id]) for row in found if row.dossier_id in known)
    return Page(items, found[-1].dossier_id if more else None)


def filing(client_id: UUID, reader: Reader, dossier_id: UUID) -> Filed:
    """One of them. Raises NoSuchDossier for what the client's agency did not file."""
    progress = listing.progress(reader, dossier_id)
    reference = Filing.objects.filter(dossier_id=dossier_id, client_id=client_id).values_list("reference", flat=True)
    return Filed(reference.first() or "", progress)


def asked(reader: Reader, dossier_id: UUID) -> Asked | None:
    """What the applicant is waited for, None when for nothing; reading the words is noted in the access log.

    Raises NoSuchDossier for what the client's agency did not file.
    """
    if listing.progress(reader, dossier_id).waits_for is None:
        return None
    story = dossiers.story(for_system(_PURPOSE), dossier_id)
    paused = next(each for each in reversed(story) if each.type == e.Paused.TYPE)
    return Asked(_words(reader, story[0].data["intake"], ref_id(paused.data, "reason")), paused.data.get("amount"))


def _words(reader: Reader, came: dict[str, Any], note: UUID | None) -> str:
    """The agency's words to the applicant, for the system that the applicant chose to hear them through."""
    if note is None:
        return ""
    walls.tell([note])
    found = persons.notes(for_system(_PURPOSE), [Sight(note, came["receiving_agency"], came["competent_agency"])])
    if note in found:
        note_access(reader, [note], act=Act.SEE_NAME, purpose=_PURPOSE)
    return found.get(note, "")


def bring(
    reader: Reader,
    dossier_id: UUID,
    kind: Pause,
    components: tuple[Component, ...] = (),
    *,
    command_id: UUID,
    seen_seq: int | None = None,
) -> commands.Answer:
    """Hand on what the applicant brought: papers, or the word that the payment was made.

    Raises NoSuchDossier for what the client's agency did not file, and Refused when something else is waited for.
    """
    listing.progress(reader, dossier_id)

    def build(state: State) -> law.Command:
        if state.pause_kind is not None and state.pause_kind != kind:
            params = (("status", str(int(state.status))),)
            raise Refused(Refusal("not_in_this_status", "NĐ 61/2018, Điều 19.4", params))
        return law.Resume(components)

    return commands.act(reader, dossier_id, build, command_id=command_id, seen_seq=seen_seq)
