"""Forms for people: an applicant typed, or filled from the text in an identity card's QR code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.office import words
from motcua.office.fields import DayField, choices, printable
from motcua.persons.identity import (
    ApplicantData,
    ApplicantKind,
    CardData,
    IdKind,
    Sex,
    check,
    normal_id,
)

_BY_LENGTH = {12: IdKind.CCCD, 9: IdKind.CMND, 10: IdKind.TAX_CODE, 13: IdKind.TAX_CODE}
_TYPED = {"autocomplete": "off", "spellcheck": "false"}


def guess_id_kind(kind: ApplicantKind, number: str) -> IdKind | None:
    """The paper that a number is from, by its length; None for no number."""
    bare = normal_id(number)
    if not bare:
        return None
    if not bare.isdigit():
        return IdKind.PASSPORT
    by_length = _BY_LENGTH.get(len(bare), IdKind.CCCD)
    if kind is not ApplicantKind.CITIZEN and by_length is IdKind.CCCD:
        return IdKind.TAX_CODE
    return by_length


class PersonForm(forms.Form):
    """What a desk takes down of anybody. `data` is the applicant after `is_valid`."""

    name = forms.CharField(
        label=_("Họ tên hoặc tên tổ chức"),
        max_length=200,
        error_messages={"required": _("Hãy nhập họ tên hoặc tên tổ chức.")},
        widget=forms.TextInput(attrs={**_TYPED, "autocapitalize": "words"}),
    )
    id_number = forms.CharField(
        label=_("Số giấy tờ"), required=False, max_length=40, widget=forms.TextInput(attrs=_TYPED)
    )
    phone = forms.CharField(
        label=_("Điện thoại"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={**_TYPED, "inputmode": "tel"}),
    )
    address = forms.CharField(label=_("Địa chỉ"), required=False, max_length=300, widget=forms.TextInput(attrs=_TYPED))

    def clean_name(self) -> str:
        """A name goes on papers, so it must be printable."""
        return printable(str(self.cleaned_data["name"]))

    def clean_address(self) -> str:
        """An address goes on papers as well."""
        return printable(str(self.cleaned_data["address"]))

    def clean(self) -> dict[str, Any]:
        """The rules of the persons' room, each beside its field."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for error in check(self.applicant(values)):
            # A missing name has been said already, and the kind of paper is not asked for.
            if error.field in self.fields and error.field not in self.errors:
                self.add_error(error.field, error.message)
        return values

    def applicant(self, values: dict[str, Any]) -> ApplicantData:
        """The applicant that these values describe."""
        kind = ApplicantKind(values.get("kind") or ApplicantKind.CITIZEN)
        number = values.get("id_number", "")
        chosen = values.get("id_kind")
        return ApplicantData(
            kind=kind,
            name=values.get("name", ""),
            id_number=number,
            id_kind=IdKind(chosen) if chosen else guess_id_kind(kind, number),
            birth_date=values.get("birth_date"),
            sex=Sex(values["sex"]) if values.get("sex") else None,
            address=values.get("address", ""),
            phone=values.get("phone", ""),
            email=values.get("email", ""),
        )

    @property
    def data_kept(self) -> ApplicantData:
        """The applicant, once the form is valid."""
        return self.applicant(self.cleaned_data)


class OwnerForm(PersonForm):
    """Whose dossier it is (chủ hồ sơ)."""

    kind = forms.ChoiceField(
        label=_("Chủ hồ sơ là"), choices=choices(words.KINDS), initial=ApplicantKind.CITIZEN, widget=forms.RadioSelect
    )
    id_kind = forms.ChoiceField(
        label=_("Loại giấy tờ"), choices=choices(words.ID_KINDS, _("Tự nhận theo số")), required=False
    )
    birth_date = DayField(label=_("Ngày sinh"), required=False)
    sex = forms.ChoiceField(label=_("Giới tính"), choices=choices(words.SEXES, "–"), required=False)
    email = forms.CharField(
        label=_("Thư điện tử"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={**_TYPED, "inputmode": "email"}),
    )
    field_order = ("kind", "name", "id_number", "id_kind", "birth_date", "sex", "address", "phone", "email")


class SubmitterForm(PersonForm):
    """Who hands it in, when it is somebody else; an empty form means nobody else."""

    def __init__(self, data: Any = None, *, prefix: str | None = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, prefix=prefix, initial=initial, empty_permitted=True, use_required_attribute=False)
        self.fields["name"].label = _("Họ tên người nộp")


def from_card(card: CardData) -> dict[str, str]:
    """The values of an owner's form that a card gives."""
    return {
        "kind": ApplicantKind.CITIZEN.value,
        "name": card.name,
        "id_number": card.number,
        "id_kind": IdKind.CCCD.value,
        "birth_date": f"{card.birth_date:%d/%m/%Y}",
        "sex": card.sex.value,
        "address": card.address,
    }
