"""Time limits (thời hạn giải quyết) as the catalogue writes them, and the conventions by which they are counted."""

import re
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Any

from motcua.law.vietnamese import unaccent

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 480  # a working day of eight hours: Decision 188/1999/QĐ-TTg


class Convention(StrEnum):
    """How a limit is counted; docs/developer/legal-clock.md has the table with the articles."""

    DAY_EXCLUSIVE = "day_exclusive"
    DAY_EXCLUSIVE_AFTER15 = "day_exclusive_after15"
    HOUR_CARRY = "hour_carry"
    HOUR_CARRY_SAT_AM = "hour_carry_sat_am"
    CALENDAR_ROLL = "calendar_roll"
    MONTHS = "months"
    SAME_DAY = "same_day"


class Unit(StrEnum):
    """What a limit is measured in."""

    WORKING_DAY = "working_day"
    DAY = "day"
    WORKING_HOUR = "working_hour"
    HOUR = "hour"
    MONTH = "month"
    SAME_DAY = "same_day"


HOUR_UNITS = frozenset({Unit.WORKING_HOUR, Unit.HOUR})

_DEFAULTS = {
    Unit.WORKING_DAY: Convention.DAY_EXCLUSIVE,
    Unit.DAY: Convention.CALENDAR_ROLL,
    Unit.WORKING_HOUR: Convention.HOUR_CARRY,
    Unit.HOUR: Convention.HOUR_CARRY,
    Unit.MONTH: Convention.MONTHS,
    Unit.SAME_DAY: Convention.SAME_DAY,
}
_WORDS = {
    Unit.WORKING_DAY: "ngày làm việc",
    Unit.DAY: "ngày",
    Unit.WORKING_HOUR: "giờ làm việc",
    Unit.HOUR: "giờ",
    Unit.MONTH: "tháng",
}
_UNIT_OF = {unaccent(words): unit for unit, words in _WORDS.items()}

# What surrounds the limit in decisions and on the portal and says nothing about its length.
_LEAD = re.compile(r"^(?:(?:trong|trong thoi han|trong vong|thoi han|khong qua|toi da|cham nhat|la) )+(?=\S)")
_TAIL = re.compile(r" ?(?:,? ?(?:ke|tinh) tu .*|[.;,])$")  # after unaccent, which leaves single blanks
_SPELT = re.compile(r"(?<=\d)\s*\([^()]*\)")  # 05 (năm) ngày
_LIMIT = re.compile(r"^(?P<number>nua|\d+(?:\s*/\s*\d+|[.,]\d+)?)\s*(?P<unit>.*)$")
_SAME_DAY = re.compile(r"^(?:ngay )?trong ngay(?: lam viec)?$")


