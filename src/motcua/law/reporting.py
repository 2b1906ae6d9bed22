"""What a dossier is for the settlement report (form II.06a) at a moment, and the form's rows with their identities.

Source: form II.06a/VPCP/KSTT (thirteen columns). Of the agency that settles. A dossier comes in when it is accepted and
goes out when its result is ready, when it is withdrawn or when it is stopped; until then it is in process, also while
its clock stands. All moments are aware.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Final

from motcua.law.dossier import events as e
from motcua.law.dossier.reckoning import VIETNAM, local
from motcua.law.dossier.vocabulary import Channel, Pause
from motcua.law.timeliness import Timeliness, timeliness


class Ending(StrEnum):
    """How a dossier left the agency's work."""

    FINISHED = "finished"  # the result, or the refusal after appraisal, is ready (status 9, 10)
    WITHDRAWN = "withdrawn"  # status 7
    STOPPED = "stopped"  # status 8, which is final here


class LateBy(StrEnum):
    """Which promise lateness is judged by; whether an apology makes a late dossier one in time is not settled."""

    ORIGINAL = "original"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the form leaves open: the promise that counts, and which endings are left out of the whole report."""

    late_by: LateBy = LateBy.ORIGINAL
    leaves_out: frozenset[Ending] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the report asks of a dossier, from one event that changes it to the next.

    `requests` counts how often the applicant was asked for papers. `timeliness` is against the original promise, None
    without one; of what was withdrawn or stopped it is judged at the end, or when the clock was halted before it.
    """

    receiving_agency: int
    competent_agency: int
    procedure_version: int
    online: bool
    received_at: datetime
    due_original: datetime | None = None
    due_current: datetime | None = None
    in_hours: bool = False
    paused_at: datetime | None = None
    requests: int = 0
    ended_at: datetime | None = None
    ending: Ending | None = None
    timeliness: Timeliness | None = None
    timeliness_current: Timeliness | None = None


def begin(
    appointment: e.Appointment,
    at: datetime,
    *,
    pair: tuple[int, int],
    version: int,
    channel: Channel,
    requests: int = 0,
) -> Standing:
    """The standing of a dossier that is accepted now; `pair` is its receiving and competent agency."""
    return Standing(
        *pair, version, channel is Channel.ONLINE, at,
        due_original=appointment.due_at, due_current=appointment.due_at, in_hours=appointment.in_hours,
        requests=requests,
    )  # fmt: skip


def follow(standing: Standing, event: e.Event, at: datetime) -> Standing:
    """The standing after an event; the same one where the event changes nothing that the report asks."""
    change = _CHANGES.get(type(event))
    return standing if change is None or standing.ended_at is not None else change(standing, event, at)


def _paused(standing: Standing, event: e.Paused, at: datetime) -> Standing:
    return replace(standing, paused_at=at, requests=standing.requests + (event.kind is Pause.SUPPLEMENT))


def _resumed(standing: Standing, event: e.Resumed, at: datetime) -> Standing:
    return _promised(replace(standing, paused_at=None), event, at)


def _promised(standing: Standing, event: e.Resumed | e.Recounted, _: datetime) -> Standing:
    appointment = event.appointment
    return replace(
        standing,
        due_original=event.original_due_at,
        due_current=appointment.due_at,
        in_hours=appointment.in_hours,
    )


def _appointed_again(standing: Standing, event: e.AppointedAgain, _: datetime) -> Standing:
    return replace(standing, due_current=event.due_at)


def _relocated(standing: Standing, event: e.Relocated, _: datetime) -> Standing:
    moved = {event.from_agency: event.to_agency}
    return replace(
        standing,
        receiving_agency=moved.get(standing.receiving_agency, standing.receiving_agency),
        competent_agency=moved.get(standing.competent_agency, standing.competent_agency),
    )


def _finished(standing: Standing, event: e.Finished, at: datetime) -> Standing:
    return replace(
        standing, paused_at=None, ended_at=at, ending=Ending.FINISHED,
        timeliness=event.timeliness, timeliness_current=event.timeliness_current,
    )  # fmt: skip


