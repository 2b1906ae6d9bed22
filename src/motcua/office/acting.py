"""What can be done to a dossier from its page: each act with its form, when it is offered, and the command it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader
from motcua.agencies.queries import StaffView
from motcua.dossiers import assigning, commands
from motcua.dossiers import queries as dossiers
from motcua.dossiers.queries import Detail
from motcua.dossiers.rules import rules
from motcua.law.dossier import commands as law
from motcua.law.dossier.reckoning import calendar_id
from motcua.law.dossier.vocabulary import Pause, ReturnMethod, Status
from motcua.law.process import End, Outcome
from motcua.office import words
from motcua.office.checklist import keep_scan, open_kept, seal_kept
from motcua.office.fields import MomentField, MoneyField, choices, printable
from motcua.office.people import OwnerForm

_LINES = {"rows": 3}
Run = Callable[[Reader, UUID, Any, Mapping[str, Any]], object]


def text_field(label: Any, *, required: bool = False, missing: Any = "", **options: Any) -> Any:
    """Free text for a note, a reason or a list of papers."""
    messages = {"required": missing} if missing else {}
    area = forms.Textarea(attrs=_LINES)
    return forms.CharField(
        label=label, required=required, max_length=3000, widget=area, error_messages=messages, **options
    )


class ActForm(forms.Form):
    """What every act carries: the id that makes a second press harmless, and how much its giver had seen."""

    command_id = forms.UUIDField(widget=forms.HiddenInput)
    seen_seq = forms.IntegerField(widget=forms.HiddenInput)

    def common(self) -> dict[str, Any]:
        """The arguments that every command takes."""
        return {"command_id": self.cleaned_data["command_id"], "seen_seq": self.cleaned_data["seen_seq"]}

    def clean(self) -> dict[str, Any]:
        """Notes and reasons go on papers, so they must be printable."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("note", "reason", "items"):
            for line in str(values.get(name) or "").splitlines():
                try:
                    printable(line)
                except forms.ValidationError as error:
                    self.add_error(name, error)
                    break
        return values


class NoteForm(ActForm):
    """An act with a note that may be left out."""

    note = text_field(_l("Ghi chú"))


class ReasonForm(ActForm):
    """An act that needs its reason."""

    reason = text_field(_l("Lý do"), required=True, missing=_l("Hãy ghi rõ lý do."))


class WithdrawForm(ActForm):
    """The applicant's own reason is welcome, not needed."""

    reason = text_field(_l("Lý do của người nộp"))


