"""Processes in words and as drawings: who does a step, what is wrong, what was changed, the map of the steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from motcua.law.process import End, Function, OutcomeAct, Place, Problem, Process
from motcua.law.process_changes import Change, ChangeKind, changes
from motcua.procedures import wording
from motcua.procedures.drawing import Drawing, Words, drawn
from motcua.ui import formats

Definition = Mapping[str, Any]


def who(place: str, function: str) -> str:
    """Who does a step and where: "Lãnh đạo, cơ quan giải quyết"."""
    at = wording.place(Place(place))
    return f"{wording.function(Function(function))}, {at[:1].lower()}{at[1:]}"


def who_choices() -> list[tuple[str, str]]:
    """Everybody who can do a step, as choices of a field."""
    return [(f"{place}/{function}", who(place, function)) for place in Place for function in Function]


def act_choices() -> list[tuple[str, str]]:
    """What an outcome can mean in law, as choices of a field; the first leaves it to the way it leads."""
    return [("", _("theo đường đi")), *((act.value, act_words(act)) for act in OutcomeAct)]


def act_words(act: OutcomeAct) -> str:
    """What leaving a step means in law."""
    return {
        OutcomeAct.FORWARD: _("chuyển bước"),
        OutcomeAct.SEND_BACK: _("trả lại để làm rõ"),
        OutcomeAct.APPROVE: _("duyệt, ký"),
        OutcomeAct.REFUSE: _("từ chối giải quyết"),
    }[act]


def end_names() -> dict[str, str]:
    """The ends, and the start as drawings name it."""
    return {
        "@start": _("Tiếp nhận hồ sơ"),
        End.GRANTED.value: _("Kết thúc: có kết quả"),
        End.REFUSED.value: _("Kết thúc: từ chối giải quyết"),
    }


def allotted_words(minutes: int) -> str:
    """An allotment in words; 0 minutes are none."""
    return spent_words(minutes) if minutes else _("không giao thời gian")


def spent_words(minutes: int) -> str:
    """A span of working minutes, from a day on with the days beside them."""
    told = formats.number(minutes)
    if minutes < formats.DAY_MINUTES:
        return _("%(minutes)s phút") % {"minutes": told}
    days = formats.number(minutes / formats.DAY_MINUTES, 0 if minutes % formats.DAY_MINUTES == 0 else 1)
    return _("%(minutes)s phút (%(days)s ngày làm việc)") % {"minutes": told, "days": days}


def problems_by_step(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """What is wrong, in words, by the step it is in; "" holds what concerns the process itself."""
    found: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        words = wording.problem(problem)
        if words not in found[problem.step]:
            found[problem.step].append(words)
    return dict(found)


def drawing(definition: Definition, problems: Sequence[Problem] = ()) -> Drawing | None:
    """The map of a definition with its defects marked; None where there is no step to draw."""
    read = Process.read(definition)
    if not read.steps:
        return None
    process = replace(read, steps=tuple(replace(step, name=step.name or _("(chưa có tên)")) for step in read.steps))
    wrong = {problem.step for problem in problems}
    words = {
        step.code: Words(who(step.place, step.function), allotted_words(step.allotted_minutes), step.code in wrong)
        for step in process.steps
    }
    return drawn(process, words, end_names())


def names_of(*definitions: Definition | None) -> dict[str, str]:
    """What steps and ends are called, the first definition before the others."""
    names = end_names()
    for definition in definitions:
        for step in (definition or {}).get("steps", ()):
            names.setdefault(step["code"], step["name"] or step["code"])
    return names


def change_words(before: Definition, after: Definition) -> list[str]:
    """What differs between two definitions, a sentence each, in the order of the steps."""
    names = names_of(after, before)
    outcomes = {
        (step["code"], outcome["code"]): outcome["name"]
        for definition in (before, after)
        for step in definition["steps"]
        for outcome in step["outcomes"]
    }
    return [_sentence(change, names, outcomes) for change in changes(before, after)]


def _sentence(change: Change, names: Mapping[str, str], outcomes: Mapping[tuple[str, str], str]) -> str:
    named = {
        "step": names.get(change.step, change.step),
        "outcome": outcomes.get((change.step, change.outcome), change.outcome),
    }
    if change.kind is ChangeKind.CHANGED:
        told = named | {
            "field": _field(change.field),
            "before": _value(change.field, change.before, names),
            "after": _value(change.field, change.after, names),
        }
        if change.outcome:
            return _("Bước “%(step)s”, kết quả “%(outcome)s”: %(field)s “%(before)s” → “%(after)s”.") % told
        if change.step:
            return _("Bước “%(step)s”: %(field)s “%(before)s” → “%(after)s”.") % told
        return _("Quy trình: %(field)s “%(before)s” → “%(after)s”.") % told
    return str(_WHOLE[change.kind, bool(change.step), bool(change.outcome)]()) % named


_WHOLE = {
    (ChangeKind.ADDED, True, False): lambda: _("Thêm bước “%(step)s”."),
    (ChangeKind.REMOVED, True, False): lambda: _("Bỏ bước “%(step)s”."),
    (ChangeKind.ADDED, True, True): lambda: _("Bước “%(step)s”: thêm kết quả “%(outcome)s”."),
    (ChangeKind.REMOVED, True, True): lambda: _("Bước “%(step)s”: bỏ kết quả “%(outcome)s”."),
    (ChangeKind.MOVED, False, False): lambda: _("Thứ tự các bước thay đổi."),
    (ChangeKind.MOVED, True, False): lambda: _("Bước “%(step)s”: thứ tự các kết quả thay đổi."),
}


def _field(name: str) -> str:
    words = {
        "name": _("tên"),
        "code": _("mã"),
        "start": _("bước bắt đầu"),
        "function": _("người làm"),
        "agency": _("nơi làm"),
        "allotted_minutes": _("thời gian"),
        "to": _("dẫn đến"),
        "act": _("ý nghĩa theo luật"),
    }
    return words.get(name, name)


def _value(field: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None:
        return "–"
    if field in {"to", "start"}:
        return names.get(value, str(value))
    said: dict[str, Callable[[Any], str]] = {
        "function": lambda it: wording.function(Function(it)),
        "agency": lambda it: wording.place(Place(it)),
        "allotted_minutes": allotted_words,
        "act": lambda it: act_words(OutcomeAct(it)),
    }
    return said.get(field, str)(value)
