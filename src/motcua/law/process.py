"""The internal process of a procedure (quy trình nội bộ): its steps, who does them, how long, what can come out.

A process is checked before it is published: a step that nobody can reach, or from which no end can be reached,
would strand a real dossier. Source: Decree 61/2018, Art. 18 and 19; Circular 01/2018, Art. 8.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any


class Function(StrEnum):
    """What a step asks of the person who does it."""

    DESK_OFFICER = "desk_officer"
    CASE_OFFICER = "case_officer"
    LEADER = "leader"


class Place(StrEnum):
    """The agency that does a step: the one that received the dossier or the competent one."""

    RECEIVING = "receiving"
    COMPETENT = "competent"


class End(StrEnum):
    """Ends of a process: the result, or the refusal after appraisal (Art. 19.8), is ready at the desk."""

    GRANTED = "@granted"
    REFUSED = "@refused"


_ENDS = frozenset(end.value for end in End)


class ProcessError(ValueError):
    """A process definition that cannot be published; `problems` names each defect and its step."""

    def __init__(self, problems: tuple["Problem", ...]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect: a machine code, the step it is in (or empty), and the value that is wrong."""

    code: str
    step: str = ""
    value: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.code, self.step, self.value) if part)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way out of a step; `to` is a step's code or an End."""

    code: str
    name: str
    to: str

    @property
    def end(self) -> End | None:
        """The end this outcome leads to, if it leads to one."""
        return End(self.to) if self.to in _ENDS else None


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who does it where, its allotted working minutes, and its outcomes."""

    code: str
    name: str
    function: Function
    place: Place
    allotted_minutes: int
    outcomes: tuple[Outcome, ...]

    def outcome(self, code: str) -> Outcome | None:
        """The outcome of that code, or None."""
        return next((outcome for outcome in self.outcomes if outcome.code == code), None)


@dataclass(frozen=True)
class Process:
    """A published process; immutable, a change is a new version."""

    code: str
    name: str
    start: str
    steps: tuple[Step, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Step]:
        """Steps by their code."""
        return {step.code: step for step in self.steps}

    def step(self, code: str) -> Step | None:
        """The step of that code, or None."""
        return self.by_code.get(code)

    @cached_property
    def shortest_way(self) -> Mapping[str, int]:
        """For each step, the number of steps from it to the nearest end, itself included; absent: no end is reached."""
        return self._ways(frozenset(End))

    @cached_property
    def way_to_grant(self) -> Mapping[str, int]:
        """The same to the granted result; where only a refusal can be reached, to that."""
        return {**self.shortest_way, **self._ways(frozenset({End.GRANTED}))}

    def _ways(self, ends: frozenset[End]) -> dict[str, int]:
        """Steps to the nearest of `ends`, found backwards from it."""
        distance: dict[str, int] = {}
        queue = deque(step.code for step in self.steps if any(outcome.end in ends for outcome in step.outcomes))
        distance.update(dict.fromkeys(queue, 1))
        while queue:
            code = queue.popleft()
            for step in self.steps:
                if step.code not in distance and any(outcome.to == code for outcome in step.outcomes):
                    distance[step.code] = distance[code] + 1
                    queue.append(step.code)
        return distance

    @cached_property
    def reachable(self) -> frozenset[str]:
        """Codes of the steps that can be reached from the start."""
        seen = {self.start} & set(self.by_code)
        queue = deque(seen)
        while queue:
            for outcome in self.by_code[queue.popleft()].outcomes:
                if outcome.to in self.by_code and outcome.to not in seen:
                    seen.add(outcome.to)
                    queue.append(outcome.to)
        return frozenset(seen)

    def longest_simple_minutes(self) -> int:
        """The largest sum of allotted minutes over ways that visit no step twice: compared with the legal limit."""

        def longest(code: str, seen: frozenset[str]) -> int:
            step = self.by_code[code]
            onward = [longest(o.to, seen | {o.to}) for o in step.outcomes if o.to in self.by_code and o.to not in seen]
            return step.allotted_minutes + max(onward, default=0)

        return longest(self.start, frozenset({self.start})) if self.start in self.by_code else 0

    def problems(self) -> tuple[Problem, ...]:
        """Every defect, in the order of the steps; empty when the process can be published."""
        found = [] if self.start in self.by_code else [Problem("unknown_start", value=self.start)]
        found += [Problem("duplicate_step", code) for code in _repeated([step.code for step in self.steps])]
        for step in self.steps:
            found += self._step_problems(step)
        return tuple(found)

    def _step_problems(self, step: Step) -> list[Problem]:
        found = []
        if step.code in _ENDS or not step.code:
            found.append(Problem("bad_step_code", step.code))
        if step.allotted_minutes < 0:
            found.append(Problem("negative_allotment", step.code, str(step.allotted_minutes)))
        found += [Problem("duplicate_outcome", step.code, code) for code in _repeated([o.code for o in step.outcomes])]
        found += [
            Problem("unknown_target", step.code, outcome.to)
            for outcome in step.outcomes
            if outcome.end is None and outcome.to not in self.by_code
        ]
        if self.start in self.by_code and step.code not in self.reachable:
            found.append(Problem("unreachable", step.code))
        if step.code not in self.shortest_way:
            found.append(Problem("dead_end", step.code))
        return found

    def checked(self) -> "Process":
        """This process, or ProcessError naming every defect."""
        if problems := self.problems():
            raise ProcessError(problems)
        return self

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Process":
        """Read a definition and check it; raises ProcessError for a missing key, an unknown word or a bad shape."""
        try:
            steps = tuple(_step(item) for item in data["steps"])
            process = cls(_text(data["code"]), _text(data["name"]), _text(data["start"]), steps)
        except KeyError as error:
            raise ProcessError((Problem("missing_key", value=str(error.args[0])),)) from error
        except (TypeError, ValueError, AttributeError) as error:
            raise ProcessError((Problem("bad_value", value=str(error)),)) from error
        return process.checked()

    def to_data(self) -> dict[str, Any]:
        """The definition as JSON-able data; `from_data` reads it back equal."""
        return {
            "code": self.code,
            "name": self.name,
            "start": self.start,
            "steps": [
                {
                    "code": step.code,
                    "name": step.name,
                    "function": step.function.value,
                    "agency": step.place.value,
                    "allotted_minutes": step.allotted_minutes,
                    "outcomes": [{"code": o.code, "name": o.name, "to": o.to} for o in step.outcomes],
                }
                for step in self.steps
            ],
        }


def _step(item: Mapping[str, Any]) -> Step:
    outcomes = tuple(Outcome(_text(o["code"]), _text(o["name"]), _text(o["to"])) for o in item["outcomes"])
    minutes = item["allotted_minutes"]
    if not isinstance(minutes, int) or isinstance(minutes, bool):
        raise ValueError(f"allotted_minutes {minutes!r}")
    function, place = Function(item["function"]), Place(item["agency"])
    return Step(_text(item["code"]), _text(item["name"]), function, place, minutes, outcomes)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a text")
    return value


def _repeated(codes: list[str]) -> list[str]:
    return sorted({code for code in codes if codes.count(code) > 1})
