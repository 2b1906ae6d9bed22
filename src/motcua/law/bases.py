"""Which legal instruments hold on a day, and what they say together about a dossier received on it.

Decree, circular and amendment are separate dated layers. `compose` puts those in force upon each other, the newest
last, and the unit's own rules on top; the answer is the `Rules` that a dossier keeps for life. A dossier names its
composition by `Rules.id`, so that a changed setting never rewrites a past decision.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, time
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from motcua.law.worktime import Convention, TimeLimit, Unit

UNIT: Final = "unit"  # the layer of the unit's own rules, which its settings make


class SupplementClock(StrEnum):
    """What a supplement does to the time limit: a unit's rule, because law and practice differ.

    `restart`: counted anew when complete (Decree 61/2018, Art. 19.4). `shift`: moved on by the days waited (practice).
    """

    RESTART = "restart"
    SHIFT = "shift"


class Forms(StrEnum):
    """The circular whose forms a paper follows."""

    TT01_2018 = "tt01-2018"
    TT03_2025 = "tt03-2025"


class Kind(StrEnum):
    """What a layer is."""

    DECREE = "decree"
    CIRCULAR = "circular"
    AMENDMENT = "amendment"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the layers say together; the defaults are Decree 61/2018 with Circular 01/2018.

    `code_pattern`: how dossier codes are built (Circular 01/2018, Art. 19), unless the agency has a pattern of its own.
    `convention`: how whole working days are counted. `saturday`: whether hours are counted on Saturday mornings too.
    `cutoff`: received later counts from the next working day (Decree 61/2018, Art. 18), where the convention says so.
    `max_supplements`: requests for missing papers at the desk, and again after appraisal (Art. 11.2c: once, fully).
    `appraisal_days`: working days from receipt in which a dossier is sent back after appraisal (Art. 19.4).
    `apology_days`: calendar days before the due date by which the apology is recorded (Art. 19.9).
    `answer_hours`: working hours in which an online filing is answered (Decree 45/2020).
    `digitise`: whether the desk must scan what it takes in (Decree 107/2021).
    """

    layers: tuple[str, ...] = ("nd61-2018", "tt01-2018")
    forms: Forms = Forms.TT01_2018
    code_pattern: str = "{unit}-{yymmdd}-{serial:4}"
    convention: Convention = Convention.DAY_EXCLUSIVE
    saturday: bool = False
    cutoff: time = time(15, 0)
    supplement_clock: SupplementClock = SupplementClock.RESTART
    max_supplements: int = 1
    appraisal_days: int = 3
    apology_days: int = 1
    answer_hours: int = 8
    digitise: bool = False

    @property
    def id(self) -> str:
        """The layers by name and a digest of what they say: equal exactly when the rules are."""
        return _id(self)

    def convention_for(self, limit: TimeLimit) -> Convention:
        """How a limit is counted: whole working days as the rules say, anything else by the law's default."""
        if limit.unit == Unit.WORKING_DAY and limit.amount.denominator == 1:
            return self._saturday(self.convention)
        return self._saturday(limit.convention)

    def _saturday(self, convention: Convention) -> Convention:
        return Convention.HOUR_CARRY_SAT_AM if self.saturday and convention == Convention.HOUR_CARRY else convention

    def to_data(self) -> dict[str, Any]:
        """The rules as JSON-able data."""
        return {
            each.name: _WRITE.get(each.name, lambda value: value)(getattr(self, each.name)) for each in fields(self)
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Rules":
        """The reverse of `to_data`; raises ValueError or TypeError when it is not such data."""
        return cls(**{name: _READ.get(name, lambda value: value)(value) for name, value in data.items()})


_WRITE: Final[Mapping[str, Any]] = {
    "layers": list,
    "forms": str,
    "convention": str,
    "cutoff": lambda value: value.strftime("%H:%M"),
    "supplement_clock": str,
}
_READ: Final[Mapping[str, Any]] = {
    "layers": tuple,
    "forms": Forms,
    "convention": Convention,
    "cutoff": time.fromisoformat,
    "supplement_clock": SupplementClock,
}


@lru_cache(maxsize=256)
def _id(rules: Rules) -> str:
    written = json.dumps(rules.to_data(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{'+'.join(rules.layers)}@{hashlib.sha256(written.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Layer:
    """One instrument: from when it holds, what it replaces, and what it fixes (names of `Rules`).

    `certain` is False where the day it took effect could not be read in its text; an operator may set it.
    """

    code: str
    kind: Kind
    number: str
    effective: date
    says: Mapping[str, Any] = field(default_factory=dict)
    replaces: tuple[str, ...] = ()
    certain: bool = True


# What Decree 61/2018 fixed, and Decree 118/2025 is taken to have carried over: its text beyond Art. 15, 17, 18 and 22
# could not be read.
_ONE_STOP: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "convention": Convention.DAY_EXCLUSIVE,
        "saturday": False,
        "cutoff": time(15, 0),
        "supplement_clock": SupplementClock.RESTART,
        "max_supplements": 1,
        "appraisal_days": 3,
        "apology_days": 1,
    }
)
_CODE: Final = "{unit}-{yymmdd}-{serial:4}"  # Circular 01/2018, Art. 19, as written since Decision 20/2020
SHIPPED: Final = (
    Layer("nd61-2018", Kind.DECREE, "61/2018/NĐ-CP", date(2018, 6, 21), _ONE_STOP),
    Layer(
        "tt01-2018",
        Kind.CIRCULAR,
        "01/2018/TT-VPCP",
        date(2019, 1, 6),
        {"forms": Forms.TT01_2018, "code_pattern": _CODE},
    ),
    Layer("nd45-2020", Kind.DECREE, "45/2020/NĐ-CP", date(2020, 5, 22), {"answer_hours": 8}),
    Layer("nd107-2021", Kind.AMENDMENT, "107/2021/NĐ-CP", date(2021, 12, 6), {"digitise": True}),
    Layer(
        "nd118-2025",
        Kind.DECREE,
        "118/2025/NĐ-CP",
        date(2025, 7, 1),
        {**_ONE_STOP, "digitise": True},
        ("nd61-2018", "nd107-2021"),
    ),
    Layer(
        "tt03-2025",
        Kind.CIRCULAR,
        "03/2025/TT-VPCP",
        date(2025, 9, 15),
        {"forms": Forms.TT03_2025, "code_pattern": _CODE},
        ("tt01-2018",),
        certain=False,
    ),
    Layer("nd367-2025", Kind.AMENDMENT, "367/2025/NĐ-CP", date(2025, 12, 31), certain=False),
    Layer("nd224-2026", Kind.DECREE, "224/2026/NĐ-CP", date(2026, 7, 1)),
)


def in_force(
    on: date, layers: Collection[Layer] = SHIPPED, dates: Mapping[str, date | None] = MappingProxyType({})
) -> tuple[Layer, ...]:
    """The layers that hold on a day, the oldest first.

    `dates` sets the day from which a layer holds, in the place of the shipped one; None: it does not hold at all.
    """
    dated = [replace(layer, effective=day) for layer in layers if (day := dates.get(layer.code, layer.effective))]
    begun = sorted((layer for layer in dated if layer.effective <= on), key=lambda layer: layer.effective)
    gone = {code for layer in begun for code in layer.replaces}
    return tuple(layer for layer in begun if layer.code not in gone)


def compose(
    on: date,
    unit: Mapping[str, Any] = MappingProxyType({}),
    layers: Collection[Layer] = SHIPPED,
    dates: Mapping[str, date | None] = MappingProxyType({}),
) -> Rules:
    """The rules for a dossier received on a day; `unit` is what the unit fixes itself (names of `Rules`).

    Before the first layer there are none by name, and the defaults hold.
    """
    holding = in_force(on, layers, dates)
    said: dict[str, Any] = {}
    for layer in holding:
        said |= layer.says
    names = [layer.code for layer in holding]
    said |= unit
    return replace(Rules(), **said, layers=(*names, UNIT) if unit else tuple(names))


def sources(
    on: date,
    unit: Mapping[str, Any] = MappingProxyType({}),
    layers: Collection[Layer] = SHIPPED,
    dates: Mapping[str, date | None] = MappingProxyType({}),
) -> dict[str, str]:
    """Which layer fixes each of the rules on a day; a rule that no layer names is left out."""
    found: dict[str, str] = {}
    for layer in in_force(on, layers, dates):
        found |= dict.fromkeys(layer.says, layer.code)
    return found | dict.fromkeys(unit, UNIT)
