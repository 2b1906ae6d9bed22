"""The editor of a process: a draft as plain forms beside its map; saved with every act, published as a next version."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.agencies import queries as agencies
from motcua.agencies.access import NotPermitted, staff_required
from motcua.law.process import ProcessError
from motcua.office import process_form, process_run
from motcua.office import process_words as words
from motcua.office.fields import whole_number
from motcua.office.process_form import Typed
from motcua.office.processes import PLACE, agency_name, bpmn_file, steps_told
from motcua.office.shell import StaffRequest, page
from motcua.procedures import bpmn, bpmn_reading, drafts, processes
from motcua.procedures.checking import BLANK, MOST_STEPS, TooLarge, problems_of
from motcua.procedures.drafts import Conflict, Outdated
from motcua.procedures.processes import EDITORS, READERS, Draft, NoSuchProcess, Turn

_ONWARD = {"publish": "office:process_publish", "run": "office:process_draft_run"}


class PublishForm(forms.Form):
    """By which decision the process was approved."""

    decision = forms.CharField(
        label=_l("Quyết định phê duyệt quy trình"),
        max_length=200,
        help_text=_l("Số, ngày và người ký, ví dụ: Quyết định số 12/QĐ-UBND ngày 05/01/2026 của Chủ tịch UBND tỉnh."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _l("Hãy ghi quyết định phê duyệt; quy trình nội bộ phải được phê duyệt trước khi áp dụng.")
        },
    )


class UploadForm(forms.Form):
    """A file of another tool."""

    file = forms.FileField(
        label=_l("Tệp BPMN 2.0"),
        help_text=_l("Từ bpmn.io hoặc công cụ khác, nhiều nhất 2 MB. Nội dung tệp thay cho bản thảo này."),
        error_messages={"required": _l("Hãy chọn tệp."), "empty": _l("Tệp trống.")},
    )


@staff_required(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, draft_id: int) -> HttpResponse:
    """The draft's form and map; `luot` shows what somebody else left. By POST an act, which saves what was typed."""
    try:
        draft = processes.draft(request.reader, draft_id)
        if request.method == "POST":
            return _acted(request, draft)
    except NoSuchProcess as error:
        if request.method == "POST" and "agency" in request.POST:
            return _begun_again(request)
        raise Http404 from error
    left = _left(request, draft_id)
    shown = Typed(dict(draft.definition if left is None else left.definition))
    return _editor(request, draft, shown, restored=left is not None)


def _left(request: StaffRequest, draft_id: int) -> Turn | None:
    """What somebody else left, if the address asks for it."""
    asked = whole_number(request.GET.get("luot", ""))
    turns = processes.turns(request.reader, draft_id) if asked else ()
    return next((each for each in turns if each.id == asked), None)


def _acted(request: StaffRequest, draft: Draft) -> HttpResponse:
    """Saves what was typed with the button that was pressed. Raises NoSuchProcess when the draft is gone."""
    answer = process_form.typed(request.POST, draft.definition)
    if answer.mistakes:
        return _editor(request, draft, answer)
    do, _slash, over = request.POST.get("do", "save").partition("/")
    changed, shown = process_form.act(answer.definition, do)
    try:
        drafts.save(
            request.reader, draft.id, changed, revision=whole_number(over or request.POST.get("revision", "")) or 0
        )
    except Conflict as conflict:
        return _editor(request, conflict.draft, Typed(changed), conflict=True)
    except TooLarge as error:
        messages.error(request, str(error))
        return _editor(request, draft, answer)
    if do in _ONWARD:
        return redirect(_ONWARD[do], draft.id)
    place = "" if shown is None else f"?buoc={shown}#s{shown}"
    return redirect(reverse("office:process_edit", args=[draft.id]) + place)


def _begun_again(request: StaffRequest) -> HttpResponse:
    """Somebody published the draft or gave it up while another typed: what was typed becomes a draft of its own."""
    answer = process_form.typed(request.POST, BLANK)
    try:
        draft_id = drafts.begin(
            request.reader,
            procedure_code=request.POST.get("procedure") or None,
            agency_id=whole_number(request.POST["agency"]),
            definition=answer.definition,
        )
    except (NoSuchProcess, NotPermitted, TooLarge) as error:
        raise Http404 from error
    draft = processes.draft(request.reader, draft_id)
    if draft.definition != answer.definition:  # and somebody has begun the next one already
        return _editor(request, draft, answer, conflict=True)
    messages.warning(
        request, _("Bản thảo bạn đang sửa vừa được công bố hoặc bỏ. Những gì bạn gõ nằm trong bản thảo mới này.")
    )
    return redirect("office:process_edit", draft_id)


def _editor(
    request: StaffRequest, draft: Draft, shown: Typed, *, conflict: bool = False, restored: bool = False
) -> HttpResponse:
    reader, definition = request.reader, shown.definition
    problems = problems_of(definition)
    turns = processes.turns(reader, draft.id)
    staff = agencies.staff_names(
        reader, {each for each in (draft.saved_by_id, *(t.saved_by_id for t in turns)) if each}
    )
    context = {
        "draft": draft,
        "definition": definition,
        "rows": process_form.rows(definition, shown.mistakes),
        "targets": [(step["code"], step["name"] or step["code"]) for step in definition["steps"]],
        "ends": [(code, name) for code, name in words.end_names().items() if code != "@start"],
        "who": words.who_choices(),
        "meanings": words.act_choices(),
        "general": words.problems_by_step(problems).get("", []),
        "problems": len(problems),
        "map": words.drawing(definition, problems),
        "steps": steps_told(definition),
        "agency": agency_name(reader, draft.agency_id),
        "saved_by": staff.get(draft.saved_by_id or 0, _("hệ thống")),
        "turns": [{"turn": each, "who": staff.get(each.saved_by_id or 0, _("hệ thống"))} for each in turns],
        "conflict": words.change_words(draft.definition, definition) if conflict else None,
        "restored": restored,
        "shown": whole_number(request.GET.get("buoc", "")),
        "full": len(definition["steps"]) >= MOST_STEPS,
        "may_edit": processes.may_edit(reader, draft.agency_id),
        "upload": UploadForm(),
    }
    # htmx puts in what it is given; to a program, and to who has no script, the answer says that nothing was saved.
    status = 409 if conflict and not request.headers.get("HX-Request") else 200
    return page(request, "office/process_edit.html", context, place=PLACE, status=status)


