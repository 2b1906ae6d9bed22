"""The starter calendar: Vietnam's working days of 2021 to 2027 as facts in `data/calendar.json`, 2027 provisional."""

import json
from functools import cache
from importlib.resources import files

from motcua.law.worktime import WorkCalendar


@cache
def starter_calendar() -> WorkCalendar:
    """The calendar a new installation starts with; days still to be checked carry confidence "U"."""
    text = files("motcua.starter").joinpath("data", "calendar.json").read_text(encoding="utf-8")
    return WorkCalendar.from_data(json.loads(text))
