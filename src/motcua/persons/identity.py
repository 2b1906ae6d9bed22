"""What is known of an applicant: its rules, its masks, and the text in an identity card's QR code. No database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ApplicantKind(StrEnum):
    """Who applies (loại đối tượng): the national catalogue's 0, 1 and 2."""

    CITIZEN = "citizen"
    ENTERPRISE = "enterprise"
    HOUSEHOLD_BUSINESS = "household_business"


class IdKind(StrEnum):
    """The paper that a number is read from."""

    CCCD = "cccd"  # căn cước công dân, căn cước: 12 digits
    CMND = "cmnd"  # chứng minh nhân dân: 9 digits
    PASSPORT = "passport"
    TAX_CODE = "tax_code"  # mã số thuế, mã số doanh nghiệp


class Sex(StrEnum):
    """Sex as the identity card states it."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class ApplicantData:
    """What a desk keeps of an applicant; everything but the kind and the name may be missing."""

    kind: ApplicantKind
    name: str
    id_number: str = ""
    id_kind: IdKind | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    address: str = ""
    phone: str = ""
    email: str = ""


MESSAGES: Final[dict[str, Promise]] = {
    "name_missing": _("Hãy nhập họ tên hoặc tên tổ chức."),
    "name_long": _("Tên dài quá 200 ký tự."),
    "name_letters": _("Tên phải có chữ cái và không được có ký tự điều khiển."),
    "name_digits": _("Họ tên của cá nhân không có chữ số."),
    "id_kind_missing": _("Hãy chọn loại giấy tờ của số này."),
    "cccd_digits": _("Số căn cước phải có đúng 12 chữ số."),
    "cmnd_digits": _("Số chứng minh nhân dân phải có đúng 9 chữ số."),
    "passport_shape": _("Số hộ chiếu gồm 5 đến 15 chữ cái không dấu và chữ số."),
    "tax_code_shape": _("Mã số thuế phải có 10, 12 hoặc 13 chữ số."),
    "birth_date_range": _("Ngày sinh phải từ năm 1900 trở đi."),
    "address_long": _("Địa chỉ dài quá 300 ký tự."),
    "phone_shape": _("Số điện thoại phải bắt đầu bằng 0 (hoặc +84) và có 10 hay 11 chữ số."),
    "email_shape": _("Địa chỉ thư điện tử không đúng, ví dụ đúng: ten@example.vn."),
    "card_parts": _("Mã QR phải có 7 phần cách nhau bằng dấu “|”. Hãy quét lại cả mã."),
    "card_number": _("Phần 1 của mã QR phải là số căn cước 12 chữ số."),
    "card_old_number": _("Phần 2 của mã QR phải trống hoặc là số chứng minh nhân dân cũ."),
    "card_name": _("Phần 3 của mã QR phải là họ tên."),
    "card_birth_date": _("Phần 4 của mã QR phải là ngày sinh dạng ngày, tháng, năm gồm 8 chữ số."),
    "card_sex": _("Phần 5 của mã QR phải là Nam hoặc Nữ."),
    "card_address": _("Phần 6 của mã QR phải là nơi thường trú."),
    "card_issued_on": _("Phần 7 của mã QR phải là ngày cấp dạng ngày, tháng, năm gồm 8 chữ số."),
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong: the field it is in and a code; `message` is what the person reads. It never holds the value."""

    field: str
    code: str

    @property
    def message(self) -> str:
        """What is wrong and what to do, in the language of the page."""
        return str(MESSAGES[self.code])


class CardUnreadable(ValueError):  # noqa: N818 - says what is the case
    """The text is not that of an identity card's QR code; `errors` says which parts are wrong."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(", ".join(error.code for error in errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class CardData:
    """What the QR code of an identity card says."""

    number: str
    old_number: str
    name: str
    birth_date: date
    sex: Sex
    address: str
    issued_on: date

    def applicant(self) -> ApplicantData:
        """The card's holder as an applicant, for the desk to complete."""
        return ApplicantData(
            kind=ApplicantKind.CITIZEN,
            name=self.name,
            id_number=self.number,
            id_kind=IdKind.CCCD,
            birth_date=self.birth_date,
            sex=self.sex,
            address=self.address,
        )


_DIGIT = re.compile(r"\d")
_ID_NOISE = re.compile(r"[\s.\-]+")
_PHONE_NOISE = re.compile(r"[\s.\-()]+")
_PHONE = re.compile(r"0[235789][0-9]{8,9}")
_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\".]+(\.[^\s@<>\".]+)+")
_ID_SHAPES: Final[dict[IdKind, tuple[re.Pattern[str], str]]] = {
    IdKind.CCCD: (re.compile(r"[0-9]{12}"), "cccd_digits"),
    IdKind.CMND: (re.compile(r"[0-9]{9}"), "cmnd_digits"),
    IdKind.PASSPORT: (re.compile(r"(?=.*[0-9])[A-Z0-9]{5,15}"), "passport_shape"),
    IdKind.TAX_CODE: (re.compile(r"[0-9]{10}|[0-9]{12}|[0-9]{13}"), "tax_code_shape"),
}
_SEXES: Final = {"nam": Sex.MALE, "nữ": Sex.FEMALE, "nu": Sex.FEMALE}


