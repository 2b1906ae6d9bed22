"""Dry runs of a process on a page: assumptions as a form, what ten thousand simulated dossiers met as tables and bars.

Every figure here is simulated and the page says so; nothing is read from real dossiers and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_safe

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader, staff_required
from motcua.agencies.limited import limited
from motcua.dossiers.rules import rules_at
from motcua.law.process import Process
from motcua.law.simulate import Assumptions, Clock, simulate
from motcua.law.simulated import Load, Simulated, StepFigures
from motcua.law.worktime import CalendarEdgeError, LimitError, TimeLimit, WorkCalendar
from motcua.office import process_words as words
from motcua.office.shell import StaffRequest, page
from motcua.procedures import processes
from motcua.procedures import queries as catalogue
from motcua.procedures.checking import problems_of
from motcua.procedures.processes import READERS, Draft, NoSuchProcess
from motcua.ui import formats

PLACE = "office:processes"
_DOSSIERS = 10_000


class RunForm(forms.Form):
    """What is assumed. Every figure of the result follows from it."""

    limit = forms.CharField(
        label=_l("Thời hạn giải quyết"),
        required=False,
        max_length=60,
        help_text=_l("Ví dụ: 5 ngày làm việc. Để trống thì không tính đúng hạn."),
    )
    per_day = forms.IntegerField(label=_l("Số hồ sơ đến mỗi ngày làm việc"), min_value=1, max_value=2_000)
    share = forms.IntegerField(
        label=_l("Thời gian làm thật, phần trăm của thời gian giao"),
        min_value=0,
        max_value=400,
        help_text=_l("Phần còn lại của thời gian giao là để chờ đến lượt."),
    )
    spread = forms.IntegerField(label=_l("Nhanh chậm khác nhau tới, phần trăm"), min_value=0, max_value=100)
    unallotted = forms.IntegerField(label=_l("Bước không giao thời gian làm mất, phút"), min_value=0, max_value=10_000)

    def __init__(self, data: Mapping[str, Any], process: Process) -> None:
        super().__init__(data)
        if all(step.allotted_minutes for step in process.steps):
            del self.fields["unallotted"]
        self.pools = list(dict.fromkeys((step.place, step.function) for step in process.steps))
        for number, (place, function) in enumerate(self.pools):
            label = _("Số người: %(who)s") % {"who": words.who(place, function)}
            self.fields[f"people{number}"] = forms.IntegerField(label=label, min_value=1, max_value=500)
        self.weights: dict[str, tuple[str, str]] = {}
        for index, step in enumerate(process.steps):
            for number, outcome in enumerate(step.outcomes if len(step.outcomes) > 1 else ()):
                name = f"w{index}-{number}"
                self.weights[name] = (step.code, outcome.code)
                label = f"{step.name}: {outcome.name}"
                self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=1_000)

    def clean_limit(self) -> str:
        """The limit as it was typed; a text that is none is refused."""
        text = str(self.cleaned_data["limit"]).strip()
        if text:
            try:
                TimeLimit.parse(text)
            except LimitError:
                raise forms.ValidationError(
                    _("Không hiểu thời hạn này. Ví dụ: 5 ngày làm việc, 8 giờ làm việc.")
                ) from None
        return text

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields that everybody fills, in order."""
        return [self[name] for name in self.fields if name not in self.weights]

    @property
    def weighed(self) -> list[forms.BoundField]:
        """How likely each outcome is."""
        return [self[name] for name in self.weights]

    def assumptions(self) -> Assumptions:
        """What was typed, as the law takes it."""
        given = self.cleaned_data
        return Assumptions(
            dossiers=_DOSSIERS,
            per_day=given["per_day"],
            share=given["share"],
            spread=given["spread"],
            unallotted=given.get("unallotted", 0),
            people={pool: given[f"people{number}"] for number, pool in enumerate(self.pools)},
            weights={of: given[name] for name, of in self.weights.items()},
        )


