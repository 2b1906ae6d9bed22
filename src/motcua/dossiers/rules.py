"""The unit's rules where law and practice leave a choice, read from the settings."""

from datetime import time
from functools import lru_cache

from django.conf import settings

from motcua.law.dossier.commands import Rules
from motcua.law.dossier.vocabulary import SupplementClock
from motcua.law.numbering import DEFAULT_PATTERN, Pattern
from motcua.law.worktime import Convention, TimeLimit, Unit


def rules() -> Rules:
    """Settings `MOTCUA_CUTOFF`, `MOTCUA_SUPPLEMENT_CLOCK`, `MOTCUA_MAX_SUPPLEMENTS`, `MOTCUA_APOLOGY_DAYS`."""
    default = Rules()
    return Rules(
        cutoff=time.fromisoformat(getattr(settings, "MOTCUA_CUTOFF", default.cutoff.isoformat())),
        supplement_clock=SupplementClock(getattr(settings, "MOTCUA_SUPPLEMENT_CLOCK", default.supplement_clock)),
        max_supplements=int(getattr(settings, "MOTCUA_MAX_SUPPLEMENTS", default.max_supplements)),
        apology_days=int(getattr(settings, "MOTCUA_APOLOGY_DAYS", default.apology_days)),
    )


def convention(limit: TimeLimit) -> Convention:
    """How a limit is counted: `MOTCUA_CONVENTIONS` maps a unit to a convention, else the law's default."""
    chosen = getattr(settings, "MOTCUA_CONVENTIONS", {}).get(limit.unit.value)
    return Convention(chosen) if chosen and limit.unit in (Unit.WORKING_DAY, Unit.DAY) else limit.convention


@lru_cache(maxsize=256)
def pattern(text: str) -> Pattern:
    """The pattern of dossier codes; empty means the default."""
    return Pattern(text or getattr(settings, "MOTCUA_CODE_PATTERN", "") or DEFAULT_PATTERN)
