"""The register book for a reader: years and their books, and the lines of each as form M06."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader
from motcua.dossiers import folders
from motcua.dossiers.queries import Row
from motcua.law.dossier.reckoning import local
from motcua.law.dossier.vocabulary import Status
from motcua.papers import assembling, forms
from motcua.papers.models import RegisterClosing, RegisterEntry, RegisterYear
from motcua.papers.register import Line, Place, books, span_of
from motcua.persons import queries as persons
from motcua.persons.queries import Sight
from motcua.procedures import queries as procedures

ROWS = 2000  # a print of more lines is asked for in parts
_AT_ONCE = 2000
_PURPOSE = "In sổ theo dõi hồ sơ"
_NOTES = {
    Status.SUPPLEMENT_REQUESTED: "Chờ bổ sung",
    Status.PAYMENT_REQUESTED: "Chờ nộp tiền",
    Status.SUSPENDED: "Tạm dừng",
    Status.WITHDRAWN: "Rút hồ sơ",
    Status.STOPPED: "Dừng",
}
_METHODS = {"desk": "Tại quầy", "post": "Bưu chính", "online": "Trực tuyến"}


class TooManyRows(ValueError):  # noqa: N818 - says what is the case
    """The part of the register asked for holds more lines than one print may."""

    message = _("Khoảng thời gian này có quá nhiều hồ sơ để in một lần. Hãy chọn khoảng ngắn hơn.")


class NoSuchBook(LookupError):  # noqa: N818 - says what is the case
    """The reader's desk has no such book."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A desk's register of one year. `closed_at` and who closed it are None while it goes on."""

    agency_id: int
    year: int
    entries: int
    book_rows: int
    closed_at: datetime | None
    closed_by: int | None

    @property
    def books(self) -> int:
        """How many books there are."""
        return books(self.entries, self.book_rows)


def shelves(reader: Reader) -> tuple[Shelf, ...]:
    """The years of the reader's own registers, the latest first: one statement."""
    return _shelves(Q(agency_id__in=sorted(reader.own_agency_ids)))


def shelf(reader: Reader, year: int, agency_id: int | None = None) -> Shelf | None:
    """One year of the reader's register, or of an agency whose place the reader's has taken."""
    asked = agency_id or reader.agency_id
    found = _shelves(Q(agency_id=asked, year=year)) if asked in reader.own_agency_ids else ()
    return found[0] if found else None


def _shelves(condition: Q) -> tuple[Shelf, ...]:
    closing = RegisterClosing.objects.filter(agency_id=OuterRef("agency_id"), year=OuterRef("year"))
    rows = RegisterYear.objects.filter(condition).annotate(
        closed_at=Subquery(closing.values("closed_at")), closed_by=Subquery(closing.values("staff_id"))
    )
    return tuple(
        Shelf(row.agency_id, row.year, row.last_serial, row.book_rows, row.closed_at, row.closed_by)
        for row in rows.order_by("-year", "agency_id")
    )


def places(reader: Reader, dossier_ids: Iterable[UUID]) -> dict[UUID, Place]:
    """Where these dossiers stand in the registers: one statement; those not entered yet are left out."""
    rows = RegisterEntry.objects.filter(dossier_id__in=list(dossier_ids))
    return {row.dossier_id: Place(row.agency_id, row.year, row.serial, row.book, row.page) for row in rows}


def lines(reader: Reader, of: Shelf, first: int, last: int) -> list[Line]:
    """The lines of a register from one serial to another: of a closed year as they stood when it was closed."""
    if of.closed_at is not None:
        kept = RegisterClosing.objects.get(agency_id=of.agency_id, year=of.year)
        listed = json.loads(zlib.decompress(bytes(kept.lines)))
        return [Line.from_data(each) for each in listed[first - 1 : last]]
    entries = RegisterEntry.objects.filter(agency_id=of.agency_id, year=of.year, serial__range=(first, last))
    return _lines(reader, list(entries.order_by("serial")))