@staff_required(roles=READERS)
@require_safe
@limited("dry-run")
def version(request: StaffRequest, process_id: int) -> HttpResponse:
    """A dry run of the version in force."""
    try:
        found = processes.detail(request.reader, process_id)
    except NoSuchProcess as error:
        raise Http404 from error
    about = {"process": found, "title": found.current.name, "number": found.current.number}
    return _run_page(request, found.current.definition, found.procedure_code, found.agency_id, about)


@staff_required(roles=READERS)
@require_safe
@limited("dry-run")
def draft(request: StaffRequest, draft_id: int) -> HttpResponse:
    """A dry run of a draft, with whatever defects it has."""
    try:
        found = processes.draft(request.reader, draft_id)
    except NoSuchProcess as error:
        raise Http404 from error
    about = {"draft": found, "title": found.definition["name"]}
    return _run_page(request, found.definition, found.procedure_code, found.agency_id, about)


def too_long(reader: Reader, draft: Draft) -> str | None:
    """A warning when the allotted minutes of the longest way are more than the procedure's limit; None when not."""
    text = _limit_of(reader, draft.procedure_code)
    try:
        allowed = TimeLimit.parse(text).minutes if text else 0
    except LimitError:  # months have no fixed number of minutes
        return None
    needed = Process.read(draft.definition).longest_simple_minutes()
    if not allowed or needed <= allowed:
        return None
    told = {"needed": words.spent_words(needed), "limit": text}
    return _("Đường đi dài nhất được giao %(needed)s, nhiều hơn thời hạn %(limit)s của thủ tục.") % told


def _limit_of(reader: Reader, procedure_code: str | None) -> str:
    """The limit that the procedure states at the counter, "" where it states none that was understood."""
    found = catalogue.procedure_page(reader, procedure_code) if procedure_code else None
    limit = found.content.limit_for("direct") if found else None
    return (limit.text or "") if limit else ""


def _run_page(
    request: StaffRequest,
    definition: Mapping[str, Any],
    procedure_code: str | None,
    agency_id: int | None,
    about: Mapping[str, Any],
) -> HttpResponse:
    reader, process = request.reader, Process.read(definition)
    at = agency_id or reader.agency_id or 0
    given = {**_assumed(reader, process, procedure_code, at), **request.GET.dict()}
    form = RunForm(given, process)
    result = None
    trouble = _("Chưa có bước bắt đầu nên không chạy thử được.") if process.start not in process.by_code else ""
    if form.is_valid() and not trouble:
        try:
            calendar, _version = agencies.calendar_for(at)
            result = _simulated(process, form.assumptions(), calendar, form.cleaned_data["limit"])
        except agencies.NoCalendar as error:
            trouble = str(error)
        except CalendarEdgeError:
            trouble = _("Lịch làm việc của cơ quan không có ngày hôm nay. Hãy công bố lịch mới.")
    context = {
        **about,
        "form": form,
        "trouble": trouble,
        "problems": words.problems_by_step(problems_of(definition)) if "draft" in about else {},
        "names": words.names_of(definition),
        "result": _told(process, result, form.cleaned_data["limit"]) if result else None,
    }
    return page(request, "office/process_run.html", context, place=PLACE)


def _assumed(reader: Reader, process: Process, procedure_code: str | None, agency_id: int) -> dict[str, Any]:
    """What the form begins with: the procedure's limit, the people that the agency has, and round figures."""
    assumed = Assumptions()
    given: dict[str, Any] = {
        "limit": _limit_of(reader, procedure_code),
        "per_day": assumed.per_day,
        "share": assumed.share,
        "spread": assumed.spread,
        "unallotted": assumed.unallotted,
    }
    reach = reader.own_agency_ids | reader.descendant_agency_ids
    staff = agencies.staff_of(reader, agency_id) if agency_id in reach else ()
    pools = dict.fromkeys((step.place, step.function) for step in process.steps)
    for number, (_place, function) in enumerate(pools):
        given[f"people{number}"] = max(1, sum(function.value in each.functions for each in staff))
    for index, step in enumerate(process.steps):
        given |= {f"w{index}-{number}": 1 for number in range(len(step.outcomes))}
    return given


