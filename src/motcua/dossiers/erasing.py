"""Erase what is held about people, by an order: of a dossier, of a person, of all that is due, and after a restoration.

The log keeps that it was done and by which order. What goes are the sealed records with their own keys and indexes,
and the files with theirs; chain, rows, positions and proofs stay as they are, since they never held any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from motcua.agencies import walls
from motcua.agencies.access import Reader
from motcua.dossiers import commands, erasures, holds, refs, retention
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.erasures import Entry
from motcua.dossiers.models import Dossier, Erasure
from motcua.dossiers.people import Involved, involving
from motcua.dossiers.wording import Refused
from motcua.files import commands as files
from motcua.law.dossier import commands as law
from motcua.law.dossier import is_order
from motcua.law.dossier.reckoning import local
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Ref, Refusal
from motcua.persons import commands as persons
from motcua.persons import queries as people


@dataclass(frozen=True, slots=True)
class Gone:
    """What was erased of a dossier: how many records and files; `dossier_id` None for records of no dossier."""

    dossier_id: UUID | None
    records: int
    files: int


@dataclass(frozen=True, slots=True)
class Done:
    """What an order came to: what went, and each dossier that stays, by its code, with the reason."""

    gone: tuple[Gone, ...]
    kept: tuple[tuple[str, Refused], ...] = ()

    @property
    def records(self) -> int:
        """How many records went."""
        return sum(each.records for each in self.gone)

    @property
    def files(self) -> int:
        """How many files went."""
        return sum(each.files for each in self.gone)


def erase_dossier(
    reader: Reader, dossier_id: UUID, order: str, *, command_id: UUID | None = None, early: bool = False,
    parts: Iterable[UUID] = (),
) -> Gone:  # fmt: skip
    """Erases everything about people in a dossier that has ended, or with `parts` only these records.

    For the leader of the agency that settled it, and for the system. `early` erases before the time of keeping is over,
    which the log then says. Raises NoSuchDossier, NotPermitted, and Refused for a dossier that is held, has not ended,
    is still to be kept, or was erased before.
    """
    _check_order(order)
    counts: list[Gone] = []
    asked = frozenset(parts)

    def build(state: State) -> law.Command:
        records, scans = refs.of_dossiers([dossier_id])[dossier_id]
        holds.refuse_if_held(dossier_id, asked or records)
        if not early:
            _refuse_if_kept(state)
        gone = _parts(dossier_id, asked)
        entry = Entry.new(reader, order, dossier_id, asked or records, () if asked else scans, early=early, parts=gone)
        counts.append(_wipe(entry))
        return law.Erase(order.strip(), gone, early)

    commands.act(reader, dossier_id, build, command_id=command_id or commands.new_id())
    return counts[0] if counts else Gone(dossier_id, 0, 0)  # nothing counted: this command was carried out before


def erase_person(reader: Reader, number: str, order: str, *, early: bool = False) -> Done:
    """Erases what is held of the person with this id number, each dossier on its own.

    What the person owns goes whole; of a dossier of somebody else only the person's own record goes. For staff within
    the dossiers that they may act on. Raises NotPermitted for who may see no id number.
    """
    _check_order(order)
    records = holds.visible(reader, people.find_by_id_number(reader, number, limit=100_000))
    involved = involving(records)
    done = _each(involved, lambda each: _erase_involved(reader, each, order, early=early))
    loose = set(records) - {record for each in involved for record in each.records}
    if reader.kind == "system" and loose and not done.kept:
        done = Done((*done.gone, _erase_loose(reader, loose, order)), done.kept)
    return done


def erase_due(
    reader: Reader, order: str, *, only: Iterable[UUID] | None = None, agency_id: int | None = None,
    limit: int | None = None,
) -> Done:  # fmt: skip
    """Erases what is due at the reader's agency, or those of it in `only`; what is held stays and is named.

    Stopped half-way, or by `limit`, it can simply be run again. Raises NotPermitted for who leads no agency.
    """
    _check_order(order)
    wanted = None if only is None else set(only)
    gone: list[Gone] = []
    kept: list[tuple[str, Refused]] = []
    after: str | None = ""
    while after is not None and (limit is None or len(gone) < limit):
        page = retention.due(reader, agency_id=agency_id, after=after)
        rows = [row for row in page.rows if wanted is None or row.id in wanted]
        if limit is not None:
            rows = rows[: limit - len(gone)]
        done = _each(
            (Involved(row.id, frozenset(), owned=True) for row in rows),
            lambda each: erase_dossier(reader, each.dossier_id, order),
        )
        gone += done.gone
        kept += done.kept
        after = page.after
    return Done(tuple(gone), tuple(kept))


def erase_again(reader: Reader, entries: Iterable[Entry]) -> Done:
    """Does again what these orders did, where an older backup brought it back: records, files, and a word in the log.

    Doing it twice changes nothing more. Only for the system.
    """
    done = [_again(reader, entry) for entry in entries]
    return Done(tuple(each for each in done if each is not None))


def _again(reader: Reader, entry: Entry) -> Gone | None:
    """One entry done again in one transaction; None when there was nothing left of it, and it was known."""
    with transaction.atomic():
        known = Erasure.objects.filter(pk=entry.id).exists()
        row = Dossier.objects.filter(pk=entry.dossier_id).first() if entry.dossier_id else None
        if row is not None and entry.whole and not known:
            records, scans = refs.of_dossiers([row.pk])[row.pk]
            entry = entry.with_more(records, scans)
        gone = _wipe(entry, keep=not known)
        if row is not None and not known:
            command = law.Erase(entry.order, entry.parts, entry.early, again=True)
            commands.act(reader, row.pk, command, command_id=commands.new_id())
    return None if known and not (gone.records or gone.files) else gone


def _erase_involved(reader: Reader, each: Involved, order: str, *, early: bool) -> Gone:
    parts = () if each.owned else each.records
    return erase_dossier(reader, each.dossier_id, order, early=early, parts=parts)


def _each(listed: Iterable[Involved], erase: Callable[[Involved], Gone]) -> Done:
    """Erase one dossier after the other; a refused one is named and holds up no other."""
    gone: list[Gone] = []
    kept: list[tuple[UUID, Refused]] = []
    for each in listed:
        try:
            gone.append(erase(each))
        except Refused as refused:
            kept.append((each.dossier_id, refused))
        except NoSuchDossier:
            continue
    codes = dict(Dossier.objects.filter(pk__in=[dossier for dossier, _ in kept]).values_list("id", "code"))
    return Done(tuple(gone), tuple((codes[dossier], refused) for dossier, refused in kept))


@transaction.atomic
def _erase_loose(reader: Reader, records: set[UUID], order: str) -> Gone:
    """Records of the person that stand in no dossier, such as that of a hold that was lifted."""
    return _wipe(Entry.new(reader, order, None, records, ()))


def _wipe(entry: Entry, *, keep: bool = True) -> Gone:
    """Erase an entry's records and files and keep the entry, all in the caller's transaction."""
    # Who may erase need not be one who may read it; rows behind the wall would be passed over without a word.
    walls.tell({*entry.records, *entry.files})
    gone = Gone(
        entry.dossier_id, persons.erase_many(entry.records, entry.order), files.erase_many(entry.files, entry.order)
    )
    if keep:
        erasures.keep(entry)
    return gone


def _parts(dossier_id: UUID, asked: frozenset[UUID]) -> tuple[Ref, ...]:
    """The references of these records as the dossier's events have them."""
    found = refs.commitments(dossier_id) if asked else {}
    return tuple(Ref(str(record), found[record]) for record in sorted(asked))


def _refuse_if_kept(state: State) -> None:
    keeping = retention.keeping(state, retention.schedule())
    if not keeping.over(local(timezone.now()).date()) and state.closed_at is not None:
        until = f"{keeping.until:%d/%m/%Y}" if keeping.until else ""
        raise Refused(Refusal("still_kept", params=(("until", until),)) if until else Refusal("kept_without_end"))


def _check_order(order: str) -> None:
    if not is_order(order.strip()):
        raise Refused(Refusal("order_needs_number"))
