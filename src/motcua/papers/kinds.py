"""The kinds of paper that a dossier can come to: which event asks for each, who may have it, and its copies."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from motcua.agencies.roles import Act
from motcua.law.dossier import events as e
from motcua.law.dossier.vocabulary import Pause, Result
from motcua.papers.forms import Copy


class Kind(StrEnum):
    """A paper of one dossier; the register is of a desk and no kind of these."""

    RECEIPT = "receipt"
    SLIP = "slip"
    SUPPLEMENT = "supplement"
    REFUSAL = "refusal"
    APOLOGY = "apology"
    STOP = "stop"


# What a paper says of the applicant decides who may have it: the slip names the owner, the others everything.
NEEDS: Final[Mapping[Kind, Act]] = MappingProxyType(
    {kind: Act.SEE_NAME if kind is Kind.SLIP else Act.SEE_ID for kind in Kind}
)
# The receipt is made out in two (form M01, note); the slip stays with the dossier.
COPIES: Final[Mapping[Kind, tuple[Copy, ...]]] = MappingProxyType(
    {
        kind: {Kind.RECEIPT: (Copy.CUSTOMER, Copy.KEPT), Kind.SLIP: (Copy.KEPT,)}.get(kind, (Copy.CUSTOMER,))
        for kind in Kind
    }
)
# Papers that the register's number stands on.
NUMBERED: Final = frozenset({Kind.RECEIPT, Kind.SLIP})
ACCEPTS: Final = frozenset({e.Received.TYPE, e.Accepted.TYPE})
_ASK: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        e.RefusedAtIntake.TYPE: Kind.REFUSAL,
        e.AppointedAgain.TYPE: Kind.APOLOGY,
        e.Stopped.TYPE: Kind.STOP,
    }
)
# The events that can ask for a paper besides those that accept a dossier.
ASKING: Final = frozenset({*_ASK, e.Paused.TYPE, e.Finished.TYPE, e.SentBack.TYPE})


def asked(event: str, data: Mapping[str, Any]) -> Kind | None:
    """The paper that an event asks for, by its type and data; an accepted dossier has receipt and slip besides."""
    if event == e.Paused.TYPE:
        return Kind.SUPPLEMENT if data["kind"] == Pause.SUPPLEMENT else None
    # The reason of a refusal stands where the deciding agency left its step: at the end, or on the way to the desk.
    if event in (e.Finished.TYPE, e.SentBack.TYPE) and "from_step" in data:
        return Kind.REFUSAL if data["result"] == Result.REFUSED else None
    return _ASK.get(event)