def _simulated(process: Process, assumptions: Assumptions, calendar: WorkCalendar, limit: str) -> Simulated:
    parsed = TimeLimit.parse(limit) if limit else None
    rules = rules_at(timezone.now())
    counted = rules.convention_for(parsed) if parsed else None
    return simulate(process, assumptions, Clock(calendar, timezone.localdate(), parsed, counted, rules.cutoff))


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a bar in hundredths of it."""

    tone: str
    start: str
    length: str


def bar(*parts: tuple[str, float]) -> list[Bar]:
    """Parts of a bar one after another, each a tone and its percent of the whole; nothing goes beyond it."""
    bars, start = [], 0.0
    for tone, percent in parts:
        length = max(0.0, min(percent, 100.0 - start))
        if length:
            bars.append(Bar(tone, f"{start:.2f}", f"{length:.2f}"))
        start += length
    return bars


def _told(process: Process, found: Simulated, limit: str) -> dict[str, Any]:
    """The result as the page shows it."""
    spent = sum(each.waited + each.worked for each in found.steps)
    names = {step.code: step for step in process.steps}
    return {
        "found": found,
        "limit": limit,
        "headline": _headline(found),
        "in_time": None if found.kept is None else 100 * found.kept.in_time,
        "kept_bar": _kept_bar(found),
        "loads": [_load(each) for each in found.loads if each.visits],
        "steps": [_step(each, names[each.step].name, names[each.step].allotted_minutes, spent) for each in found.steps],
        "minutes": {
            name: words.spent_words(getattr(found.minutes, name)) for name in ("median", "ninetieth", "longest")
        }
        if found.minutes
        else None,
        "lost": found.stranded + found.endless,
    }


def _headline(found: Simulated) -> str:
    """What the run says, in one sentence; always as something simulated."""
    if found.stranded + found.endless:
        lost = formats.number(found.stranded + found.endless)
        return _("Mô phỏng: %(count)s hồ sơ không bao giờ ra khỏi quy trình") % {"count": lost}
    crowded = max(found.loads, key=lambda load: load.share)
    if crowded.share > 1:
        who = words.who(crowded.place, crowded.function)
        return _("Mô phỏng: quá tải ở %(who)s, hồ sơ dồn lại mỗi ngày một nhiều") % {"who": who.lower()}
    if found.kept is None:
        return _("Mô phỏng: mọi hồ sơ ra khỏi quy trình")
    share = formats.percent(100 * found.kept.in_time, 2 if found.kept.overdue and found.kept.in_time >= 0.9995 else 1)
    return _("Mô phỏng: %(share)s hồ sơ đúng hạn hoặc trước hạn") % {"share": share}


def _kept_bar(found: Simulated) -> list[Bar]:
    kept = found.kept
    if kept is None:
        return []
    parts = (("early", kept.early), ("on-time", kept.on_time), ("late", kept.overdue))
    return bar(*((tone, 100 * count / kept.total) for tone, count in parts))


def _load(load: Load) -> dict[str, Any]:
    return {
        "load": load,
        "who": words.who(load.place, load.function),
        "share": 100 * load.share,
        "over": load.share > 1,
        "bar": bar(("late" if load.share > 1 else "on-time", 100 * load.share)),
        "wait": words.spent_words(load.waits.median) if load.waits and load.waits.median else _("không chờ"),
        "long_wait": words.spent_words(load.waits.ninetieth) if load.waits and load.waits.ninetieth else _("không chờ"),
    }


def _step(step: StepFigures, name: str, allotted: int, spent: int) -> dict[str, Any]:
    """A step's row; its share is that of all minutes that dossiers spent, waiting and being worked on."""
    own = step.waited + step.worked
    waits, works = (100 * part / spent if spent else 0.0 for part in (step.waited, step.worked))
    return {
        "step": step,
        "name": name,
        "share": 100 * own / spent if spent else 0.0,
        "bar": bar(("soon", waits), ("on-time", works)),
        "each": words.spent_words(round(own / step.visits)) if step.visits and own else "–",
        "allotted": words.allotted_words(allotted),
        "over": 100 * step.over_allotment / step.visits if step.visits and allotted else None,
    }
