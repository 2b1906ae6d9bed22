"""What a due time carries with it: each rule that moved the date, with its article of law, as codes of no language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

Params = tuple[tuple[str, str | int], ...]

# Articles of law, as codes; motcua.ui.clock_words says them in words.
CIVIL_147 = "civil_code_2015:147"
CIVIL_148 = "civil_code_2015:148"
LABOUR_111 = "labour_code_2019:111"
LABOUR_112 = "labour_code_2019:112"
ND61_18 = "nd61_2018:18"
ND61_19 = "nd61_2018:19"
EIGHT_HOURS = "qd188_1999"
SWAP = "yearly_swap"
AGENCY = "agency_calendar"
WAITING = "waiting_rule"


class TraceStep(NamedTuple):
    """One rule that was applied: its code, its article, the moment it led to, and what it speaks of.

    Params stand in the order of their keys, so that a store which reorders objects gives an equal step back.
    """

    rule: str
    article: str
    at: datetime
    params: Params = ()

    def to_data(self) -> dict[str, Any]:
        """JSON-able form."""
        return {
            "rule": self.rule,
            "article": self.article,
            "at": self.at.isoformat(timespec="minutes"),
            "params": dict(self.params),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "TraceStep":
        """The reverse of `to_data`."""
        at = datetime.fromisoformat(data["at"])
        return cls(data["rule"], data["article"], at, tuple(sorted(data["params"].items())))


Trace = tuple[TraceStep, ...]


class Due(NamedTuple):
    """A due time (ngày hẹn trả): naive local time to the minute, why it is that, and whether it is provisional."""

    at: datetime
    trace: Trace = ()
    provisional: bool = False

    def to_data(self) -> dict[str, Any]:
        """JSON-able form, as events keep it."""
        return {
            "at": self.at.isoformat(timespec="minutes"),
            "provisional": self.provisional,
            "trace": [step.to_data() for step in self.trace],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Due":
        """The reverse of `to_data`."""
        trace = tuple(TraceStep.from_data(step) for step in data["trace"])
        return cls(datetime.fromisoformat(data["at"]), trace, data["provisional"])
