"""Form fields as clerks type: dates without slashes, money with dots, names that a paper can print."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from motcua.office.words import Words
from motcua.papers.typeface import unprintable
from motcua.ui import formats

DATES = ["%d/%m/%Y", "%d%m%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
_MONEY_NOISE = re.compile(r"[\s.,đ₫]|vnd|vnđ", re.IGNORECASE)
_MONEY_MOST = 10**10
_DIGITS = 18


def choices(words: Mapping[Any, Words], empty: Words | None = None) -> list[tuple[str, Words]]:
    """Choices of a field from a table of words, with an empty one before them when it is named."""
    listed = [(str(key.value), label) for key, label in words.items()]
    return [("", empty), *listed] if empty is not None else listed


def whole_number(text: str) -> int | None:
    """The number that these digits are, up to what PostgreSQL's bigint holds; None for anything else."""
    return int(text) if len(text) <= _DIGITS and text.isascii() and text.isdigit() else None


class DayField(forms.DateField):
    """A day as 05/02/1990, typed with or without slashes."""

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": "off", "placeholder": "dd/mm/yyyy"}
        options.setdefault("widget", forms.DateInput(format="%d/%m/%Y", attrs=attributes))
        super().__init__(input_formats=DATES, **options)
        self.error_messages["invalid"] = _l("Hãy nhập ngày dạng ngày/tháng/năm, ví dụ 05/02/1990.")


class MoneyField(forms.CharField):
    """Whole đồng, typed with or without dots; an empty field is 0."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(required=False, **options)

    def to_python(self, value: Any) -> int:  # type: ignore[override]
        """The amount; raises ValidationError for anything but a whole number of đồng."""
        bare = _MONEY_NOISE.sub("", str(value or ""))
        if not bare:
            return 0
        if whole_number(bare) is None or int(bare) > _MONEY_MOST:
            raise ValidationError(_("Hãy nhập số tiền bằng chữ số, ví dụ 15.000."), code="invalid")
        return int(bare)

    def prepare_value(self, value: Any) -> Any:
        """An amount is shown with dots; what was typed stays as typed."""
        return formats.number(value) if isinstance(value, int) else value


class MomentField(forms.SplitDateTimeField):
    """A day and a time on Vietnamese clocks, as an aware moment."""

    def __init__(self, **options: Any) -> None:
        widget = forms.SplitDateTimeWidget(
            date_format="%d/%m/%Y",
            time_format="%H:%M",
            date_attrs=_part("w-date", _l("Ngày")),
            time_attrs=_part("w-short", _l("Giờ")),
        )
        super().__init__(input_date_formats=DATES, input_time_formats=["%H:%M", "%H%M", "%H"], widget=widget, **options)


def _part(css: str, label: Words) -> dict[str, Any]:
    return {"class": f"form-control {css}", "inputmode": "numeric", "aria-label": label}


def printable(text: str) -> str:
    """The text itself; raises ValidationError naming the characters that no paper can show."""
    odd = unprintable(text)
    if odd:
        raise ValidationError(_("Không in được ký tự “%(signs)s”. Hãy viết bằng chữ Latinh.") % {"signs": odd})
    return text


def start_of(day: date) -> datetime:
    """The first moment of a day in Vietnam."""
    return datetime(day.year, day.month, day.day, tzinfo=formats.VIETNAM)


def end_of(day: date) -> datetime:
    """The first moment after a day in Vietnam."""
    return start_of(day) + timedelta(days=1)