def normal_id(number: str) -> str:
    """An id number without blanks, dots and hyphens, in capitals: what the index is made of."""
    return _bare(number, _ID_NOISE).upper()


def normal_phone(phone: str) -> str:
    """A telephone number without separators, +84 and 84 as 0."""
    digits = _bare(phone, _PHONE_NOISE)
    if digits.startswith("+84"):
        return "0" + digits[3:]
    return "0" + digits[2:] if re.fullmatch(r"84[0-9]{9,10}", digits) else digits


def normalised(data: ApplicantData) -> ApplicantData:
    """The same applicant in one spelling: composed letters, single blanks, bare numbers. Twice changes nothing more."""
    return replace(
        data,
        name=_line(data.name),
        id_number=normal_id(data.id_number),
        address=_line(data.address),
        phone=normal_phone(data.phone),
        email=_line(data.email),
    )


def check(data: ApplicantData) -> tuple[FieldError, ...]:
    """Everything wrong with an applicant in the order of the form; empty when it can be kept."""
    return check_normalised(normalised(data))


def check_normalised(data: ApplicantData) -> tuple[FieldError, ...]:
    """The same for an applicant that already is in its one spelling."""
    rules: tuple[tuple[str, Callable[[ApplicantData], str]], ...] = (
        ("name", _name_fault),
        ("id_number", _id_fault),
        ("birth_date", lambda d: "birth_date_range" if d.birth_date and d.birth_date.year < 1900 else ""),
        ("address", lambda d: "address_long" if len(d.address) > 300 else ""),
        ("phone", lambda d: "phone_shape" if d.phone and not _PHONE.fullmatch(d.phone) else ""),
        ("email", lambda d: "email_shape" if d.email and not _is_email(d.email) else ""),
    )
    return tuple(
        FieldError("id_kind" if code == "id_kind_missing" else field, code)
        for field, rule in rules
        if (code := rule(data))
    )


def parse_card_qr(text: str) -> CardData:
    """Reads `number|old number|name|ddmmyyyy|sex|address|ddmmyyyy`, the text in the QR code of an identity card.

    The old number may be empty; parts after the seventh, which newer cards have, are ignored. Raises CardUnreadable
    naming each wrong part.
    """
    parts = [_line(part) for part in text.strip().split("|")]
    if len(parts) < 7:
        raise CardUnreadable((FieldError("card", "card_parts"),))
    number, old_number, name, born, sex, address, issued = parts[:7]
    birth_date, issued_on = _day(born), _day(issued)
    card_sex = _SEXES.get(sex.lower())
    right = {
        "number": re.fullmatch(r"[0-9]{12}", number),
        "old_number": re.fullmatch(r"([0-9]{9}|[0-9]{12})?", old_number),
        "name": not _name_fault(ApplicantData(ApplicantKind.CITIZEN, name)),
        "birth_date": birth_date,
        "sex": card_sex,
        "address": 0 < len(address) <= 300,
        "issued_on": issued_on,
    }
    errors = tuple(FieldError(part, f"card_{part}") for part, fine in right.items() if not fine)
    if errors or birth_date is None or issued_on is None or card_sex is None:
        raise CardUnreadable(errors)
    return CardData(number, old_number, name, birth_date, card_sex, address, issued_on)


def mask_id(number: str) -> str:
    """An id number that can be recognised but not used: the first four and the last two signs, 0790******12."""
    return _mask(number, 4, 2)


def mask_name(name: str) -> str:
    """A name that its bearer recognises and nobody else learns: N*** T*** M***, whatever its words' length."""
    return " ".join(f"{word[0]}***" for word in name.split())


def mask_phone(phone: str) -> str:
    """A telephone number that can be recognised but not called: 090****123."""
    return _mask(phone, 3, 3)


def _mask(text: str, head: int, tail: int) -> str:
    # A short number shows nothing: what is hidden must be at least as long as half of what is shown.
    hidden = len(text) - head - tail
    if hidden < (head + tail) // 2:
        return "*" * len(text)
    return text[:head] + "*" * hidden + text[-tail:]


def _bare(text: str, noise: re.Pattern[str]) -> str:
    # Composed once more at the end: a mark may follow another letter when what stood between them has gone.
    return unicodedata.normalize("NFKC", noise.sub("", unicodedata.normalize("NFKC", text)))


def _line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _day(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None


def _name_fault(data: ApplicantData) -> str:
    name = data.name
    if not name:
        return "name_missing"
    if len(name) > 200:
        return "name_long"
    if not (any(map(str.isalpha, name)) and name.isprintable()):
        return "name_letters"
    if data.kind is ApplicantKind.CITIZEN and _DIGIT.search(name):
        return "name_digits"
    return ""


def _id_fault(data: ApplicantData) -> str:
    if not data.id_number:
        return ""
    if data.id_kind is None:
        return "id_kind_missing"
    shape, code = _ID_SHAPES[data.id_kind]
    return "" if shape.fullmatch(data.id_number) else code


def _is_email(text: str) -> bool:
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None