def _left(standing: Standing, event: e.Withdrawn | e.Stopped, at: datetime) -> Standing:
    """Ended without a result: what was late when the clock last ran is late, nothing else."""
    halted = standing.paused_at or at

    def judged(due: datetime | None) -> Timeliness | None:
        return None if due is None else timeliness(local(halted), local(due), in_hours=standing.in_hours)

    ending = Ending.WITHDRAWN if isinstance(event, e.Withdrawn) else Ending.STOPPED
    return replace(
        standing, paused_at=None, ended_at=at, ending=ending,
        timeliness=judged(standing.due_original), timeliness_current=judged(standing.due_current),
    )  # fmt: skip


_CHANGES: Final[Mapping[type, Callable[[Standing, Any, datetime], Standing]]] = {
    e.Paused: _paused,
    e.Resumed: _resumed,
    e.Recounted: _promised,
    e.AppointedAgain: _appointed_again,
    e.Relocated: _relocated,
    e.Finished: _finished,
    e.Withdrawn: _left,
    e.Stopped: _left,
}
# The types of events after its acceptance that the report asks of a dossier.
CHANGING: Final = frozenset(name for name, kind in e.BY_TYPE.items() if kind in _CHANGES)


class Column(IntEnum):
    """The form's columns of figures, by the numbers that the form gives them; 1 is the line's number, 2 the field."""

    RECEIVED = 3
    ONLINE = 4
    DIRECT = 5
    CARRIED = 6
    SETTLED = 7
    EARLY = 8
    ON_TIME = 9
    OVERDUE = 10
    OPEN = 11
    WITHIN = 12
    OPEN_OVERDUE = 13


# Each total with the columns it is the sum of: what the form itself says must hold.
IDENTITIES: Final = (
    (Column.RECEIVED, (Column.ONLINE, Column.DIRECT, Column.CARRIED)),
    (Column.SETTLED, (Column.EARLY, Column.ON_TIME, Column.OVERDUE)),
    (Column.OPEN, (Column.WITHIN, Column.OPEN_OVERDUE)),
    (Column.RECEIVED, (Column.SETTLED, Column.OPEN)),
)


class IdentityBroken(ArithmeticError):  # noqa: N818 - says what is the case
    """A row whose totals are not the sums the form prescribes; the text names the columns and their numbers."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of form II.06a: a field of procedures, or all of them, with the figures of columns 3 to 13.

    Every figure was counted by itself, the totals too; a row that breaks an identity cannot be made.
    """

    field: str
    figures: tuple[int, ...]

    def __post_init__(self) -> None:
        """Raises IdentityBroken with the numbers."""
        if len(self.figures) != len(Column):
            raise ValueError(f"a row has {len(Column)} figures, not {len(self.figures)}")
        for total, parts in IDENTITIES:
            if self[total] != sum(self[part] for part in parts):
                said = " + ".join(f"({part.value}) {self[part]}" for part in parts)
                raise IdentityBroken(f"{self.field}: ({total.value}) {self[total]} ≠ {said}")

    def __getitem__(self, column: Column) -> int:
        """The figure of a column."""
        return self.figures[column - Column.RECEIVED]


def total(rows: tuple[Row, ...], field: str) -> Row:
    """The line under all others: their sums, held to the same identities."""
    return Row(field, tuple(sum(row[column] for row in rows) for column in Column))


@dataclass(frozen=True, slots=True)
class Period:
    """Days from one to another, both included, by the calendar on the wall in Vietnam."""

    start: date
    end: date

    def __post_init__(self) -> None:
        """Raises ValueError for a period that runs backwards."""
        if self.end < self.start:
            raise ValueError(f"the period ends on {self.end}, before it begins on {self.start}")

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        return _midnight(self.start)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return _midnight(self.end + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def months(year: int, first: int, count: int) -> Period:
    """So many whole months from one of a year: a month, a quarter, a half, or the year."""
    after = date(year + (first - 1 + count) // 12, (first - 1 + count) % 12 + 1, 1)
    return Period(date(year, first, 1), after - timedelta(days=1))
