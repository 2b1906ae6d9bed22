"""What can be done to a dossier from its page: each act with its form, when it is offered, and the command it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader, for_system
from motcua.agencies.queries import StaffView
from motcua.dossiers import asides, assigning, commands
from motcua.dossiers import queries as dossiers
from motcua.dossiers.queries import Detail, Happening
from motcua.dossiers.rules import rules_of
from motcua.dossiers.wording import Refused
from motcua.law.dossier import commands as law
from motcua.law.dossier.reckoning import calendar_id
from motcua.law.dossier.vocabulary import Component, PaidBy, Pause, Refusal, ReturnMethod, Status
from motcua.law.process import End, Outcome
from motcua.office import signing
from motcua.office.act_forms import (
    ActForm,
    AnswerForm,
    AppointForm,
    AssignForm,
    ConsultForm,
    CorrectForm,
    DigitiseForm,
    ErrorForm,
    HandOverForm,
    NoteForm,
    PayForm,
    PaymentForm,
    ReasonForm,
    RelocateForm,
    RemarkForm,
    ReturnForm,
    SignedElsewhereForm,
    SignForm,
    SupplementAgainForm,
    SupplementForm,
    SuspendForm,
    WithdrawForm,
)
from motcua.papers import queries as papers
from motcua.papers.assembling import component_name

RESULT = 0  # the result among the papers that can be scanned; papers count from 1
Run = Callable[[Reader, UUID, Any, Mapping[str, Any]], object]


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


def _left_to_ask(detail: Detail) -> int:
    """How often papers may still be asked for here without naming a provision; once more with one."""
    state = detail.state
    at_desk = state.supplements_at_desk
    asked = at_desk if state.step is None else state.supplements - at_desk
    return rules_of(state.rules, state.received_at or state.opened_at).max_supplements - asked


def _is_suspended(_reader: Reader, detail: Detail) -> bool:
    return detail.state.status == Status.SUSPENDED


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
        document=form.file_ref,
        **common,
    )


def _assign_self(reader: Reader, dossier_id: UUID, _form: ActForm, common: Mapping[str, Any]) -> object:
    return commands.assign(reader, dossier_id, reader.staff_id or 0, **common)


def _return(reader: Reader, dossier_id: UUID, form: ReturnForm, common: Mapping[str, Any]) -> object:
    values = form.cleaned_data
    given = {name: values[name] for name in ("fee_paid", "note", "consignment")}
    return commands.return_result(reader, dossier_id, ReturnMethod(values["method"]), **given, **common)


def _supplement(reader: Reader, dossier_id: UUID, form: SupplementForm, common: Mapping[str, Any]) -> object:
    return commands.pause(reader, dossier_id, Pause.SUPPLEMENT, form.text(), **common)


def _supplement_again(reader: Reader, dossier_id: UUID, form: SupplementAgainForm, common: Mapping[str, Any]) -> object:
    ground = form.cleaned_data["legal_ground"]
    return commands.pause(reader, dossier_id, Pause.SUPPLEMENT, form.text(), legal_ground=ground, **common)


def _pay(reader: Reader, dossier_id: UUID, form: PayForm, common: Mapping[str, Any]) -> object:
    values = form.cleaned_data
    method = PaidBy(values["method"])
    return asides.pay(reader, dossier_id, values["amount"], method, receipt=values["receipt"], **common)


def _consult(reader: Reader, dossier_id: UUID, form: ConsultForm, common: Mapping[str, Any]) -> object:
    values = form.cleaned_data
    asked = {"agency": values["agency"], "body": values["body"]}
    return asides.consult(reader, dossier_id, values["question"], values["answer_due_at"], **asked, **common)


def _answer(reader: Reader, dossier_id: UUID, form: AnswerForm, common: Mapping[str, Any]) -> object:
    values = form.cleaned_data
    return asides.answer_consultation(
        reader, dossier_id, values["number"], values["answer"], document=form.file_ref, **common
    )


def _digitise(reader: Reader, dossier_id: UUID, form: DigitiseForm, common: Mapping[str, Any]) -> object:
    number, scan = form.cleaned_data["number"], form.file_ref
    if number == RESULT:
        return asides.digitise(reader, dossier_id, result=scan, **common)
    return asides.digitise(reader, dossier_id, components=(Component(number, file=scan),), **common)


def _relocate(reader: Reader, dossier_id: UUID, form: RelocateForm, common: Mapping[str, Any]) -> object:
    row = dossiers.detail(reader, dossier_id, timezone.now()).row
    former = {row.receiving_agency_id, row.competent_agency_id} & reader.predecessor_agency_ids
    if not former:
        raise Refused(Refusal("not_the_successor"))
    return asides.relocate(reader, dossier_id, min(former), form.cleaned_data["order"], **common)


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
        Kind("nhan-ket-qua", law.MakeReady, _l("Nhận kết quả về quầy"), "package-check", NoteForm,
             lambda r, d, f, c: asides.make_ready(r, d, note=f.cleaned_data["note"], **c),
             _l("Đã nhận kết quả về quầy"),
             help=_l("Hồ sơ được tính trước hạn, đúng hạn hay quá hạn theo lúc này.")),
        Kind("da-nop-tien", law.Pay, _l("Người nộp trả tiền"), "banknote", PayForm, _pay, _l("Ghi nhận tiền đã nộp")),
        Kind("tiep-tuc", law.Resume, _l("Người nộp đã bổ sung"), "play", ActForm,
             lambda r, d, f, c: commands.resume(r, d, **c), _l("Đã nhận đủ, giải quyết tiếp"),
             lambda reader, detail: not _is_suspended(reader, detail)),
        Kind("giai-quyet-tiep", law.Resume, _l("Hết tạm dừng"), "play", ActForm,
             lambda r, d, f, c: commands.resume(r, d, **c), _l("Giải quyết tiếp"), _is_suspended),
        Kind("tra", law.Return, _l("Trả kết quả"), "package-check", ReturnForm, _return, _l("Đã trả kết quả")),
        Kind("giao", law.Assign, _l("Giao việc"), "users", AssignForm,
             lambda r, d, f, c: commands.assign(r, d, f.cleaned_data["staff"], **c), _l("Giao"),
             lambda reader, _detail: "leader" in reader.functions),
        Kind("bo-sung", law.PauseFor, _l("Yêu cầu bổ sung giấy tờ"), "files", SupplementForm,
             _supplement, _l("Yêu cầu bổ sung"), lambda _reader, detail: _left_to_ask(detail) > 0),
        Kind("bo-sung-lan-nua", law.PauseFor, _l("Yêu cầu bổ sung lần nữa"), "files", SupplementAgainForm,
             _supplement_again, _l("Yêu cầu bổ sung lần nữa"), lambda _reader, detail: _left_to_ask(detail) == 0),
        Kind("nop-tien", law.PauseFor, _l("Yêu cầu nộp tiền"), "banknote", PaymentForm, _payment,
             _l("Yêu cầu nộp tiền")),
        Kind("lay-y-kien", law.Consult, _l("Lấy ý kiến cơ quan khác"), "send", ConsultForm, _consult,
             _l("Gửi lấy ý kiến"), help=_l("Thời hạn của hồ sơ vẫn chạy trong khi chờ.")),
        Kind("tra-loi", law.AnswerConsultation, _l("Ghi ý kiến trả lời"), "inbox", AnswerForm, _answer,
             _l("Ghi ý kiến trả lời")),
        Kind("ky", law.Sign, _l("Ký số giấy tờ"), "stamp", SignForm, signing.sign, _l("Ký số"),
             help=_l("Giấy được phát hành rồi ký; tệp đã ký giữ nguyên như lúc ký. Hãy xem trước giấy trước khi ký.")),
        Kind("ky-noi-khac", law.Sign, _l("Lưu văn bản đã ký số"), "file-text", SignedElsewhereForm, signing.keep,
             _l("Kiểm tra và lưu"), help=_l("Dành cho văn bản ký bằng thiết bị của bạn. Chữ ký được kiểm tra trước.")),
        Kind("so-hoa", law.Digitise, _l("Số hóa giấy tờ, kết quả"), "paperclip", DigitiseForm, _digitise,
             _l("Lưu bản quét")),
        Kind("ghi-chu", law.Annotate, _l("Ghi chú nội bộ"), "pencil", RemarkForm,
             lambda r, d, f, c: asides.annotate(r, d, f.cleaned_data["note"], **c), _l("Lưu ghi chú")),
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
        Kind("tam-dung", law.Suspend, _l("Tạm dừng theo luật"), "pause", SuspendForm,
             lambda r, d, f, c: asides.suspend(r, d, f.cleaned_data["reason"], f.cleaned_data["legal_ground"], **c),
             _l("Tạm dừng"), danger=True,
             help=_l("Đồng hồ dừng cho đến khi lãnh đạo cho giải quyết tiếp.")),
        Kind("sua-sai-sot", law.CorrectError, _l("Sửa sai sót của cơ quan"), "circle-alert", ErrorForm,
             lambda r, d, f, c: asides.correct_error(r, d, f.cleaned_data["reason"], document=f.file_ref, **c),
             _l("Ghi nhận sửa sai sót"), danger=True,
             help=_l("Cơ quan có lỗi sửa, chịu chi phí và xin lỗi (NĐ 61/2018, Điều 21).")),
        Kind("chuyen-ve", law.Relocate, _l("Nhận hồ sơ của cơ quan cũ"), "building-2", RelocateForm, _relocate,
             _l("Chuyển về cơ quan mình")),
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
    Status.PROCESSING: ("nhan-ket-qua", "nhan", "chuyen"),
    Status.SUPPLEMENT_REQUESTED: ("tiep-tuc",),
    Status.PAYMENT_REQUESTED: ("da-nop-tien", "tiep-tuc"),
    Status.SUSPENDED: ("giai-quyet-tiep",),
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
    reader: Reader, detail: Detail, story: Sequence[Happening], failed: tuple[str, ActForm] | None = None
) -> tuple[list[Offered], list[Offered]]:
    """The acts that lead the page and those that are folded; a failed one stays, with what was typed."""
    first = FIRST.get(detail.row.status, ())
    found = [kind for kind in KINDS.values() if kind.command in detail.possible and kind.offered(reader, detail)]
    signable = signing.signable(reader, detail, story) if law.Sign in detail.possible else signing.NOTHING
    if not signable.papers:
        found = [kind for kind in found if kind.slug != "ky"]
    if failed and failed[0] not in {kind.slug for kind in found}:
        found.append(KINDS[failed[0]])
    team = _team(reader, detail, found)
    shown = []
    for kind in found:
        is_open = failed is not None and failed[0] == kind.slug
        form = failed[1] if failed and is_open else _fresh(kind, detail)
        leads = kind.slug in first
        shown.append(_prepared(kind, form, detail, team, signable, leads=leads, is_open=is_open))
    leading = sorted((act for act in shown if act.leads), key=lambda act: first.index(act.kind.slug))
    return leading, [act for act in shown if not act.leads]


def make_form(slug: str, data: Any = None, files: Any = None, initial: dict[str, Any] | None = None) -> ActForm:
    """The form of an act, with ids of its own, since several stand on one page."""
    return KINDS[slug].form(data, files, initial=initial, auto_id=f"{slug}_%s")


def _fresh(kind: Kind, detail: Detail) -> ActForm:
    initial: dict[str, Any] = {"command_id": commands.new_id(), "seen_seq": detail.seq}
    if kind.form is ReturnForm:
        initial |= {"method": detail.state.intake.return_method.value}
    if kind.form is PayForm:
        initial |= {"amount": detail.state.payment_due or None, "method": PaidBy.CASH.value}
    return make_form(kind.slug, initial=initial)


def _team(reader: Reader, detail: Detail, kinds: Iterable[Kind]) -> tuple[StaffView, ...]:
    if not {kind.slug for kind in kinds} & {"chuyen", "giao"} or reader.agency_id is None:
        return ()
    return agencies.staff_of(reader, reader.agency_id, procedure=detail.row.procedure_code)


def _prepared(
    kind: Kind,
    form: ActForm,
    detail: Detail,
    team: Iterable[StaffView],
    signable: signing.Signable,
    *,
    leads: bool,
    is_open: bool,
) -> Offered:
    state, process = detail.state, detail.process
    step = process.step(state.step) if process and state.step else None
    if kind.slug == "giao":
        able = [each for each in team if step and step.function in each.functions and each.id != state.holder_staff]
        form.fields["staff"].widget.choices = _people(able, _("Chọn người"))
    _fill(kind.slug, form, detail, signable)
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


def _fill(slug: str, form: ActForm, detail: Detail, signable: signing.Signable) -> None:
    """Choices that depend on the dossier."""
    state = detail.state
    if slug == "tra-loi":
        form.fields["number"].widget.choices = [
            (str(each.number), _("Lần lấy ý kiến số %(number)s") % {"number": each.number})
            for each in state.consultations or ()
        ]
    if slug == "so-hoa":
        names = papers.content_of(detail.row.procedure_version_id)
        listed = [(str(item.number), component_name(names, item.number)) for item in state.intake.components]
        form.fields["number"].widget.choices = [*listed, (str(RESULT), _("Kết quả giải quyết"))]
    if slug == "ky":
        form.fields["paper"].widget.choices = signable.papers
        form.fields["by"].choices = signable.by  # type: ignore[attr-defined]
        form.fields["by"].initial = signable.by[0][0] if signable.by else None
    if slug == "lay-y-kien":
        own = state.holder_agency
        listed = [(str(each.id), each.name) for each in agencies.agencies(for_system("whom to ask")) if each.id != own]
        form.fields["agency"].widget.choices = [("", _("Chọn cơ quan")), *listed]


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
