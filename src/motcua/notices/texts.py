"""The words of a message: a text with fields in braces, filled line by line. No database.

A line whose field has nothing to say is left out: "Hẹn trả: {due}" vanishes for a procedure without a limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from string import Formatter
from typing import Any, Final

FIELDS: Final = ("code", "procedure", "agency", "desk", "due", "link")
_LONGEST: Final = 4000
# Letters of the GSM alphabet (3GPP TS 23.038) that Vietnamese without its marks needs; anything else makes every
# letter of the message twice as long.
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)


class BadText(ValueError):  # noqa: N818 - says what is the case
    """A text that cannot be sent: `code` says why, `detail` which field."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one occasion in both languages: subject and body of a mail, and the short text for SMS and chat."""

    subject: str
    body: str
    short: str
    subject_en: str = ""
    body_en: str = ""
    short_en: str = ""

    def checked(self) -> Texts:
        """The same without spaces at the ends. Raises BadText for what no message can be made from."""
        clean = replace(self, **{name: _clean(text) for name, text in asdict(self).items()})
        if not (clean.subject and clean.body and clean.short):
            raise BadText("missing")
        if bool(clean.subject_en) != bool(clean.body_en):
            raise BadText("half_english")
        for each in fields(clean):
            _check(getattr(clean, each.name), one_line=each.name.startswith("subject"))
        return clean

    def to_data(self) -> dict[str, str]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Texts:
        """As it was kept."""
        return cls(**data)


def _clean(text: str) -> str:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip()


def _check(text: str, *, one_line: bool) -> None:
    if len(text) > _LONGEST:
        raise BadText("too_long")
    if one_line and "\n" in text:
        raise BadText("one_line")
    if any(ord(sign) < 32 and sign != "\n" for sign in text):
        raise BadText("control")
    _fields_of(text)


def _fields_of(text: str) -> frozenset[str]:
    """The fields of a text. Raises BadText for one that is not offered, or a brace without its other half."""
    found = set()
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise BadText("brace") from None
    for _words, name, how, conversion in parts:
        if name is None:
            continue
        if name not in FIELDS or how or conversion:
            raise BadText("field", name[:40])
        found.add(name)
    return frozenset(found)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields; lines whose fields have nothing to say are left out."""
    lines = [line for line in text.split("\n") if all(values.get(name) for name in _fields_of(line))]
    return "\n".join(line.format_map(values) for line in lines).strip()


def short(text: str, values: Mapping[str, str]) -> str:
    """The filled text in one line, as SMS and chat carry it."""
    return " ".join(filled(text, values).split())


def parts(text: str) -> int:
    """How many text messages it is charged as: 160 letters of the GSM alphabet each, or 70 of any (7 or 3 fewer when
    there are several).
    """
    whole, piece = (160, 153) if set(text) <= _GSM else (70, 67)
    # Beyond the basic plane a sign is two in UCS-2.
    length = len(text.encode("utf-16-be")) // 2
    return 1 if length <= whole else -(-length // piece)
