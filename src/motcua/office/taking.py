"""The intake form: its parts, what they were filled with, and the dossier that they describe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader
from motcua.dossiers import intake
from motcua.dossiers.commands import NewDossier, new_id
from motcua.dossiers.wording import reason
from motcua.law.dossier.vocabulary import Channel, Refusal, ReturnMethod
from motcua.law.worktime import CalendarEdgeError
from motcua.office import clock, fees, words
from motcua.office.checklist import Checklist
from motcua.office.fields import MoneyField, choices, printable
from motcua.office.people import OwnerForm, PersonForm, SubmitterForm, from_card
from motcua.persons.identity import CardUnreadable, parse_card_qr
from motcua.procedures.content import Content

F = TypeVar("F", bound=forms.Form)
_LINES = {"rows": 2}


class IntakeForm(forms.Form):
    """What is asked besides the persons and the papers."""

    command_id = forms.UUIDField(widget=forms.HiddenInput)
    card = forms.CharField(
        label=_l("Mã QR trên thẻ căn cước"),
        help_text=_l("Đưa thẻ vào máy quét, hoặc dán nội dung mã QR vào đây."),
        required=False,
        max_length=600,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-card": True}),
    )
    channel = forms.ChoiceField(
        label=_l("Nộp bằng cách nào"), choices=choices(words.CHANNELS), initial=Channel.DIRECT, widget=forms.RadioSelect
    )
    sets = forms.IntegerField(
        label=_l("Số bộ hồ sơ"),
        min_value=1,
        max_value=99,
        initial=1,
        error_messages={"required": _l("Hãy nhập số bộ hồ sơ."), "min_value": _l("Số bộ hồ sơ phải từ 1 trở lên.")},
    )
    fee = MoneyField(label=_l("Phí, lệ phí thu (đồng)"))
    return_method = forms.ChoiceField(
        label=_l("Nhận kết quả"), choices=choices(words.RETURNS), initial=ReturnMethod.DESK, widget=forms.RadioSelect
    )
    request = forms.CharField(
        label=_l("Nội dung yêu cầu"),
        help_text=_l("Chỉ ghi khi cần nói rõ hơn tên thủ tục."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs=_LINES),
    )
    complete = forms.BooleanField(label=_l("Trường hợp này không cần giấy tờ còn thiếu"), required=False)
    asked = forms.CharField(
        label=_l("Giấy tờ cần bổ sung khác"),
        help_text=_l("Mỗi dòng một giấy tờ. Giấy tờ bắt buộc chưa đánh dấu ở trên tự vào phiếu."),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs=_LINES),
    )
    why = forms.CharField(label=_l("Lý do"), required=False, max_length=2000, widget=forms.Textarea(attrs=_LINES))

    def clean_request(self) -> str:
        """The request goes on the receipt."""
        return printable(str(self.cleaned_data["request"]))

    def clean_asked(self) -> str:
        """It goes on the supplement slip."""
        return printable_lines(str(self.cleaned_data["asked"]))

    def clean_why(self) -> str:
        """It goes on the slip."""
        return printable_lines(str(self.cleaned_data["why"]))


def printable_lines(text: str) -> str:
    """Several lines, each printable."""
    return "\n".join(printable(line) for line in text.splitlines())


@dataclass(frozen=True, slots=True)
class Terms:
    """What follows from procedure and channel: who decides, until when and why, and what it costs."""

    offer: intake.Offer
    due: datetime | None
    limit: str
    reasons: list[str]
    provisional: bool
    competent: str
    fees: list[str]
    usual_fee: int | None
    trouble: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the receiving agency settles it itself."""
        return self.offer.receiving_agency == self.offer.competent_agency


def terms(reader: Reader, offer: intake.Offer, channel: Channel, content: Content) -> Terms:
    """The terms of an offer at this moment."""
    published = fees.fees_of(content, channel.value)
    other = offer.competent_agency != offer.receiving_agency
    names = agencies.agency_names(reader, [offer.competent_agency]) if other else {}
    competent = names.get(offer.competent_agency, reader.agency_name)
    shared: dict[str, Any] = {
        "offer": offer,
        "competent": competent,
        "fees": fees.words(published),
        "usual_fee": fees.usual(published),
    }
    limit = clock.limit_words(str(offer.limit) if offer.limit else None)
    try:
        promised = intake.promised(reader, offer, timezone.now())
    except CalendarEdgeError:
        return Terms(due=None, limit=limit, reasons=[], provisional=False, trouble=reason(_EDGE), **shared)
    return Terms(
        due=promised.due_at,
        limit=limit,
        reasons=clock.reasons(promised.trace),
        provisional=promised.provisional,
        **shared,
    )


_EDGE = Refusal("calendar_edge")


