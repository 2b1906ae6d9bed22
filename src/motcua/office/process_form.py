"""The editor's form: a definition as fields of plain HTML, what was typed back as a definition, and the acts on it.

A step is the fields s0-…, its outcomes s0-o0-…; what stands in a definition beyond these fields goes through untouched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.http.request import QueryDict
from django.utils.translation import gettext as _

from motcua.law.process import Function, OutcomeAct, Place
from motcua.office.process_words import problems_by_step
from motcua.procedures.checking import MOST_OUTCOMES, MOST_STEPS, problems_of

_MINUTES = re.compile(r"\d{1,6}", re.ASCII)
_ACT = re.compile(r"([a-z-]+)(?::(\d{1,3}))?(?::(\d{1,3}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome as the form shows it; `to` is a step's code, an end, or what leads nowhere; `act` what it means in law
    where that does not follow from the way.
    """

    index: int
    code: str
    name: str
    to: str
    act: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as the form shows it, with what is wrong in it; `minutes` is what was typed."""

    index: int
    code: str
    name: str
    who: str
    minutes: str
    outcomes: tuple[OutcomeRow, ...]
    problems: Sequence[str]
    first: bool
    last: bool
    mistake: str = ""

    @property
    def number(self) -> int:
        """The step as people count."""
        return self.index + 1

    @property
    def full(self) -> bool:
        """Whether it can have no further outcome."""
        return len(self.outcomes) >= MOST_OUTCOMES


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the definition as far as it can be one, and by step's index the minutes that are no number."""

    definition: dict[str, Any]
    mistakes: Mapping[int, str] = field(default_factory=dict)


def rows(definition: Mapping[str, Any], mistakes: Mapping[int, str] | None = None) -> list[StepRow]:
    """The rows of the form, with every defect beside its step."""
    wrong, typed = problems_by_step(problems_of(definition)), mistakes or {}
    steps = definition["steps"]
    return [
        StepRow(
            index=index,
            code=step["code"],
            name=step["name"],
            who=f"{step['agency']}/{step['function']}",
            minutes=typed.get(index, str(step["allotted_minutes"])),
            outcomes=tuple(
                OutcomeRow(number, each["code"], each["name"], each["to"], each.get("act", ""))
                for number, each in enumerate(step["outcomes"])
            ),
            problems=wrong.get(step["code"], ()),
            first=index == 0,
            last=index == len(steps) - 1,
            mistake=_("Hãy ghi số phút làm việc bằng chữ số, ví dụ 240.") if index in typed else "",
        )
        for index, step in enumerate(steps)
    ]


def typed(sent: QueryDict, before: Mapping[str, Any]) -> Typed:
    """The definition that was typed; what the form does not show is taken from the definition before, by codes."""
    data: dict[str, str] = sent.dict()  # type: ignore[assignment]  # each name comes once, or its last value counts
    known = {step["code"]: step for step in before["steps"]}
    mistakes: dict[int, str] = {}
    steps = []
    for index in range(MOST_STEPS + 1):
        prefix = f"s{index}-"
        if f"{prefix}code" not in data:
            break
        step = known.get(data[f"{prefix}code"], {})
        minutes = data.get(f"{prefix}minutes", "").strip().replace(".", "") or "0"
        if not _MINUTES.fullmatch(minutes):
            mistakes[index] = data[f"{prefix}minutes"]
        place, _slash, function = data.get(f"{prefix}who", "").partition("/")
        steps.append(
            {
                **step,
                "code": _plain(data[f"{prefix}code"]),
                "name": _line(data.get(f"{prefix}name", "")),
                "function": function if function in set(Function) else Function.CASE_OFFICER.value,
                "agency": place if place in set(Place) else Place.COMPETENT.value,
                "allotted_minutes": int(minutes) if _MINUTES.fullmatch(minutes) else step.get("allotted_minutes", 0),
                "outcomes": _outcomes(data, prefix, {each["code"]: each for each in step.get("outcomes", ())}),
            }
        )
    definition = {
        **before,
        "code": _line(data.get("code", "")) or before["code"],
        "name": _line(data.get("name", "")),
        "start": _plain(data.get("start", before["start"])),
        "steps": steps,
    }
    return Typed(definition, mistakes)


def _outcomes(data: Mapping[str, str], step: str, known: Mapping[str, Any]) -> list[dict[str, Any]]:
    outcomes = []
    for index in range(MOST_OUTCOMES + 1):
        prefix = f"{step}o{index}-"
        if f"{prefix}code" not in data:
            break
        code, to = _plain(data[f"{prefix}code"]), _plain(data.get(f"{prefix}to", ""))
        name, before = _line(data.get(f"{prefix}name", "")), known.get(code, {})
        act = data.get(f"{prefix}act", "" if before.get("to") != to else before.get("act", ""))
        rest = {part: value for part, value in before.items() if part != "act"}
        meant = {"act": act} if act in set(OutcomeAct) else {}
        outcomes.append({**rest, "code": code, "name": name, "to": to, **meant})
    return outcomes


def _plain(text: str) -> str:
    return text.replace("\x00", "")  # which no database holds


def _line(text: str) -> str:
    return " ".join(_plain(text).split())


def act(definition: Mapping[str, Any], do: str) -> tuple[dict[str, Any], int | None]:
    """The definition after a button was pressed, and the index of the step to show then; unknown buttons do nothing.

    Buttons are "add-step", "remove:I", "up:I", "down:I", "add-outcome:I" and "remove-outcome:I:J".
    """
    changed = deepcopy(dict(definition))
    steps: list[dict[str, Any]] = changed["steps"]
    pressed = _ACT.fullmatch(do)
    if pressed is None:
        return changed, None
    name, index, number = pressed[1], int(pressed[2] or 0), int(pressed[3] or 0)
    if name == "add-step" and len(steps) < MOST_STEPS:
        steps.append(_new_step(steps))
        changed["start"] = changed["start"] or steps[0]["code"]
        return changed, len(steps) - 1
    if pressed[2] is None or index >= len(steps):
        return changed, None
    if name == "remove":
        steps.pop(index)
        return changed, min(index, len(steps) - 1) if steps else None
    if name in {"up", "down"}:
        to = index + (1 if name == "down" else -1)
        if 0 <= to < len(steps):
            steps[index], steps[to] = steps[to], steps[index]
        return changed, min(max(to, 0), len(steps) - 1)
    outcomes: list[dict[str, Any]] = steps[index]["outcomes"]
    if name == "add-outcome" and len(outcomes) < MOST_OUTCOMES:
        outcomes.append({"code": _free("ket-qua", {each["code"] for each in outcomes}), "name": "", "to": ""})
    elif name == "remove-outcome" and number < len(outcomes):
        outcomes.pop(number)
    return changed, index


def _new_step(steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "code": _free("buoc", {step["code"] for step in steps}),
        "name": "",
        "function": Function.CASE_OFFICER.value,
        "agency": Place.COMPETENT.value,
        "allotted_minutes": 0,
        "outcomes": [{"code": "ket-qua-1", "name": "", "to": ""}],
    }


def _free(prefix: str, taken: set[str]) -> str:
    """A code that none of these has; a removed one may come again, for nothing published knows it."""
    return next(code for code in (f"{prefix}-{number}" for number in range(1, len(taken) + 2)) if code not in taken)
