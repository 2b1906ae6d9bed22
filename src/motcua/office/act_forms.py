"""The forms of what can be done to a dossier: what each act asks, and how what was typed is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from motcua.law.dossier.vocabulary import PaidBy, Ref, SignedBy
from motcua.office import words
from motcua.office.checklist import keep_scan, open_kept, seal_kept
from motcua.office.fields import MomentField, MoneyField, choices, printable
from motcua.office.people import OwnerForm
from motcua.papers.queries import TrackingUrl

_LINES = {"rows": 3}


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
        for name in ("note", "reason", "items", "question", "body", "answer"):
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


class FileForm(ActForm):
    """An act that may bring a file; one that was sent is kept at once, so that a refusal does not lose it."""

    document = forms.FileField(label=_l("Tệp"), required=False, help_text=_l("PDF, ảnh hoặc Word."))
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Keeps the file sealed."""
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

    @property
    def file_ref(self) -> Ref | None:
        """The file that was sent, now or before."""
        return self.kept_file[0] if self.kept_file else None


class HandOverForm(FileForm, NoteForm):
    """Leaves the step by the outcome whose button was pressed."""

    outcome = forms.CharField(max_length=60, widget=forms.HiddenInput, required=False)
    to_staff = forms.IntegerField(label=_l("Giao cho"), required=False, widget=forms.Select)
    document = forms.FileField(
        label=_l("Tệp kết quả"), required=False, help_text=_l("PDF, ảnh hoặc Word đã ký, nếu có.")
    )
    field_order = ("note", "outcome", "to_staff", "document", "kept")


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
    consignment = forms.CharField(label=_l("Số vận đơn, nếu gửi bưu chính"), required=False, max_length=40)
    field_order = ("method", "fee_paid", "consignment", "note")


class CorrectForm(ActForm, OwnerForm):
    """The owner's data typed anew."""

    field_order = OwnerForm.field_order


class SupplementAgainForm(SupplementForm):
    """Once more, which only a provision allows."""

    legal_ground = forms.CharField(
        label=_l("Căn cứ cho phép yêu cầu lần nữa"),
        max_length=200,
        help_text=_l("Hồ sơ này đã được yêu cầu bổ sung. Ví dụ: khoản 2 Điều 19 Nghị định 61/2018/NĐ-CP."),
        error_messages={"required": _l("Hãy nêu điều khoản cho phép yêu cầu bổ sung lần nữa.")},
    )


class SuspendForm(ReasonForm):
    """Why the clock may stand, and by which provision."""

    legal_ground = forms.CharField(
        label=_l("Căn cứ pháp lý"),
        max_length=200,
        help_text=_l("Ví dụ: khoản 2 Điều 19 Nghị định 61/2018/NĐ-CP."),
        error_messages={"required": _l("Hãy nêu điều khoản cho phép tạm dừng.")},
    )
    field_order = ("legal_ground", "reason")


class PayForm(ActForm):
    """What the applicant paid."""

    amount = MoneyField(label=_l("Số tiền đã nộp (đồng)"))
    method = forms.ChoiceField(
        label=_l("Nộp bằng cách nào"), choices=choices(words.PAID_BY), initial=PaidBy.CASH, widget=forms.RadioSelect
    )
    receipt = forms.CharField(label=_l("Số biên lai"), required=False, max_length=40)


class ConsultForm(ActForm):
    """Whom to ask, what, and by when."""

    agency = forms.IntegerField(label=_l("Cơ quan được hỏi"), required=False, widget=forms.Select)
    body = forms.CharField(label=_l("Cơ quan khác, không có trong danh sách"), required=False, max_length=200)
    question = text_field(_l("Nội dung lấy ý kiến"), required=True, missing=_l("Hãy ghi nội dung cần lấy ý kiến."))
    answer_due_at = MomentField(
        label=_l("Trả lời trước"),
        help_text=_l("Trong thời hạn của hồ sơ."),
        error_messages={"required": _l("Hãy nhập thời hạn trả lời.")},
    )


class AnswerForm(FileForm):
    """The opinion that came."""

    number = forms.IntegerField(label=_l("Trả lời cho"), widget=forms.Select)
    answer = text_field(_l("Nội dung trả lời"), required=True, missing=_l("Hãy ghi nội dung trả lời."))
    field_order = ("number", "answer", "document")


class DigitiseForm(FileForm):
    """One scan: of a paper that was handed in, or of the result."""

    number = forms.IntegerField(label=_l("Giấy tờ"), widget=forms.Select)
    field_order = ("number", "document")

    def clean(self) -> dict[str, Any]:
        """Without a file there is nothing to do."""
        values = super().clean()
        if self.kept_file is None and "document" not in self.errors:
            self.add_error("document", _("Hãy chọn tệp đã quét."))
        return values


class SignForm(ActForm):
    """Which paper is signed, and by whom: the reader, or the agency with its seal."""

    tracking: TrackingUrl  # set by the view, which alone knows how the world reaches this site
    paper = forms.CharField(label=_l("Giấy tờ"), max_length=12, widget=forms.Select)
    by = forms.ChoiceField(label=_l("Ký bằng"), choices=choices(words.SIGN_WITH), widget=forms.RadioSelect)


class SignedElsewhereForm(FileForm):
    """A document that was signed elsewhere, with one's own device."""

    document = forms.FileField(
        label=_l("Tệp PDF đã ký số"),
        required=False,
        help_text=_l("Tải tệp PDF gốc từ phần mềm ký, không in rồi quét lại."),
    )
    by = forms.ChoiceField(
        label=_l("Chữ ký của ai"), choices=choices(words.SIGNED_BY), initial=SignedBy.PERSON, widget=forms.RadioSelect
    )
    field_order = ("document", "by")

    def clean(self) -> dict[str, Any]:
        """Without a file there is nothing to do."""
        values = super().clean()
        if self.kept_file is None and "document" not in self.errors:
            self.add_error("document", _("Hãy chọn tệp PDF đã ký số."))
        return values


class RemarkForm(ActForm):
    """A remark that is not empty."""

    note = text_field(_l("Nội dung"), required=True, missing=_l("Hãy ghi nội dung."))


class ErrorForm(FileForm):
    """What was wrong, and the result that is right."""

    reason = text_field(_l("Sai sót gì, sửa thế nào"), required=True, missing=_l("Hãy ghi rõ sai sót."))
    field_order = ("reason", "document")


class RelocateForm(ActForm):
    """The order by which another agency's dossiers became one's own."""

    order = forms.CharField(
        label=_l("Số quyết định sáp nhập, chuyển giao"),
        max_length=80,
        help_text=_l("Ví dụ: 12/QĐ-UBND."),
        error_messages={"required": _l("Hãy nhập số quyết định.")},
    )
