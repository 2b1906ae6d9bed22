"""The rules that a dossier is decided by: the legal layers in force when it came, and the unit's own settings on top.

A composition is kept by its id from its first use, so that a dossier is decided by it for life; see docs/decisions/
legal-bases-as-layers.md.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from motcua.dossiers.models import LegalRules
from motcua.dossiers.unit_settings import UNIT_SETTINGS
from motcua.law import bases
from motcua.law.bases import Rules
from motcua.law.dossier import reckoning
from motcua.law.numbering import Pattern

_KNOWN: dict[tuple[str, str], Rules] = {}  # a composition never changes, so each is read once


class UnknownRules(LookupError):  # noqa: N818 - the database lacks what its log names
    """No composition of that id is kept here, or what is kept is not what the id stands for."""


def unit_rules() -> dict[str, Any]:
    """What the unit's settings fix; what they leave alone is the layers' to say."""
    found = {}
    for rule, (name, read) in UNIT_SETTINGS.items():
        value = getattr(settings, name)
        if value is not None:
            found[rule] = read(value)
    return found


def legal_dates() -> Mapping[str, date | None]:
    """The days from which the operator has layers hold, in the place of the shipped ones."""
    dates: Mapping[str, date | None] = settings.MOTCUA_LEGAL_DATES or {}
    return dates


def rules_at(moment: datetime) -> Rules:
    """The rules for a dossier that comes at a moment (aware)."""
    return _composed(
        reckoning.local(moment).date(), tuple(sorted(unit_rules().items())), tuple(sorted(legal_dates().items()))
    )


@lru_cache(maxsize=1024)
def _composed(day: date, unit: tuple[tuple[str, Any], ...], dates: tuple[tuple[str, date | None], ...]) -> Rules:
    return bases.compose(day, dict(unit), dates=dict(dates))


def rules_of(rules_id: str | None, came_at: datetime) -> Rules:
    """The rules that a dossier was received under; one from before rules were kept goes by the layers of its day.

    Raises UnknownRules.
    """
    if rules_id is None:
        return rules_at(came_at)
    key = (str(connection.settings_dict["NAME"]), rules_id)
    if key not in _KNOWN:
        data = LegalRules.objects.filter(rules_id=rules_id).values_list("data", flat=True).first()
        if data is None:
            raise UnknownRules(rules_id)
        kept = Rules.from_data(data)
        if kept.id != rules_id:
            raise UnknownRules(rules_id)
        _KNOWN[key] = kept
    return _KNOWN[key]


def remember(rules: Rules) -> None:
    """Keep a composition in the caller's transaction, before the first event that names it."""
    key = (str(connection.settings_dict["NAME"]), rules.id)
    if key in _KNOWN:
        return
    if not LegalRules.objects.filter(rules_id=rules.id).exists():
        LegalRules.objects.create(rules_id=rules.id, data=rules.to_data())
    transaction.on_commit(lambda: _KNOWN.setdefault(key, rules))


@lru_cache(maxsize=256)
def pattern(text: str) -> Pattern:
    """A pattern of dossier codes; raises PatternError for one that cannot number."""
    return Pattern(text)
