"""How long what is held about people is kept: by procedure and result, from the day on which a dossier ended.

The law names no period for every procedure, and what it names changes; so a schedule is data of the unit, dated, and
every rule carries its source and how certain it is. Where no rule fits, nothing is ever due for erasure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

_Word = TypeVar("_Word", bound=StrEnum)


class RetentionError(ValueError):
    """Data that is no schedule of retention; the message names the place."""


class Outcome(StrEnum):
    """How a dossier ended."""

    GRANTED = "granted"
    REFUSED = "refused"
    REFUSED_AT_INTAKE = "refused_at_intake"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"


class Certainty(StrEnum):
    """Whether somebody has compared a rule with the text that it names."""

    PUBLISHED = "published"
    UNVERIFIED = "unverified"


class CountedFrom(StrEnum):
    """From which day the years run: the dossier's last day, or the end of that year, as archives often count."""

    CLOSING = "closing"
    YEAR_END = "year_end"


@dataclass(frozen=True, slots=True)
class Rule:
    """So many whole years for a procedure (None: every one) and an outcome (None: any). `years` None: kept for ever."""

    years: int | None
    source: str
    certainty: Certainty
    procedure: str | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The rules in force from a day on. One for the procedure outweighs one for the outcome, and both together most."""

    valid_from: date
    counted_from: CountedFrom
    rules: tuple[Rule, ...]

    def rule(self, procedure: str, outcome: Outcome) -> Rule | None:
        """The rule that fits closest; None when none does."""
        fitting = [r for r in self.rules if r.procedure in (None, procedure) and r.outcome in (None, outcome)]
        return min(fitting, key=lambda r: (r.procedure is None, r.outcome is None), default=None)

    def until(self, rule: Rule | None, closed_on: date) -> date | None:
        """The first day on which a dossier that ended on `closed_on` may be erased; None: never."""
        if rule is None or rule.years is None:
            return None
        if self.counted_from is CountedFrom.YEAR_END:
            return date(closed_on.year + 1 + rule.years, 1, 1)
        return _after_years(closed_on, rule.years)

    def ended_before(self, rule: Rule, today: date) -> date | None:
        """Dossiers under this rule that ended before this day are due on `today`; None: none ever is."""
        if rule.years is None:
            return None
        if self.counted_from is CountedFrom.YEAR_END:
            return date(today.year - rule.years, 1, 1)
        last = date(today.year - rule.years, today.month, min(today.day, _days(today.year - rule.years, today.month)))
        return last + timedelta(days=1)

    def to_data(self) -> dict[str, Any]:
        """The written form, which `from_data` reads."""
        return {
            "valid_from": self.valid_from.isoformat(),
            "counted_from": self.counted_from.value,
            "rules": [_rule_data(rule) for rule in self.rules],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Schedule":
        """Reads a schedule; raises RetentionError naming the first wrong place."""
        _known(data, {"valid_from", "counted_from", "rules"}, "schedule")
        try:
            valid_from = date.fromisoformat(data["valid_from"])
        except (KeyError, TypeError, ValueError):
            raise RetentionError("valid_from: expected a day such as 2026-01-01") from None
        counted = _one_of(CountedFrom, data.get("counted_from"), "counted_from")
        listed = data.get("rules")
        if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
            raise RetentionError("rules: expected a list of objects")
        rules = tuple(_read_rule(each, f"rules[{number}]") for number, each in enumerate(listed))
        keys = [(rule.procedure, rule.outcome) for rule in rules]
        twice = next((number for number, key in enumerate(keys) if key in keys[:number]), None)
        if twice is not None:
            raise RetentionError(f"rules[{twice}]: the same procedure and outcome stand there before")
        return cls(valid_from, counted, rules)


def _after_years(day: date, years: int) -> date:
    """The same day so many years later; for 29 February the first of March where that year has none."""
    year = day.year + years
    if (day.month, day.day) == (2, 29) and _days(year, 2) == 28:
        return date(year, 3, 1)
    return day.replace(year=year)


def _days(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days


def _rule_data(rule: Rule) -> dict[str, Any]:
    return {
        "procedure": rule.procedure,
        "outcome": rule.outcome.value if rule.outcome else None,
        "years": rule.years,
        "source": rule.source,
        "certainty": rule.certainty.value,
    }


def _read_rule(data: Mapping[str, Any], place: str) -> Rule:
    _known(data, {"procedure", "outcome", "years", "source", "certainty"}, place)
    years = data.get("years", "")
    if years is not None and (type(years) is not int or not 1 <= years <= 200):
        raise RetentionError(f"{place}.years: expected 1 to 200, or null for ever")
    source = data.get("source")
    if not isinstance(source, str) or not source.strip():
        raise RetentionError(f"{place}.source: expected the text of law that says so")
    procedure = data.get("procedure")
    if procedure is not None and (not isinstance(procedure, str) or not procedure.strip()):
        raise RetentionError(f"{place}.procedure: expected a code, or null for every procedure")
    outcome = data.get("outcome")
    return Rule(
        years,
        source.strip(),
        _one_of(Certainty, data.get("certainty"), f"{place}.certainty"),
        procedure,
        None if outcome is None else _one_of(Outcome, outcome, f"{place}.outcome"),
    )


def _known(data: Mapping[str, Any], names: set[str], place: str) -> None:
    unknown = sorted(set(data) - names)
    if unknown:
        raise RetentionError(f"{place}.{unknown[0]}: unknown; known are {', '.join(sorted(names))}")


def _one_of(kind: type[_Word], value: Any, place: str) -> _Word:
    try:
        return kind(value)
    except ValueError:
        raise RetentionError(f"{place}: expected one of {', '.join(kind)}") from None
