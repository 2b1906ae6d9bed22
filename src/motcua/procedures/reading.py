"""Reads single published values: a time limit, a fee, a code, a list of levels; what it cannot read stays as it is."""

from __future__ import annotations

import re
from functools import lru_cache

from motcua.law.vietnamese import unaccent
from motcua.law.worktime import LimitError, TimeLimit
from motcua.procedures.content import Confidence, Fee, Limit

NOTHING = "Không có thông tin"
_CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?![\d.])")
_CODE_BEHIND = re.compile(r"\s*\(\s*(\d\.\d{6})\s*\)$")
_BLANKS = re.compile(r"\s+")
_BARE_NUMBER = re.compile(r"\d{1,3}")
_SUM = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{3})+|\d+)(?![\d.,]*\d)\s*(?:đồng|đ\b|vnđ|vnd)", re.IGNORECASE)
_AMOUNT = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+) ?(Việt Nam Đồng|VNĐ|USD)")
_SMALLEST_SUM = 1000  # no fee in đồng is smaller: smaller figures were typed in thousands
_FREE_NOTES = ("khong", "mien", "phi cap ban sao", "chua", "")
_CHARGING_WORDS = (
    "muc thu",
    "muc phi",
    "muc le phi",
    "bieu phi",
    "bieu muc",
    "luat phi",
    "phi tham dinh",
    "uy ban nhan dan",
)
_THOUSANDS = re.compile(r"(?<![\d.,/])\d{1,3}(?:\.\d{3})+(?![\d/])")
CIVIL_STATUS_FIELD = "ho tich"
CIVIL_STATUS_NOTE = "Cổng quốc gia không hiện đơn vị; với hộ tịch, đơn vị là ngày làm việc và 1 nghĩa là trong ngày"


def tidy(text: str) -> str:
    """Text without the portal's 'no information', with plain blanks and without blanks at its ends."""
    text = text.replace("\u00a0", " ").replace("\r\n", "\n").replace("\t", " ").strip()
    return "" if text == NOTHING else text


def one_line(text: str) -> str:
    """Tidy text on one line."""
    return _BLANKS.sub(" ", tidy(text))


def read_code(text: str) -> str | None:
    """The national code (1.001193) in a cell, None when there is not exactly one."""
    found = set(_CODE.findall(text))
    return found.pop() if len(found) == 1 else None


def read_name(text: str, code: str) -> str:
    """The name on one line, without the procedure's own code in brackets at its end."""
    name = one_line(text)
    match = _CODE_BEHIND.search(name)
    return name[: match.start()] if match is not None and match[1] == code else name


def split_list(text: str) -> tuple[str, ...]:
    """Items of a list separated by commas outside brackets, or by lines."""
    items = re.split(r"\n|,\s*(?![^()]*\))", tidy(text))
    return tuple(item.strip() for item in items if item.strip())


@lru_cache(maxsize=4096)  # a catalogue repeats few values many times
def read_limit(raw: str, field: str = "") -> Limit:
    """The published limit; a number without unit is understood in civil status (hộ tịch) only."""
    raw = one_line(raw)
    if not raw:
        return Limit("", None, Confidence.RAW)
    if _BARE_NUMBER.fullmatch(raw):
        if unaccent(field) != CIVIL_STATUS_FIELD or int(raw) == 0:
            return Limit(raw, None, Confidence.RAW)
        text = "trong ngày" if int(raw) == 1 else f"{int(raw)} ngày làm việc"
        return Limit(raw, text, Confidence.RESOLVED, CIVIL_STATUS_NOTE)
    try:
        limit = TimeLimit.parse(raw)
    except LimitError:
        return Limit(raw, None, Confidence.RAW)
    return Limit(raw, str(limit), Confidence.PUBLISHED)


@lru_cache(maxsize=4096)
def read_fee(raw: str, note: str = "") -> Fee | None:
    """The published fee with its note in brackets; None when the source says nothing of a fee."""
    raw, note = one_line(raw), one_line(note)
    while note.startswith("(") and note.endswith(")"):
        note = note[1:-1].strip()
    if not raw:
        return None
    plain = unaccent(note)
    council = "hoi dong nhan dan" in plain
    if raw == "Miễn phí":
        return Fee(raw, free=not council and not _charges(note, plain), set_by_council=council, note=note)
    return Fee(raw, amount=_amount(raw, note), set_by_council=council, note=note)


def _amount(raw: str, note: str) -> int | None:
    """Whole đồng, None for foreign money and for figures that cannot be meant as they stand."""
    match = _AMOUNT.fullmatch(raw)
    if match is None or match[2] == "USD":
        return None
    amount = int(re.sub(r"[.,]", "", match[1]))
    if amount >= _SMALLEST_SUM:
        return amount
    # "20 VNĐ" where the note says 20.000 đồng: the figure was typed in thousands.
    return amount * 1000 if amount > 0 and amount * 1000 in _sums(note) else None


def _charges(note: str, plain: str) -> bool:
    """Does the note of a 'free' row speak of a charge after all?"""
    if plain == "" or any(plain.lstrip("(-*+ ").startswith(word) for word in _FREE_NOTES if word):
        return False
    if _sums(note) or _THOUSANDS.search(note) or any(word in plain for word in _CHARGING_WORDS):
        return True
    return "theo quy dinh" in plain and "mien" not in plain


def _sums(note: str) -> set[int]:
    return {int(re.sub(r"[.,]", "", number)) for number in _SUM.findall(note)}
