"""What differs between two definitions of a process, step by step: for comparing versions and drafts.

Works on definitions as data, so that drafts with defects, and parts that this release does not know, are compared too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Data = Mapping[str, Any]


class ChangeKind(StrEnum):
    """What became of a step, an outcome, or something that is said of one."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. Without `step` it is about the process itself, with `outcome` about that outcome of the step.

    `field` is what was changed, with the values before and after; MOVED says that the order of the steps, or of the
    outcomes of `step`, is another.
    """

    kind: ChangeKind
    step: str = ""
    outcome: str = ""
    field: str = ""
    before: Any = None
    after: Any = None


def changes(before: Data, after: Data) -> tuple[Change, ...]:
    """Every difference, that of the process first, then step by step in the order of `after`, at last what is gone."""
    return (*_fields(before, after, "steps"), *_steps(before.get("steps", ()), after.get("steps", ())))


def _fields(before: Data, after: Data, parts: str, step: str = "", outcome: str = "") -> Iterator[Change]:
    """The plain values that differ; `parts` names the list that is compared by itself."""
    for name in dict.fromkeys((*before, *after)):
        if name != parts and before.get(name) != after.get(name):
            yield Change(ChangeKind.CHANGED, step, outcome, name, before.get(name), after.get(name))


def _steps(before: Sequence[Data], after: Sequence[Data]) -> Iterator[Change]:
    old, new = _by_code(before), _by_code(after)
    if _common(old, new) != _common(new, old):
        yield Change(ChangeKind.MOVED)
    for code, step in new.items():
        if code not in old:
            yield Change(ChangeKind.ADDED, code, after=step)
            continue
        yield from _fields(old[code], step, "outcomes", code)
        yield from _outcomes(code, old[code].get("outcomes", ()), step.get("outcomes", ()))
    yield from (Change(ChangeKind.REMOVED, code, before=step) for code, step in old.items() if code not in new)


def _outcomes(step: str, before: Sequence[Data], after: Sequence[Data]) -> Iterator[Change]:
    old, new = _by_code(before), _by_code(after)
    if _common(old, new) != _common(new, old):
        yield Change(ChangeKind.MOVED, step)
    for code, outcome in new.items():
        if code in old:
            yield from _fields(old[code], outcome, "", step, code)
        else:
            yield Change(ChangeKind.ADDED, step, code, after=outcome)
    yield from (Change(ChangeKind.REMOVED, step, code, before=each) for code, each in old.items() if code not in new)


def _by_code(items: Sequence[Data]) -> dict[str, Data]:
    return {str(item.get("code", "")): item for item in items}


def _common(items: Data, others: Data) -> list[str]:
    """The codes that both have, in the order of the first."""
    return [code for code in items if code in others]
