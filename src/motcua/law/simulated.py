"""What a dry run of a process gives: each figure with its definition. All of them are simulated, none was observed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from motcua.law.process import Function, Place, Problem
from motcua.law.timeliness import Timeliness


@dataclass(frozen=True, slots=True)
class Spread:
    """How durations are spread, in working minutes: nearest-rank median and 90th percentile, and the longest."""

    median: int
    ninetieth: int
    longest: int

    @classmethod
    def of(cls, minutes: Sequence[int]) -> "Spread | None":
        """The spread of these durations; None where there are none."""
        if not minutes:
            return None
        ordered = sorted(minutes)
        return cls(_ranked(ordered, 50), _ranked(ordered, 90), ordered[-1])


def _ranked(ordered: Sequence[int], percent: int) -> int:
    """The smallest value that at least so many percent of the values do not exceed."""
    return ordered[max(-(-percent * len(ordered) // 100), 1) - 1]


@dataclass(frozen=True, slots=True)
class Kept:
    """How many dossiers kept the legal limit, by the law's own definition; those that never end are overdue."""

    early: int = 0
    on_time: int = 0
    overdue: int = 0

    @property
    def total(self) -> int:
        """All dossiers."""
        return self.early + self.on_time + self.overdue

    @property
    def in_time(self) -> float:
        """The share of all dossiers that are early or on time, 0 to 1."""
        return (self.early + self.on_time) / self.total if self.total else 0.0

    @classmethod
    def of(cls, verdicts: Mapping[Timeliness, int]) -> "Kept":
        """The count by verdict."""
        return cls(*(verdicts.get(verdict, 0) for verdict in Timeliness))


@dataclass(frozen=True, slots=True)
class Load:
    """The people of one function at one agency: working minutes that dossiers asked of them, and that they had.

    They had the office hours of the days on which dossiers came. `waits` are how long dossiers lay before somebody was
    free; `longest_queue` is the largest number that waited at once.
    """

    place: Place
    function: Function
    people: int
    visits: int
    asked: int
    available: int
    waits: Spread | None
    longest_queue: int

    @property
    def share(self) -> float:
        """Asked over available: above 1 the queue grows for as long as dossiers come."""
        return self.asked / self.available if self.available else 0.0


@dataclass(frozen=True, slots=True)
class StepFigures:
    """One step: how often dossiers were there, the minutes they waited and were worked on, visits beyond the allotment.

    `returned` counts visits of dossiers that had been there before; `stranded` the dossiers that stayed there for ever.
    """

    step: str
    visits: int
    returned: int
    waited: int
    worked: int
    over_allotment: int
    stranded: int


@dataclass(frozen=True, slots=True)
class Simulated:
    """The outcome of a dry run.

    granted + refused + stranded + endless = dossiers: stranded ones came to a step from which no end can be reached,
    endless ones were given up after `simulate.MOST_VISITS` steps. `looping` dossiers came back to some step more often
    than the assumptions allow; `most_rounds` is the most often that one came back. `minutes` are the working minutes
    from reception to the result, of the dossiers that ended. `kept` is None where there is no legal limit.
    `beyond` says that the run went past the last day that the calendar knows, where only the weekly hours are kept.
    """

    dossiers: int
    granted: int
    refused: int
    stranded: int
    endless: int
    looping: int
    most_rounds: int
    minutes: Spread | None
    kept: Kept | None
    loads: tuple[Load, ...]
    steps: tuple[StepFigures, ...]
    problems: tuple[Problem, ...]
    first_day: date
    last_day: date
    beyond: bool

    @property
    def dead_ends(self) -> tuple[str, ...]:
        """Steps from which no end can be reached."""
        return self._with("dead_end")

    @property
    def unreachable(self) -> tuple[str, ...]:
        """Steps that no dossier can reach."""
        return self._with("unreachable")

    def _with(self, code: str) -> tuple[str, ...]:
        return tuple(problem.step for problem in self.problems if problem.code == code)

    def to_data(self) -> dict[str, Any]:
        """Everything as JSON-able data."""
        data = asdict(self)
        data |= {"first_day": self.first_day.isoformat(), "last_day": self.last_day.isoformat()}
        if self.kept is not None:
            data["kept"]["in_time"] = round(self.kept.in_time, 4)
        for load, kept in zip(data["loads"], self.loads, strict=True):
            load["share"] = round(kept.share, 4)
        return data | {"dead_ends": list(self.dead_ends), "unreachable": list(self.unreachable)}
