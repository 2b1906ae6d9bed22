"""What an officer says before personal data open in full: the purpose, and the document that asks for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from motcua.persons.purposes import DOCUMENTED, PURPOSES, is_reference, said


class PurposeForm(forms.Form):
    """A purpose from the list; `said` is the line for the access log once it is valid."""

    purpose = forms.ChoiceField(
        label=_l("Xem để làm gì?"),
        choices=[("", _l("Chọn mục đích")), *PURPOSES.items()],
        error_messages={"required": _l("Hãy chọn mục đích."), "invalid_choice": _l("Hãy chọn mục đích.")},
    )
    reference = forms.CharField(
        label=_l("Số văn bản, nếu có"),
        required=False,
        max_length=40,
        help_text=_l("Ví dụ 12/GM-UBND. Không ghi tên hay số của người."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """The number of a document, and never that of a person."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        reference = values.get("reference", "")
        if reference and not is_reference(reference):
            self.add_error("reference", _("Hãy ghi số, ký hiệu văn bản, không có dấu cách, ví dụ 12/GM-UBND."))
        elif values.get("purpose") in DOCUMENTED and not reference:
            self.add_error("reference", _("Mục đích này cần số văn bản yêu cầu."))
        return values

    @property
    def said(self) -> str:
        """The purpose as the log keeps it."""
        return said(self.cleaned_data["purpose"], self.cleaned_data["reference"])
