"""Papers as they were issued: what was kept of each, and how it is set again exactly so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from motcua.agencies.access import Act, Reader
from motcua.dossiers import folders
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.papers.keeping import of_text
from motcua.papers.kinds import NEEDS, Kind
from motcua.papers.models import Issue
from motcua.papers.render import Paper
from motcua.persons import queries as persons
from motcua.persons.commands import Opened, note_accesses
from motcua.persons.queries import Sight


class NotIssued(LookupError):  # noqa: N818 - says what is the case
    """No such paper was issued, or its content was erased by an order."""

    message = _("Giấy này chưa phát hành, hoặc nội dung đã xóa theo quyết định.")


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper that was issued; `paper` sets it again exactly."""

    dossier_id: UUID
    kind: Kind
    ordinal: int
    issued_at: datetime
    staff_id: int | None
    engine: str
    record_id: UUID
    people: tuple[UUID, ...]
    pair: tuple[int, int]
    paper: Paper = field(repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One issue as a dossier's page lists it, without what it says."""

    kind: Kind
    ordinal: int
    issued_at: datetime
    staff_id: int | None
    engine: str


def view(row: Issue, paper: Paper) -> Issued:
    """A row with the paper that was kept of it."""
    pair = (row.receiving_agency_id, row.competent_agency_id)
    return Issued(
        row.dossier_id, Kind(row.kind), row.ordinal, row.issued_at, row.staff_id, row.engine, row.record_id,
        tuple(row.people), pair, paper,
    )  # fmt: skip


def latest(reader: Reader, kind: Kind, dossier_ids: Collection[UUID]) -> tuple[dict[UUID, Issued], dict[UUID, int]]:
    """The last issue of this kind of each dossier whose content still stands, and how often each was issued at all.

    Two statements, none for no dossiers.
    """
    rows = Issue.objects.filter(dossier_id__in=list(dossier_ids), kind=kind)
    newest = {row.dossier_id: row for row in rows.order_by("dossier_id", "ordinal")} if dossier_ids else {}
    found = _opened(reader, list(newest.values()))
    return {each.dossier_id: each for each in found}, {each: row.ordinal for each, row in newest.items()}


def one(reader: Reader, dossier_id: UUID, kind: Kind, ordinal: int) -> Issued:
    """A paper as it was issued; opening it is noted. Raises NoSuchDossier, NotPermitted, NotIssued."""
    row = Issue.objects.filter(dossier_id=dossier_id, kind=kind, ordinal=ordinal).first()
    if row is None:
        raise NotIssued
    seen = folders.rows(reader, [dossier_id])
    if dossier_id not in seen:
        raise NoSuchDossier(dossier_id)
    reader.require(
        NEEDS[kind], receiving_agency_id=row.receiving_agency_id, competent_agency_id=row.competent_agency_id
    )
    found = _opened(reader, [row])
    if not found:
        raise NotIssued
    note_opening(reader, kind, found, {dossier_id: seen[dossier_id].code})
    return found[0]


def many(reader: Reader, kind: Kind, dossier_ids: Sequence[UUID], since: datetime | None = None) -> tuple[Issued, ...]:
    """The papers of these dossiers as they were issued last, in this order.

    With `since` only those issued from then on. The openings are noted; what the reader may not have is left out.
    """
    seen = folders.rows(reader, dossier_ids) if dossier_ids else {}
    found, _often = latest(reader, kind, list(seen))
    shown = [
        found[each]
        for each in dossier_ids
        if each in found and (since is None or found[each].issued_at >= since) and _may(reader, kind, found[each])
    ]
    if shown:
        note_opening(reader, kind, shown, {row.id: row.code for row in seen.values()})
    return tuple(shown)


def _may(reader: Reader, kind: Kind, each: Issued) -> bool:
    receiving, competent = each.pair
    return reader.may(NEEDS[kind], receiving_agency_id=receiving, competent_agency_id=competent)


def note_opening(reader: Reader, kind: Kind, opened: Sequence[Issued], codes: Mapping[UUID, str]) -> None:
    """Write down whose data these papers showed again: a row for each dossier, in one statement."""
    shown = [Opened(each.people, codes[each.dossier_id], each.pair) for each in opened]
    purpose = "In giấy đã phát hành hàng loạt" if len(shown) > 1 else f"In lại giấy tờ của hồ sơ {shown[0].dossier}"
    if NEEDS[kind] != Act.SEE_ID:
        return  # a name alone is not an opening, as on every list
    note_accesses(reader, shown, act=NEEDS[kind], purpose=purpose)


def of_dossier(reader: Reader, dossier_id: UUID) -> tuple[Line, ...]:
    """What was issued for a dossier that the reader sees, the latest first: one statement."""
    rows = Issue.objects.filter(dossier_id=dossier_id).order_by("-issued_at", "-ordinal")
    return tuple(Line(Kind(row.kind), row.ordinal, row.issued_at, row.staff_id, row.engine) for row in rows)


def issued_of(reader: Reader, kind: Kind, dossier_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Which of these dossiers had this paper issued: one statement."""
    rows = Issue.objects.filter(dossier_id__in=list(dossier_ids), kind=kind)
    return frozenset(rows.values_list("dossier_id", flat=True))


def _opened(reader: Reader, rows: Sequence[Issue]) -> list[Issued]:
    """The rows whose content may still be read, with it: one statement."""
    sights = [Sight(row.record_id, row.receiving_agency_id, row.competent_agency_id) for row in rows]
    texts = persons.notes(reader, sights) if sights else {}
    return [view(row, of_text(texts[row.record_id])) for row in rows if row.record_id in texts]