class HandOverForm(NoteForm):
    """Leaves the step by the outcome whose button was pressed."""

    outcome = forms.CharField(max_length=60, widget=forms.HiddenInput, required=False)
    to_staff = forms.IntegerField(label=_l("Giao cho"), required=False, widget=forms.Select)
    document = forms.FileField(
        label=_l("Tệp kết quả"), required=False, help_text=_l("PDF, ảnh hoặc Word đã ký, nếu có.")
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A file that was sent is kept at once, so that a refusal does not lose it."""
        values = super().clean()
        self.kept_file = open_kept(values.get("kept", ""))
        if values.get("document") is not None:
            try:
                self.kept_file = keep_scan(values["document"])
            except forms.ValidationError as error:
                self.add_error("document", error)
        return values

    @property
    def kept_again(self) -> str:
        """The kept file for the hidden field of the page shown again."""
        kept = getattr(self, "kept_file", None)
        return seal_kept(*kept) if kept else ""


class AssignForm(ActForm):
    """A leader gives the step to somebody."""

    staff = forms.IntegerField(
        label=_l("Giao cho"), widget=forms.Select, error_messages={"required": _l("Hãy chọn người.")}
    )


class SupplementForm(ActForm):
    """All that is missing, asked for once."""

    items = text_field(
        _l("Giấy tờ cần bổ sung"),
        required=True,
        missing=_l("Hãy ghi ít nhất một giấy tờ cần bổ sung."),
        help_text=_l("Mỗi dòng một giấy tờ. Chỉ được yêu cầu một lần, nên hãy ghi đủ."),
    )
    reason = text_field(_l("Lý do"))

    def text(self) -> str:
        """Papers with a dash, then the reason: how the supplement slip reads it."""
        items = [line.strip(" -–") for line in self.cleaned_data["items"].splitlines() if line.strip(" -–")]
        return "\n".join([*(f"- {item}" for item in items), self.cleaned_data["reason"]]).strip()


class PaymentForm(ReasonForm):
    """A payment that the applicant owes before the work goes on."""

    amount = MoneyField(label=_l("Số tiền phải nộp (đồng)"))
    field_order = ("amount", "reason")


class AppointForm(ReasonForm):
    """The new time, and why the first one cannot be kept."""

    due_at = MomentField(
        label=_l("Hẹn lại lúc"),
        help_text=_l("Trong giờ làm việc. Chỉ được hẹn lại một lần."),
        error_messages={"required": _l("Hãy nhập ngày giờ hẹn mới.")},
    )
    field_order = ("due_at", "reason")


class ReturnForm(NoteForm):
    """How the result was given, and what was paid."""

    method = forms.ChoiceField(label=_l("Trả bằng cách nào"), choices=choices(words.RETURNS), widget=forms.RadioSelect)
    fee_paid = MoneyField(label=_l("Phí, lệ phí đã thu (đồng)"))
    field_order = ("method", "fee_paid", "note")


class CorrectForm(ActForm, OwnerForm):
    """The owner's data typed anew."""

    field_order = OwnerForm.field_order


@dataclass(frozen=True, slots=True)
class Kind:
    """An act: its word in the address, the law's command, words, form, how it is done, and when it makes sense."""

    slug: str
    command: type
    label: Promise | str
    icon: str
    form: type[ActForm]
    run: Run
    button: Promise | str
    offered: Callable[[Reader, Detail], bool] = lambda _reader, _detail: True
    danger: bool = False
    help: Promise | str = ""


def _takes(reader: Reader, detail: Detail) -> bool:
    step = detail.process.step(detail.state.step) if detail.process and detail.state.step else None
    return step is not None and step.function in reader.functions and detail.state.holder_staff != reader.staff_id


def _may_ask(_reader: Reader, detail: Detail) -> bool:
    state = detail.state
    at_desk = state.supplements_at_desk
    asked = at_desk if state.step is None else state.supplements - at_desk
    return asked < rules().max_supplements


def _other_calendar(_reader: Reader, detail: Detail) -> bool:
    counted = detail.state.appointment.calendar if detail.state.appointment else None
    return counted is not None and counted != calendar_id(detail.calendar)


def _hand_over(reader: Reader, dossier_id: UUID, form: HandOverForm, common: Mapping[str, Any]) -> object:
    values = form.cleaned_data
    return commands.hand_over(
        reader,
        dossier_id,
        values["outcome"],
        note=values["note"],
        to_staff=values["to_staff"],
        document=form.kept_file[0] if form.kept_file else None,
        **common,
    )


def _assign_self(reader: Reader, dossier_id: UUID, _form: ActForm, common: Mapping[str, Any]) -> object:
    return commands.assign(reader, dossier_id, reader.staff_id or 0, **common)


def _return(reader: Reader, dossier_id: UUID, form: ReturnForm, common: Mapping[str, Any]) -> object:
    values = form.cleaned_data
    method = ReturnMethod(values["method"])
    return commands.return_result(
        reader, dossier_id, method, fee_paid=values["fee_paid"], note=values["note"], **common
    )


def _payment(reader: Reader, dossier_id: UUID, form: PaymentForm, common: Mapping[str, Any]) -> object:
    values = form.cleaned_data
    return commands.pause(reader, dossier_id, Pause.PAYMENT, values["reason"], amount=values["amount"], **common)


KINDS: Mapping[str, Kind] = {
    kind.slug: kind
    for kind in (
        Kind("tiep-nhan", law.Accept, _l("Tiếp nhận hồ sơ"), "circle-check", ActForm,
             lambda r, d, f, c: commands.accept(r, d, **c), _l("Hồ sơ đủ, tiếp nhận"),
             help=_l("Thời hạn bắt đầu tính từ lúc này; sau đó in giấy tiếp nhận.")),
        Kind("chuyen-xu-ly", law.Transfer, _l("Chuyển hồ sơ đi giải quyết"), "send", NoteForm,
             lambda r, d, f, c: commands.transfer(r, d, note=f.cleaned_data["note"], **c), _l("Chuyển giải quyết")),
        Kind("nhan", law.Assign, _l("Nhận xử lý"), "user", ActForm, _assign_self, _l("Nhận xử lý"), _takes),
        Kind("chuyen", law.HandOver, _l("Chuyển bước"), "arrow-right", HandOverForm, _hand_over, _l("Chuyển")),
        Kind("tiep-tuc", law.Resume, _l("Người nộp đã bổ sung"), "play", ActForm,
             lambda r, d, f, c: commands.resume(r, d, **c), _l("Đã nhận đủ, giải quyết tiếp")),
        Kind("tra", law.Return, _l("Trả kết quả"), "package-check", ReturnForm, _return, _l("Đã trả kết quả")),
        Kind("giao", law.Assign, _l("Giao việc"), "users", AssignForm,
             lambda r, d, f, c: commands.assign(r, d, f.cleaned_data["staff"], **c), _l("Giao"),
             lambda reader, _detail: "leader" in reader.functions),
        Kind("bo-sung", law.PauseFor, _l("Yêu cầu bổ sung giấy tờ"), "files", SupplementForm,
             lambda r, d, f, c: commands.pause(r, d, Pause.SUPPLEMENT, f.text(), **c), _l("Yêu cầu bổ sung"), _may_ask),
        Kind("nop-tien", law.PauseFor, _l("Yêu cầu nộp tiền"), "banknote", PaymentForm, _payment,
             _l("Yêu cầu nộp tiền")),
        Kind("hen-lai", law.AppointAgain, _l("Xin lỗi và hẹn lại"), "calendar-days", AppointForm,
             lambda r, d, f, c: commands.appoint_again(r, d, f.cleaned_data["due_at"], f.cleaned_data["reason"], **c),
             _l("Xin lỗi và hẹn lại"),
             lambda _reader, detail: detail.state.letters == 0 and detail.state.due_at_current is not None),
        Kind("tinh-lai", law.Recount, _l("Tính lại theo lịch mới"), "history", ActForm,
             lambda r, d, f, c: commands.recount(r, d, **c), _l("Tính lại ngày hẹn"), _other_calendar,
             help=_l("Lịch làm việc đã thay đổi. Ngày hẹn không bao giờ sớm hơn ngày đã hứa.")),
        Kind("sua", law.Correct, _l("Sửa thông tin chủ hồ sơ"), "pencil", CorrectForm,
             lambda r, d, f, c: commands.correct_owner(r, d, f.data_kept, **c), _l("Lưu thông tin đúng"),
             help=_l("Bản cũ vẫn còn trong nhật ký. Nhập lại đầy đủ thông tin đúng.")),
        Kind("tu-choi", law.RefuseIntake, _l("Từ chối tiếp nhận"), "ban", ReasonForm,
             lambda r, d, f, c: commands.refuse_intake(r, d, f.cleaned_data["reason"], **c),
             _l("Từ chối tiếp nhận"), danger=True),
        Kind("rut", law.Withdraw, _l("Người nộp rút hồ sơ"), "undo-2", WithdrawForm,
             lambda r, d, f, c: commands.withdraw(r, d, f.cleaned_data["reason"], **c), _l("Ghi nhận rút hồ sơ"),
             danger=True),
        Kind("dung", law.Stop, _l("Dừng giải quyết"), "x", ReasonForm,
             lambda r, d, f, c: commands.stop(r, d, f.cleaned_data["reason"], **c), _l("Dừng giải quyết"), danger=True,
             help=_l("Dừng là kết thúc, không mở lại được.")),
    )
}  # fmt: skip
# What the page leads with in a status; everything else that is possible is folded below.
FIRST: Mapping[Status, tuple[str, ...]] = {
    Status.REGISTERED: ("tiep-nhan",),
    Status.ACCEPTED: ("chuyen-xu-ly",),
    Status.PROCESSING: ("nhan", "chuyen"),
    Status.SUPPLEMENT_REQUESTED: ("tiep-tuc",),
    Status.PAYMENT_REQUESTED: ("tiep-tuc",),
    Status.RESOLVED: ("tra",),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """An act on the page: its form, whether it leads or is folded, and the outcomes of a hand-over."""

    kind: Kind
    form: ActForm
    leads: bool
    is_open: bool = False
    outcomes: tuple[Outcome, ...] = ()
    finishes: bool = False


def offered(
    reader: Reader, detail: Detail, failed: tuple[str, ActForm] | None = None
) -> tuple[list[Offered], list[Offered]]:
    """The acts that lead the page and those that are folded; a failed one stays, with what was typed."""
    first = FIRST.get(detail.row.status, ())
    found = [kind for kind in KINDS.values() if kind.command in detail.possible and kind.offered(reader, detail)]
    if failed and failed[0] not in {kind.slug for kind in found}:
        found.append(KINDS[failed[0]])
    team = _team(reader, detail, found)
    shown = []
    for kind in found:
        is_open = failed is not None and failed[0] == kind.slug
        form = failed[1] if failed and is_open else _fresh(kind, detail)
        shown.append(_prepared(kind, form, detail, team, leads=kind.slug in first, is_open=is_open))
    leading = sorted((act for act in shown if act.leads), key=lambda act: first.index(act.kind.slug))
    return leading, [act for act in shown if not act.leads]


def make_form(slug: str, data: Any = None, files: Any = None, initial: dict[str, Any] | None = None) -> ActForm:
    """The form of an act, with ids of its own, since several stand on one page."""
    return KINDS[slug].form(data, files, initial=initial, auto_id=f"{slug}_%s")


def _fresh(kind: Kind, detail: Detail) -> ActForm:
    initial: dict[str, Any] = {"command_id": commands.new_id(), "seen_seq": detail.seq}
    if kind.form is ReturnForm:
        initial |= {"method": detail.state.intake.return_method.value}
    return make_form(kind.slug, initial=initial)


def _team(reader: Reader, detail: Detail, kinds: Iterable[Kind]) -> tuple[StaffView, ...]:
    if not {kind.slug for kind in kinds} & {"chuyen", "giao"} or reader.agency_id is None:
        return ()
    return agencies.staff_of(reader, reader.agency_id, procedure=detail.row.procedure_code)


def _prepared(
    kind: Kind, form: ActForm, detail: Detail, team: Iterable[StaffView], *, leads: bool, is_open: bool
) -> Offered:
    state, process = detail.state, detail.process
    step = process.step(state.step) if process and state.step else None
    if kind.slug == "giao":
        able = [each for each in team if step and step.function in each.functions and each.id != state.holder_staff]
        form.fields["staff"].widget.choices = _people(able, _("Chọn người"))
    if kind.slug != "chuyen" or step is None or process is None:
        return Offered(kind, form, leads, is_open)
    finishes = any(outcome.end is End.GRANTED for outcome in step.outcomes)
    able = [each for each in team if _next_functions(detail) & each.functions]
    if able:
        form.fields["to_staff"].widget.choices = _people(able, _("Ai rảnh thì nhận"))
    else:
        del form.fields["to_staff"]
    if not finishes:
        del form.fields["document"]
    return Offered(kind, form, leads, is_open, step.outcomes, finishes)


def _next_functions(detail: Detail) -> frozenset[str]:
    """Functions of the steps that can follow at the agency that now holds the dossier."""
    state, process = detail.state, detail.process
    step = process.step(state.step) if process and state.step else None
    if process is None or step is None:
        return frozenset()
    came = state.intake
    targets = [process.by_code[outcome.to] for outcome in step.outcomes if outcome.end is None]
    agency = {"receiving": came.receiving_agency, "competent": came.competent_agency}
    return frozenset(target.function.value for target in targets if agency[target.place] == state.holder_agency)


def _people(team: Iterable[StaffView], empty: str) -> list[tuple[str, str]]:
    return [("", empty), *((str(each.id), f"{each.name} – {each.title}" if each.title else each.name) for each in team)]


def check_person(reader: Reader, dossier_id: UUID, form: ActForm, now: Any) -> None:
    """Adds an error when the step is given to somebody who cannot do it: the law checks agencies, not people."""
    name = "to_staff" if "to_staff" in form.fields else "staff"
    wanted = form.cleaned_data.get(name)
    if wanted is None or reader.agency_id is None:
        return
    detail = dossiers.detail(reader, dossier_id, now)
    outcome = form.cleaned_data.get("outcome", "") if name == "to_staff" else ""
    if not any(each.id == wanted for each in assigning.able(reader, detail, outcome)):
        form.add_error(name, _("Người này không làm bước tiếp theo. Hãy chọn người khác hoặc để trống."))
