"""Where a dossier stands in the register: serial, book and page (TT 01/2018, Art. 10.2). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

# So many dossiers stand on a page of the book. Rows of usual length fit one sheet; a page of long ones goes on on the
# next sheet under the same number.
PAGE_ROWS = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a desk's register: its serial, which runs from 1 to the year's end, and the book and page it is on."""

    agency_id: int
    year: int
    serial: int
    book: int
    page: int

    @classmethod
    def at(cls, agency_id: int, year: int, serial: int, book_rows: int) -> Place:
        """The line of this serial where books hold `book_rows` lines each."""
        before = serial - 1
        return cls(agency_id, year, serial, before // book_rows + 1, before % book_rows // PAGE_ROWS + 1)

    @property
    def book_words(self) -> str:
        """The book as papers name it."""
        return f"{self.book:02d}"

    @property
    def serial_words(self) -> str:
        """The serial as papers write it: "01" is the first."""
        return f"{self.serial:02d}"


def books(entries: int, book_rows: int) -> int:
    """How many books so many entries fill; an empty year has one, empty."""
    return max(1, -(-entries // book_rows))


def span_of(book: int, book_rows: int) -> tuple[int, int]:
    """The first and the last serial of a book."""
    return (book - 1) * book_rows + 1, book * book_rows


@dataclass(frozen=True, slots=True)
class Line:
    """A dossier as its line of the register says it, without the person: what a closed year keeps for good."""

    serial: int
    page: int
    dossier_id: UUID
    code: str
    procedure: str
    sets: int
    owner_id: UUID
    receiving_agency_id: int
    competent_agency_id: int
    lead_agency: str
    received_at: datetime
    due_at: datetime | None
    returned_at: datetime | None
    return_method: str
    note: str | None

    def to_data(self) -> list[Any]:
        """The line as JSON-able data, in the order of the fields."""
        return [_written(getattr(self, each.name)) for each in fields(self)]

    @classmethod
    def from_data(cls, data: Sequence[Any]) -> Line:
        """The reverse of `to_data`."""
        names = (each.name for each in fields(cls))
        return cls(*(_READ.get(name, _same)(value) for name, value in zip(names, data, strict=True)))


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _same(value: Any) -> Any:
    return value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


_READ: Mapping[str, Callable[[Any], Any]] = {
    "dossier_id": UUID,
    "owner_id": UUID,
    "received_at": _moment,
    "due_at": _moment,
    "returned_at": _moment,
}
