"""Internal processes for those who look after them: which hold, what a version says, and how versions differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_safe

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader, staff_required
from motcua.law.process import Process
from motcua.office import process_words as words
from motcua.office.fields import whole_number
from motcua.office.shell import StaffRequest, page
from motcua.procedures import bpmn, bpmn_writing, drafts, processes
from motcua.procedures.processes import EDITORS, READERS, Detail, NoSuchProcess, Version

PLACE = "office:processes"
ALL = "tat-ca"


class BeginForm(forms.Form):
    """For which procedure of which agency a process is begun."""

    agency = forms.ChoiceField(label=_l("Của cơ quan"))
    procedure = forms.CharField(
        label=_l("Cho thủ tục"),
        required=False,
        max_length=20,
        help_text=_l(
            "Mã thủ tục, ví dụ 1.001193. Để trống là quy trình chung cho mọi thủ tục chưa có quy trình riêng."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w-code"}),
    )

    def __init__(self, data: Any, places: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["agency"].choices = places  # type: ignore[attr-defined]


@staff_required(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: StaffRequest) -> HttpResponse:
    """The processes that hold here; by POST an editor begins a draft."""
    reader = request.reader
    form = BeginForm(request.POST or None, _places(reader)) if _edits(reader) else None
    if form is not None and request.method == "POST" and form.is_valid():
        agency = form.cleaned_data["agency"]
        try:
            draft = drafts.begin(
                reader,
                procedure_code=form.cleaned_data["procedure"].strip() or None,
                agency_id=None if agency == ALL else int(agency),
            )
        except NoSuchProcess:
            form.add_error("procedure", _("Danh mục không có thủ tục mang mã này. Hãy kiểm tra lại mã."))
        else:
            return redirect("office:process_edit", draft)
    rows = processes.listed(reader)
    names = agencies.agency_names(reader, {row.agency_id for row in rows if row.agency_id})
    context = {
        "form": form,
        "lines": [{"row": row, "agency": names.get(row.agency_id or 0, _("mọi cơ quan"))} for row in rows],
    }
    return page(request, "office/processes.html", context, place=PLACE)


def _edits(reader: Reader) -> bool:
    return not reader.roles.isdisjoint(EDITORS)


def _places(reader: Reader) -> list[tuple[str, str]]:
    """The agencies whose processes the reader edits, the own one first."""
    found = [each for each in agencies.agencies_for(reader) if each.active]
    found.sort(key=lambda each: each.id != reader.agency_id)
    general = [(ALL, _("Mọi cơ quan"))] if agencies.speaks_for_all(reader) else []
    return [*((str(each.id), each.name) for each in found), *general]


@staff_required(roles=READERS)
@require_safe
def process(request: StaffRequest, process_id: int) -> HttpResponse:
    """A process: its map, its steps, its versions; `phien-ban` shows another version, `so-voi` holds it against one."""
    found = _found(request, process_id)
    shown = _asked(request, found, "phien-ban") or found.current
    other = _asked(request, found, "so-voi")
    staff = agencies.staff_names(
        request.reader, {each.published_by_id for each in found.versions if each.published_by_id}
    )
    context = {
        "process": found,
        "version": shown,
        "other": other,
        "differences": words.change_words(other.definition, shown.definition) if other else [],
        "map": words.drawing(shown.definition),
        "steps": steps_told(shown.definition),
        "agency": agency_name(request.reader, found.agency_id),
        "may_edit": processes.may_edit(request.reader, found.agency_id),
        "versions": [{"version": each, "who": staff.get(each.published_by_id or 0, "")} for each in found.versions],
    }
    return page(request, "office/process.html", context, place=PLACE)


@staff_required(roles=READERS)
@require_safe
def export(request: StaffRequest, process_id: int, number: int) -> HttpResponse:
    """A version as a BPMN file."""
    found = _found(request, process_id)
    try:
        version = found.version(number)
    except NoSuchProcess as error:
        raise Http404 from error
    return bpmn_file(version.definition, f"{found.code}-v{number}")


def bpmn_file(definition: Mapping[str, Any], name: str) -> HttpResponse:
    """The answer that carries a definition as a file; raises ProcessError for one with defects."""
    response = HttpResponse(bpmn_writing.written(Process.read(definition)), content_type=bpmn.CONTENT_TYPE)
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "-" for sign in name)
    response.headers["Content-Disposition"] = f'attachment; filename="{plain}{bpmn.SUFFIX}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def steps_told(definition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The steps in words: what the map shows to who sees it, and says to who does not."""
    names = words.names_of(definition)
    return [
        {
            "name": step["name"],
            "code": step["code"],
            "who": words.who(step["agency"], step["function"]),
            "minutes": words.allotted_words(step["allotted_minutes"]),
            "first": step["code"] == definition["start"],
            "outcomes": [{"name": each["name"], "to": names.get(each["to"], "–")} for each in step["outcomes"]],
        }
        for step in definition["steps"]
    ]


def agency_name(reader: Reader, agency_id: int | None) -> str:
    """Whose process it is."""
    if agency_id is None:
        return _("mọi cơ quan")
    return agencies.agency_names(reader, [agency_id]).get(agency_id, "")


def _found(request: StaffRequest, process_id: int) -> Detail:
    try:
        return processes.detail(request.reader, process_id)
    except NoSuchProcess as error:
        raise Http404 from error


def _asked(request: StaffRequest, found: Detail, name: str) -> Version | None:
    """The version that the address asks for; None when it asks for none, or for one that there is not."""
    number = whole_number(request.GET.get(name, ""))
    return next((each for each in found.versions if each.number == number), None)