def _lines(reader: Reader, entries: Sequence[RegisterEntry]) -> list[Line]:
    found: list[Line] = []
    for start in range(0, len(entries), _AT_ONCE):
        part = entries[start : start + _AT_ONCE]
        rows = folders.rows(reader, [entry.dossier_id for entry in part])
        names = procedures.names(reader, {row.procedure_version_id for row in rows.values()})
        leads = agencies.agency_names(reader, {row.competent_agency_id for row in rows.values()})
        found += [_line(entry, rows[entry.dossier_id], names, leads) for entry in part if entry.dossier_id in rows]
    return found


def _line(entry: RegisterEntry, row: Row, names: dict[int, str], leads: dict[int, str]) -> Line:
    again = "Hẹn lại" if row.due_at != row.due_at_original else None
    return Line(
        serial=entry.serial,
        page=entry.page,
        dossier_id=row.id,
        code=row.code,
        procedure=names[row.procedure_version_id],
        sets=row.sets,
        owner_id=row.owner_id,
        receiving_agency_id=row.receiving_agency_id,
        competent_agency_id=row.competent_agency_id,
        lead_agency=leads[row.competent_agency_id],
        received_at=entry.accepted_at,
        due_at=row.due_at,
        returned_at=row.closed_at if row.status == Status.RETURNED else None,
        return_method=row.return_method,
        note=_NOTES.get(row.status) or again,
    )


def book_form(reader: Reader, of: Shelf, book: int) -> forms.DossierRegister:
    """One book of a year as form M06. Raises NoSuchBook."""
    if not 1 <= book <= of.books:
        raise NoSuchBook
    first, last = span_of(book, of.book_rows)
    return _form(reader, of, f"{book:02d}", lines(reader, of, first, min(last, of.entries)), ends=book == of.books)


def span_form(reader: Reader, start: datetime, end: datetime) -> forms.DossierRegister:
    """The lines of the reader's desk accepted from `start` to before `end`, as pages of the books they stand in.

    Names, addresses and telephones show as far as the reader may see them. Raises TooManyRows.
    """
    entries = RegisterEntry.objects.filter(
        agency_id__in=sorted(reader.own_agency_ids), accepted_at__gte=start, accepted_at__lt=end
    )
    found = list(entries.order_by("agency_id", "year", "serial")[: ROWS + 1])
    if len(found) > ROWS:
        raise TooManyRows
    year = local(start).year
    shown = Shelf(reader.agency_id or 0, year, len(found), ROWS, None, None)
    named = sorted({f"{entry.book:02d}" for entry in found}) or ["01"]
    return _form(reader, shown, ", ".join(named), _lines(reader, found))


def _form(reader: Reader, of: Shelf, book: str, listed: Sequence[Line], *, ends: bool = False) -> forms.DossierRegister:
    sights = [Sight(each.owner_id, each.receiving_agency_id, each.competent_agency_id) for each in listed]
    people = persons.applicants(reader, sights, full=True, purpose=_PURPOSE) if sights else {}
    own = agencies.form_head(of.agency_id)
    made = of.closed_at or timezone.now()
    return forms.DossierRegister(
        head=assembling.head(own, local(made).date()),
        year=of.year,
        book=book,
        rows=tuple(_row(each, people[each.owner_id]) for each in listed),
        closing=_closing(reader, of) if ends else None,
        demo=own.demo,
    )


def _row(line: Line, person: persons.Applicant) -> forms.RegisterRow:
    return forms.RegisterRow(
        no=line.serial,
        page=line.page,
        dossier_code=line.code,
        procedure_name=line.procedure,
        set_count=line.sets,
        owner_name=assembling.name(person),
        address=person.address or None,
        phone=person.phone or None,
        lead_agency=line.lead_agency,
        received_at=line.received_at,
        appointed_at=line.due_at,
        returned_at=line.returned_at,
        return_method=_METHODS[line.return_method],
        note=line.note,
    )


def _closing(reader: Reader, of: Shelf) -> forms.RegisterClosing | None:
    if of.closed_at is None or of.closed_by is None:
        return None
    return forms.RegisterClosing(
        closed_on=local(of.closed_at).date(),
        dossier_count=of.entries,
        book_count=of.books,
        closed_by=agencies.staff_names(reader, [of.closed_by]).get(of.closed_by),
        desk_head=None,
    )
