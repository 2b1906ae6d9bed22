"""Keep what an event only refers to: persons, texts and files, with the two agencies of their dossier."""

from collections.abc import Iterable
from itertools import repeat
from uuid import UUID

from motcua.dossiers.wording import Refused
from motcua.files.commands import attach
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Component, Ref, Refusal
from motcua.persons.commands import Pair, keep_applicant, keep_many, keep_note
from motcua.persons.identity import ApplicantData


def pair_of(state: State) -> Pair:
    """The dossier's two agencies, with which its records are kept."""
    return state.intake.receiving_agency, state.intake.competent_agency


def kept_with(
    owner: ApplicantData, submitter: ApplicantData | None, request: str, pair: Pair
) -> tuple[Ref, Ref | None, Ref | None]:
    """Keep owner, submitter and request in one statement, whichever of them there are."""
    request = request.strip()
    asked = [item for item in (owner, submitter, request) if item]
    if len(asked) == 1:
        return person_of(owner, pair), None, None
    refs = iter([Ref(str(kept.record_id), kept.commitment) for kept in keep_many(asked, repeat(pair))])
    return next(refs), next(refs) if submitter else None, next(refs) if request else None


def attached(items: Iterable[Component | Ref | None], pair: Pair) -> None:
    """Files belong to the dossier's agencies from the moment that they hang on it."""
    refs = [item.file if isinstance(item, Component) else item for item in items]
    attach({UUID(ref.id) for ref in refs if ref}, receiving_agency_id=pair[0], competent_agency_id=pair[1])


def person_of(data: ApplicantData, pair: Pair) -> Ref:
    """Keep a person's data sealed."""
    kept = keep_applicant(data, pair)
    return Ref(str(kept.record_id), kept.commitment)


def note_of(text: str, pair: Pair) -> Ref | None:
    """Keep a text sealed; None for an empty one."""
    if not text.strip():
        return None
    kept = keep_note(text.strip(), pair)
    return Ref(str(kept.record_id), kept.commitment)


def required_note(text: str, pair: Pair) -> Ref:
    """The same; raises Refused for an empty one."""
    note = note_of(text, pair)
    if note is None:
        raise Refused(Refusal("reason_missing"))
    return note
