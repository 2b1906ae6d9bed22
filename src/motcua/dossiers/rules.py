"""The unit's rules where law and practice leave a choice, read from the settings."""

from functools import lru_cache

from django.conf import settings

from motcua.law.dossier.commands import Rules
from motcua.law.dossier.vocabulary import SupplementClock
from motcua.law.numbering import Pattern
from motcua.law.worktime import Convention, TimeLimit, Unit


def rules() -> Rules:
    """Cut-off, supplement clock, number of requests and the notice of an apology, as set for this installation."""
    return Rules(
        cutoff=settings.MOTCUA_CUTOFF,
        supplement_clock=SupplementClock(settings.MOTCUA_SUPPLEMENT_CLOCK),
        max_supplements=settings.MOTCUA_MAX_SUPPLEMENTS,
        apology_days=settings.MOTCUA_APOLOGY_DAYS,
    )


def convention(limit: TimeLimit) -> Convention:
    """How a limit is counted: whole working days as set for this installation, anything else by the law's default."""
    if limit.unit == Unit.WORKING_DAY and limit.amount.denominator == 1:
        return Convention(settings.MOTCUA_WORKING_DAY_CONVENTION)
    return limit.convention


@lru_cache(maxsize=256)
def pattern(text: str) -> Pattern:
    """The pattern of dossier codes; empty means the installation's. Raises PatternError for one that cannot number."""
    return Pattern(text or settings.MOTCUA_CODE_PATTERN)