@dataclass
class Taking:
    """All forms of one intake page."""

    main: IntakeForm
    owner: OwnerForm
    submitter: SubmitterForm
    papers: Checklist
    focus: str = "card"
    notice: str = ""
    must_confirm: bool = False

    @property
    def persons(self) -> tuple[forms.Form, ...]:
        """The forms besides the papers."""
        return (self.main, self.owner, self.submitter)

    def place_focus(self) -> None:
        """Puts the cursor where the officer goes on; a form with mistakes begins at the summary of them instead."""
        if any(form.is_bound for form in self.persons):
            return
        form, _dash, name = self.focus.rpartition("-")
        chosen: forms.Form = {"owner": self.owner, "by": self.submitter}.get(form, self.main)
        chosen.fields[name].widget.attrs["autofocus"] = True

    @property
    def has_submitter(self) -> bool:
        """Whether somebody else hands it in; opens that part of the page."""
        form = self.submitter
        return form.has_changed() if form.is_bound else any(form.initial.values())

    @property
    def error_forms(self) -> tuple[forms.Form, ...]:
        """Every form whose errors the summary lists, in the order of the page."""
        return (self.owner, self.submitter, *self.papers.papers, self.main)

    def is_valid(self) -> bool:
        """Checks all parts, so that every mistake shows at once."""
        checked = [*(form.is_valid() for form in self.persons), self.papers.is_valid()]
        return all(checked)

    def new_dossier(self, code: str) -> NewDossier:
        """The dossier that a valid form describes."""
        values = self.main.cleaned_data
        return NewDossier(
            procedure=code,
            owner=self.owner.data_kept,
            submitter=self.submitter.data_kept if self.submitter.has_changed() else None,
            channel=Channel(values["channel"]),
            components=self.papers.components(),
            sets=values["sets"],
            fee=values["fee"],
            return_method=ReturnMethod(values["return_method"]),
            request=values["request"],
        )

    def supplement_text(self) -> str:
        """What is asked for, as the supplement slip reads it: papers with a dash, then the reason."""
        values = self.main.cleaned_data
        more = [line.strip(" -–") for line in values.get("asked", "").splitlines()]
        items = [paper.listed.name for paper in self.papers.missing] + [line for line in more if line]
        return "\n".join([*(f"- {item}" for item in items), values.get("why", "")]).strip() if items else ""

    @property
    def command_id(self) -> UUID:
        """The id that makes a second press harmless."""
        return UUID(str(self.main.cleaned_data["command_id"]))


def blank(content: Content, found: Terms, channel: Channel) -> Taking:
    """The form as it is first shown."""
    initial = {
        "command_id": new_id(),
        "channel": channel.value,
        "fee": found.usual_fee,
        "sets": content.set_count or 1,
    }
    return Taking(
        IntakeForm(initial=initial), OwnerForm(prefix="owner"), SubmitterForm(prefix="by"), Checklist(content)
    )


def bound(content: Content, data: QueryDict, files: MultiValueDict[str, Any]) -> Taking:
    """The form as it was sent, to be checked."""
    return Taking(
        IntakeForm(data), OwnerForm(data, prefix="owner"), SubmitterForm(data, prefix="by"),
        Checklist(content, data, files),
    )  # fmt: skip


def unchecked(content: Content, data: QueryDict, files: MultiValueDict[str, Any]) -> Taking:
    """The form as it was sent, not to be judged yet; scans that came along are kept."""
    papers = Checklist(content, data, files)
    papers.is_valid()
    return Taking(
        _typed(IntakeForm, data, ""), _typed(OwnerForm, data, "owner"), _typed(SubmitterForm, data, "by"), papers
    )  # fmt: skip


def _typed(kind: type[F], data: QueryDict, prefix: str) -> F:
    names = kind.base_fields
    initial = {name: data.get(f"{prefix}-{name}" if prefix else name, "") for name in names}
    return kind(prefix=prefix or None, initial=initial)


def filled(content: Content, data: QueryDict, files: MultiValueDict[str, Any], who: str) -> Taking:
    """The form with what the card says put in for `who` (owner or by); the card's field is emptied when it was read."""
    typed = data.copy()
    try:
        values = from_card(parse_card_qr(data.get("card", "")))
    except CardUnreadable as error:
        taking = unchecked(content, typed, files)
        taking.notice = " ".join(each.message for each in error.errors)
        return taking
    wanted = OwnerForm.base_fields if who == "owner" else PersonForm.base_fields
    for name, value in values.items():
        if name in wanted:
            typed[f"{who}-{name}"] = value
    typed["card"] = ""
    taking = unchecked(content, typed, files)
    taking.focus = f"{who}-phone"
    taking.main.fields["card"].help_text = _("Đã điền từ thẻ. Hãy kiểm tra rồi nhập điện thoại.")
    return taking