@staff_required(roles=EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: StaffRequest, draft_id: int) -> HttpResponse:
    """What is about to be published: what changes, what is wrong, what may not fit the limit; by POST it is."""
    draft = _draft(request, draft_id)
    form = PublishForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            done = drafts.publish(
                request.reader,
                draft_id,
                revision=whole_number(request.POST.get("revision", "")) or 0,
                over=whole_number(request.POST.get("over", "")),
                decision=form.cleaned_data["decision"].strip(),
            )
        except (Conflict, Outdated) as error:
            draft = error.draft
            form.add_error(None, _("Bản thảo hoặc phiên bản đang áp dụng vừa thay đổi. Hãy xem lại rồi công bố."))
        except ProcessError:
            form.add_error(None, _("Bản thảo còn chỗ phải sửa nên chưa công bố được."))
        except NotPermitted as error:
            raise Http404 from error
        else:
            _tell(request, done.outcome)
            return redirect("office:process", done.process_id)
    return _publish_page(request, draft, form)


def _publish_page(request: StaffRequest, draft: Draft, form: PublishForm) -> HttpResponse:
    reader = request.reader
    problems = problems_of(draft.definition)
    names = words.names_of(draft.definition)
    context = {
        "draft": draft,
        "form": form,
        "agency": agency_name(reader, draft.agency_id),
        "problems": [
            (names.get(step, ""), each) for step, said in words.problems_by_step(problems).items() for each in said
        ],
        "differences": words.change_words(draft.current, draft.definition) if draft.current else [],
        "unchanged": draft.current == draft.definition,
        "steps": steps_told(draft.definition),
        "warning": None if problems else process_run.too_long(reader, draft),
        "may_edit": processes.may_edit(reader, draft.agency_id),
    }
    return page(request, "office/process_publish.html", context, place=PLACE)


def _tell(request: StaffRequest, outcome: str) -> None:
    if outcome == "unchanged":
        messages.info(request, _("Bản thảo không khác phiên bản đang áp dụng nên không có phiên bản mới."))
    else:
        messages.success(
            request,
            _("Đã công bố. Hồ sơ tiếp nhận từ bây giờ theo phiên bản này; hồ sơ đang giải quyết giữ phiên bản cũ."),
        )


@staff_required(roles=EDITORS)
@require_POST
def discard(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Gives the draft up."""
    try:
        drafts.discard(request.reader, draft_id, revision=whole_number(request.POST.get("revision", "")) or 0)
    except Conflict:
        messages.error(request, _("Bản thảo vừa được người khác lưu nên chưa bỏ. Hãy xem lại."))
        return redirect("office:process_edit", draft_id)
    except (NoSuchProcess, NotPermitted) as error:
        raise Http404 from error
    messages.success(request, _("Đã bỏ bản thảo. Phiên bản đang áp dụng không đổi."))
    return redirect(PLACE)


@staff_required(roles=EDITORS)
@require_POST
def upload(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Puts the content of a BPMN file in place of the draft, and names each element that was not simply understood."""
    draft = _draft(request, draft_id)
    form = UploadForm(request.POST, request.FILES)
    notes: tuple[bpmn.Note, ...] = ()
    done = False
    if form.is_valid():
        try:
            read = bpmn_reading.read(form.cleaned_data["file"].read(bpmn_reading.MOST_BYTES + 1))
            revision = whole_number(request.POST.get("revision", "")) or 0
            drafts.save(request.reader, draft_id, read.definition, revision=revision)
            notes, done = read.notes, True
        except bpmn.BpmnError as error:
            form.add_error("file", error.message)
        except TooLarge as error:
            form.add_error("file", str(error))
        except Conflict:
            form.add_error(
                None, _("Bản thảo vừa được người khác lưu nên tệp chưa được nhập. Hãy xem bản mới rồi nhập lại.")
            )
        except NotPermitted as error:
            raise Http404 from error
    context = {"draft": draft, "form": form, "notes": _grouped(notes), "done": done}
    return page(request, "office/process_import.html", context, place=PLACE)


def _grouped(notes: tuple[bpmn.Note, ...]) -> list[tuple[bpmn.NoteKind, list[str]]]:
    return [
        (kind, [note.message for note in notes if note.kind is kind])
        for kind in bpmn.NoteKind
        if any(note.kind is kind for note in notes)
    ]


@staff_required(roles=READERS)
@require_safe
def export(request: StaffRequest, draft_id: int) -> HttpResponse:
    """The draft as a BPMN file; one with defects is sent back to be mended."""
    draft = _draft(request, draft_id)
    try:
        return bpmn_file(draft.definition, f"{draft.definition['code']}-ban-thao")
    except ProcessError:
        messages.error(request, _("Bản thảo còn chỗ phải sửa nên chưa tải về được dạng BPMN."))
        return redirect("office:process_edit", draft_id)


def _draft(request: StaffRequest, draft_id: int) -> Draft:
    try:
        return processes.draft(request.reader, draft_id)
    except NoSuchProcess as error:
        raise Http404 from error
