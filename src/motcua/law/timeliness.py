"""Early, on time, overdue, within time: the definitions, once.

Source: Decree 61/2018, Art. 19.9 and 20 (believed carried over by Decree 118/2025); report form II.06a.
All moments are naive Vietnamese local time; seconds are dropped, because the law promises minutes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Timeliness(StrEnum):
    """How a finished dossier, or a step of it, stands against its due time."""

    EARLY = "early"  # trước hạn
    ON_TIME = "on_time"  # đúng hạn
    OVERDUE = "overdue"  # quá hạn


class Standing(StrEnum):
    """How an open dossier stands at a moment."""

    WITHIN_TIME = "within_time"  # trong hạn
    OVERDUE = "overdue"  # quá hạn
    PAUSED = "paused"  # chờ người nộp: never the agency's time
    NO_LIMIT = "no_limit"  # thủ tục không có thời hạn


def minute(moment: datetime) -> datetime:
    """The moment at the start of its minute."""
    return moment.replace(second=0, microsecond=0)


def timeliness(ready_at: datetime, due_at: datetime, *, in_hours: bool = False) -> Timeliness:
    """Compare the moment the result is ready at the desk with the due time.

    For limits in days: before the due date is early; on it and not after the due minute is on time.
    With `in_hours` the minutes are compared: before the due minute early, in it on time.
    """
    ready, due = minute(ready_at), minute(due_at)
    if ready > due:
        return Timeliness.OVERDUE
    if in_hours:
        return Timeliness.EARLY if ready < due else Timeliness.ON_TIME
    return Timeliness.EARLY if ready.date() < due.date() else Timeliness.ON_TIME


def standing(now: datetime, due_at: datetime | None, *, paused: bool = False) -> Standing:
    """How a dossier that is not finished stands at `now`."""
    if due_at is None:
        return Standing.NO_LIMIT
    if paused:
        return Standing.PAUSED
    return Standing.OVERDUE if minute(now) > minute(due_at) else Standing.WITHIN_TIME


@dataclass(frozen=True, slots=True)
class Tally:
    """Finished dossiers by timeliness; withdrawn and refused at intake never come in here."""

    early: int = 0
    on_time: int = 0
    overdue: int = 0

    @property
    def total(self) -> int:
        """All finished dossiers (form II.06a: column 7 = 8 + 9 + 10)."""
        return self.early + self.on_time + self.overdue

    @property
    def share_in_time(self) -> float | None:
        """(early + on time) / finished, from 0 to 1; None when nothing is finished: unknown is not zero."""
        return (self.early + self.on_time) / self.total if self.total else None


def tally(values: Iterable[Timeliness]) -> Tally:
    """Count finished dossiers by timeliness."""
    counts = dict.fromkeys(Timeliness, 0)
    for value in values:
        counts[value] += 1
    return Tally(counts[Timeliness.EARLY], counts[Timeliness.ON_TIME], counts[Timeliness.OVERDUE])
