"""What a verification finds: faults with their places, and the counts of what was read."""

from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

_MOST = 100  # faults listed; all are counted


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as the log says: its kind, where it is, and what was found."""

    kind: str
    dossier_id: str = ""
    seq: int = 0
    position: int = 0
    detail: str = ""


class Where(NamedTuple):
    """Where an event stands."""

    dossier_id: str
    seq: int
    position: int


@dataclass(slots=True)
class Report:
    """What was read and what was found wrong; `faults` lists a hundred of `fault_count` at most.

    `first_bad_position` is the first position of the log at which something is wrong; 0 when no fault has a position.
    """

    dossiers: int = 0
    events: int = 0
    positions: int = 0
    unplaced: int = 0
    claims: int = 0
    records: int = 0
    erased: dict[str, int] = field(default_factory=dict)
    heads: int = 0
    fault_count: int = 0
    first_bad_position: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong."""
        return self.fault_count == 0

    def add(self, fault: Fault) -> None:
        """Count a fault, and keep it while there is room."""
        self.fault_count += 1
        if len(self.faults) < _MOST:
            self.faults.append(fault)
        self.note(fault.position)

    def note(self, position: int) -> None:
        """Something is wrong at this position, if it is one."""
        if position and not 0 < self.first_bad_position <= position:
            self.first_bad_position = position

    def absorb(self, other: "Report") -> None:
        """Add what another report counted and found."""
        for name in ("dossiers", "events", "positions", "claims", "records", "fault_count"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for order, count in other.erased.items():
            self.erased[order] = self.erased.get(order, 0) + count
        self.faults += other.faults[: _MOST - len(self.faults)]
        self.note(other.first_bad_position)

    def to_data(self) -> dict[str, Any]:
        """The report as JSON-able data."""
        return {"sound": self.sound, **asdict(self)}
