"""What a definition of a process must hold before it is published: no defects, texts that papers can show, bounds."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.law.process import Problem, Process, ProcessError

MOST_STEPS = 100
MOST_OUTCOMES = 12
LONGEST_NAME = 200
LONGEST_CODE = 60
_NOT_SHOWN = frozenset({"Cc", "Cs", "Cn"})  # control characters, halves of characters, and what is none


# What a process begins with where nothing holds.
BLANK: Mapping[str, Any] = {
    "code": "quy-trinh",
    "name": "",
    "start": "buoc-1",
    "steps": [
        {
            "code": "buoc-1",
            "name": "",
            "function": "case_officer",
            "agency": "competent",
            "allotted_minutes": 0,
            "outcomes": [{"code": "ket-qua-1", "name": "", "to": "@granted"}],
        }
    ],
}


class TooLarge(ValueError):  # noqa: N818 - a message for the person, not a fault
    """More steps or outcomes than a page can hold."""

    message = _("Một quy trình có nhiều nhất 100 bước, mỗi bước nhiều nhất 12 kết quả.")

    def __str__(self) -> str:
        return str(self.message)


def problems_of(definition: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Every defect of a definition: those of the process itself, and of its texts, which people and papers show.

    Raises ProcessError when it is no definition at all.
    """
    return (*Process.read(definition).problems(), *_text_problems(definition))


def check_storable(definition: Mapping[str, Any]) -> None:
    """Raises ProcessError for what is no definition or no database can hold, TooLarge for one beyond the bounds."""
    Process.read(definition)
    steps = definition["steps"]
    if len(steps) > MOST_STEPS or any(len(step["outcomes"]) > MOST_OUTCOMES for step in steps):
        raise TooLarge
    waiting: list[Any] = [definition]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [*value, *value.values()]
        elif isinstance(value, list | tuple):
            waiting += value
        elif isinstance(value, str) and ("\x00" in value or any(unicodedata.category(sign) == "Cs" for sign in value)):
            raise ProcessError((Problem("bad_text", value=repr(value[:LONGEST_NAME])),))


def _text_problems(definition: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _name_problems(definition["name"], "")
    if not _is_code(definition["code"]):
        yield Problem("bad_code", value=definition["code"][:LONGEST_CODE])
    for step in definition["steps"]:
        yield from _name_problems(step["name"], step["code"])
        if step["code"] and not _is_code(step["code"]):
            yield Problem("bad_code", step["code"], step["code"][:LONGEST_CODE])
        for outcome in step["outcomes"]:
            yield from _name_problems(outcome["name"], step["code"], outcome["code"])
            if not _is_code(outcome["code"]):
                yield Problem("bad_code", step["code"], outcome["code"][:LONGEST_CODE])


def _name_problems(name: str, step: str, outcome: str = "") -> Iterator[Problem]:
    if not name.strip():
        yield Problem("empty_name", step, outcome)
    elif len(name) > LONGEST_NAME:
        yield Problem("long_name", step, outcome)
    if not _shown(name):
        yield Problem("bad_text", step, outcome)


def _is_code(code: str) -> bool:
    return 0 < len(code) <= LONGEST_CODE and _shown(code)


def _shown(text: str) -> bool:
    return not any(unicodedata.category(sign) in _NOT_SHOWN for sign in text)
