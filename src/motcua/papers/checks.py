"""Checks a form's fields when it is made, so that a paper with a hole in it can never reach the printer."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints


class FormError(ValueError):
    """A field of a form is missing or of the wrong kind; names form and field, never the value (personal data)."""

    def __init__(self, form: str, field: str, problem: str) -> None:
        super().__init__(f"{form}.{field}: {problem}")
        self.form = form
        self.field = field
        self.problem = problem


class Checked:
    """Base of the frozen form dataclasses: every field is held against its annotation as soon as the form exists.

    Text must not be blank (`None` is how an optional field is left empty), a whole number must not be negative,
    a tuple holds what its annotation says and at least `metadata["at_least"]` of it. Raises FormError.
    """

    def __post_init__(self) -> None:
        kind: type = type(self)
        for name, (hint, at_least) in _rules(kind).items():
            value = getattr(self, name)
            problem = _problem(hint, value)
            if problem is None and at_least and len(value) < at_least:
                problem = f"needs at least {at_least} entry"
            if problem:
                raise FormError(type(self).__name__, name, problem)


@cache
def _rules(form: type) -> Mapping[str, tuple[Any, int]]:
    hints = get_type_hints(form)
    return {item.name: (hints[item.name], int(item.metadata.get("at_least", 0))) for item in fields(form)}


def _problem(hint: Any, value: object) -> str | None:
    origin = get_origin(hint)
    if origin in (UnionType, Union):
        return _problem_in_union(get_args(hint), value)
    if origin is tuple:
        return _problem_in_tuple(get_args(hint)[0], value)
    if value is None:
        return "is missing"
    if not _is_a(hint, value):
        return f"must be {hint.__name__}, not {type(value).__name__}"
    return _problem_in_value(value)


def _problem_in_value(value: object) -> str | None:
    if isinstance(value, str) and not value.strip():
        return "is missing (blank text)"
    if isinstance(value, int) and value < 0:
        return "must not be negative"
    return None


def _problem_in_union(choices: tuple[Any, ...], value: object) -> str | None:
    if value is None and NoneType in choices:
        return None
    problems = [_problem(choice, value) for choice in choices if choice is not NoneType]
    return None if None in problems else problems[0]


def _problem_in_tuple(hint: Any, value: object) -> str | None:
    if not isinstance(value, tuple):
        return f"must be tuple, not {type(value).__name__}"
    for position, entry in enumerate(value):
        problem = _problem(hint, entry)
        if problem:
            return f"entry {position + 1} {problem}"
    return None


def _is_a(kind: type, value: object) -> bool:
    # Python lets a bool pass for an int and a datetime for a date; on paper either would print nonsense.
    if kind is int and isinstance(value, bool):
        return False
    if kind is date and isinstance(value, datetime):
        return False
    return isinstance(value, kind)