class LimitError(ValueError):
    """A time limit that cannot be understood or counted; `code` says why and `text` is what was read."""

    def __init__(self, code: str, text: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.text = text


def default_convention(unit: Unit) -> Convention:
    """How a limit in this unit is counted when no setting says otherwise.

    Working days by Civil Code 147 and 148 (receipt day not counted); days by the calendar, rolling off a day off; hours
    from the moment; months to the same date; "in the day" with the 15:00 rule. An agency's settings may override it.
    """
    return _DEFAULTS[unit]


class TimeLimit:
    """An amount of a unit, such as 5 ngày làm việc or 0,5 ngày; immutable and hashable.

    Raises LimitError when the amount is not positive, is a part of a month, or "in the day" is not one day.
    """

    __slots__ = ("_hash", "amount", "unit")
    amount: Fraction
    unit: Unit
    _hash: int

    def __init__(self, amount: Fraction | int, unit: Unit) -> None:
        exact = Fraction(amount)
        if exact <= 0:
            raise LimitError("not_positive", str(amount), f"a time limit must be more than nothing, not {amount}")
        if unit is Unit.MONTH and exact.denominator != 1:
            raise LimitError("fraction_of_month", str(amount), "months are counted whole; write a part of one in days")
        if unit is Unit.SAME_DAY and exact != 1:
            raise LimitError("not_one_day", str(amount), '"in the day" is one day; for more, count working days')
        object.__setattr__(self, "amount", exact)
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "_hash", hash((exact, unit)))  # hashing a Fraction each time would cost a due date

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a TimeLimit cannot change ({name})")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a TimeLimit cannot change ({name})")

    def __reduce__(self) -> tuple[type["TimeLimit"], tuple[Fraction, Unit]]:
        return TimeLimit, (self.amount, self.unit)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TimeLimit) and self.unit is other.unit and self.amount == other.amount

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"TimeLimit({self.amount}, {self.unit.value})"

    def __str__(self) -> str:
        """The limit in Vietnamese, with a decimal comma: "0,5 ngày làm việc"."""
        if self.unit is Unit.SAME_DAY:
            return "trong ngày"
        return f"{_number(self.amount)} {_WORDS[self.unit]}"

    @property
    def convention(self) -> Convention:
        """The default convention of this limit: that of its unit, but a part of a day counts in hours (half = 4 h)."""
        if self.amount.denominator != 1 and self.unit in (Unit.WORKING_DAY, Unit.DAY):
            return Convention.HOUR_CARRY
        return default_convention(self.unit)

    @property
    def minutes(self) -> int:
        """The limit in working minutes: an hour is 60, a day eight hours; a started minute is given whole.

        LimitError for months, which have no fixed length.
        """
        if self.unit is Unit.MONTH:
            raise LimitError("months_have_no_hours", str(self), "a limit in months cannot be counted in hours")
        return ceil(self.amount * (MINUTES_PER_HOUR if self.unit in HOUR_UNITS else MINUTES_PER_DAY))

    @classmethod
    def parse(cls, text: str) -> "TimeLimit":
        """Reads "5 ngày làm việc", "05 (năm) ngày", "8 giờ làm việc", "2 tháng", "0,5 ngày", "1/2 ngày", "trong ngày".

        Diacritics may be missing; words around it such as "không quá" or "kể từ ngày nhận đủ hồ sơ" are passed over.
        Raises LimitError that says which part was not understood.
        """
        plain = _SPELT.sub("", _TAIL.sub("", unaccent(text)))
        if _SAME_DAY.match(plain):
            return cls(1, Unit.SAME_DAY)
        match = _LIMIT.match(_LEAD.sub("", plain))
        if match is None:
            raise LimitError("no_number", text, f"no amount found in {text!r}; write it like '5 ngày làm việc'")
        unit = _UNIT_OF.get(match["unit"].strip())
        if unit is None:
            known = ", ".join(_WORDS.values())
            what = match["unit"].strip() or "a missing unit"
            raise LimitError("unknown_unit", text, f"{what!r} in {text!r} is not a unit of time; known are: {known}")
        return cls(_amount(match["number"], text), unit)

    def to_data(self) -> dict[str, str]:
        """JSON-able: the exact amount ("5", "1/2") and the unit."""
        return {"amount": str(self.amount), "unit": self.unit.value}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "TimeLimit":
        """The reverse of `to_data`; LimitError when it is not such data."""
        try:
            return cls(Fraction(str(data["amount"])), Unit(data["unit"]))
        except (KeyError, ValueError, ZeroDivisionError) as error:
            if isinstance(error, LimitError):
                raise
            raise LimitError("bad_data", repr(data), f"not a stored time limit: {data!r}") from None


def _amount(number: str, text: str) -> Fraction:
    """The number as an exact fraction; refuses 1.000, which is a thousand to some and one to others."""
    if number == "nua":
        return Fraction(1, 2)
    if re.fullmatch(r"\d+[.,]\d{3}", number):
        message = f"{number!r} in {text!r} may mean thousands or decimals; write it plainly"
        raise LimitError("ambiguous_number", text, message)
    try:
        return Fraction(re.sub(r"\s", "", number).replace(",", "."))
    except ZeroDivisionError:
        raise LimitError("no_number", text, f"{number!r} in {text!r} divides by nothing") from None


def _number(amount: Fraction) -> str:
    """Decimal with a comma where that is exact in two places, else a fraction: 5, 0,5, 1/3."""
    scaled = amount * 100
    if scaled.denominator != 1:
        return str(amount)
    whole, rest = divmod(int(scaled), 100)
    return f"{whole},{rest:02d}".rstrip("0") if rest else str(whole)
