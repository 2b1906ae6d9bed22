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

from motcua.law import ways


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


class OutcomeAct(StrEnum):
    """What leaving a step by an outcome means in law."""

    FORWARD = "forward"  # chuyển bước
    SEND_BACK = "send_back"  # trả lại để làm rõ
    APPROVE = "approve"  # duyệt, ký
    REFUSE = "refuse"  # từ chối giải quyết


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
    """One way out of a step; `to` is a step's code or an End. `act` says what it means where the way does not."""

    code: str
    name: str
    to: str
    act: OutcomeAct | None = None

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

    @property
    def reachable(self) -> frozenset[str]:
        """Codes of the steps that can be reached from the start."""
        return frozenset(self._depth)

    def act(self, step: Step, outcome: Outcome) -> OutcomeAct:
        """What an outcome means: as it says itself, else by where it leads and whose step it leaves."""
        if outcome.act is not None:
            return outcome.act
        if outcome.to == End.REFUSED:
            return OutcomeAct.REFUSE
        if outcome.end is None and self._goes_back(step, outcome):
            return OutcomeAct.SEND_BACK
        signs = step.function == Function.LEADER and outcome.to == End.GRANTED
        return OutcomeAct.APPROVE if signs else OutcomeAct.FORWARD

    def _goes_back(self, step: Step, outcome: Outcome) -> bool:
        """Whether the outcome leads to a step that comes before this one on the way from the start."""
        before, here = self._depth.get(outcome.to), self._depth.get(step.code)
        return before is not None and here is not None and before < here

    @cached_property
    def _depth(self) -> Mapping[str, int]:
        """For each step that can be reached, how many steps come before it on the shortest way from the start."""
        depth = {self.start: 0} if self.start in self.by_code else {}
        queue = deque(depth)
        while queue:
            code = queue.popleft()
            for outcome in self.by_code[code].outcomes:
                if outcome.to in self.by_code and outcome.to not in depth:
                    depth[outcome.to] = depth[code] + 1
                    queue.append(outcome.to)
        return depth

    def longest_simple_minutes(self) -> int:
        """The largest sum of allotted minutes over ways that visit no step twice: compared with the legal limit.

        An upper bound where more than `ways.EXACT` steps lie on loops of one another.
        """
        minutes = {step.code: step.allotted_minutes for step in self.steps}
        return ways.longest(self.onward, minutes, self.start)

    @cached_property
    def onward(self) -> Mapping[str, tuple[str, ...]]:
        """For each step the steps that its outcomes lead to; ends and unknown targets left out."""
        return {
            code: tuple(dict.fromkeys(o.to for o in step.outcomes if o.to in self.by_code))
            for code, step in self.by_code.items()
        }

    def problems(self) -> tuple[Problem, ...]:
        """Every defect, in the order of the steps; empty when the process can be published."""
        found = [] if self.start in self.by_code else [Problem("unknown_start", value=self.start)]
        found += [Problem("duplicate_step", code) for code in _repeated([step.code for step in self.steps])]
        for step in self.steps:
            found += self._step_problems(step)
        return tuple(found)

    def _step_problems(self, step: Step) -> list[Problem]:
        found = []
        if step.code.startswith("@") or not step.code:
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
        return cls.read(data).checked()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Process":
        """Read a definition that may have defects, such as a draft; raises ProcessError when it is none at all."""
        try:
            steps = tuple(_step(item) for item in data["steps"])
            return cls(_text(data["code"]), _text(data["name"]), _text(data["start"]), steps)
        except KeyError as error:
            raise ProcessError((Problem("missing_key", value=str(error.args[0])),)) from error
        except (TypeError, ValueError, AttributeError) as error:
            raise ProcessError((Problem("bad_value", value=str(error)),)) from error

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
                    "outcomes": [_outcome_data(o) for o in step.outcomes],
                }
                for step in self.steps
            ],
        }


def _outcome_data(outcome: Outcome) -> dict[str, str]:
    plain = {"code": outcome.code, "name": outcome.name, "to": outcome.to}
    return plain if outcome.act is None else {**plain, "act": outcome.act.value}


def _outcome(item: Mapping[str, Any]) -> Outcome:
    act = OutcomeAct(item["act"]) if "act" in item else None
    return Outcome(_text(item["code"]), _text(item["name"]), _text(item["to"]), act)


def _step(item: Mapping[str, Any]) -> Step:
    outcomes = tuple(_outcome(o) for o in item["outcomes"])
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
