"""Which setting fixes which rule of the law for this installation; what is unset the legal layers say."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from motcua.law.bases import Forms, SupplementClock
from motcua.law.worktime import Convention

# A rule -> the setting with which the unit fixes it, and how its value is read.
UNIT_SETTINGS: Final[Mapping[str, tuple[str, Any]]] = MappingProxyType(
    {
        "forms": ("MOTCUA_FORMS", Forms),
        "code_pattern": ("MOTCUA_CODE_PATTERN", str),
        "convention": ("MOTCUA_WORKING_DAY_CONVENTION", Convention),
        "saturday": ("MOTCUA_SATURDAY_HOURS", bool),
        "cutoff": ("MOTCUA_CUTOFF", lambda value: value),
        "supplement_clock": ("MOTCUA_SUPPLEMENT_CLOCK", SupplementClock),
        "max_supplements": ("MOTCUA_MAX_SUPPLEMENTS", int),
        "appraisal_days": ("MOTCUA_APPRAISAL_DAYS", int),
        "apology_days": ("MOTCUA_APOLOGY_DAYS", int),
        "answer_hours": ("MOTCUA_ANSWER_HOURS", int),
        "digitise": ("MOTCUA_DIGITISE", bool),
    }
)
