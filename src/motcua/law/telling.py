"""Which happenings of a dossier the applicant is told of, and by which article of law.

Pure: it reads an event and says the occasion and what of the event stands in the words; who is told, where and in
which words is the notices' room's to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from motcua.law.dossier import events as e
from motcua.law.dossier.events import Event
from motcua.law.dossier.vocabulary import Pause


class Occasion(StrEnum):
    """What the applicant is told of."""

    REGISTERED = "registered"  # filed online, waits for its answer (Decree 61/2018, Art. 17.1; Decree 45/2020, Art. 11)
    RECEIVED = "received"  # the receipt with the promised time (Art. 17.1)
    REFUSED = "refused"  # not accepted, with the reason (Art. 17.1)
    SUPPLEMENT = "supplement"  # papers are asked for, everything at once (Art. 17.1, 19.4)
    PAYMENT = "payment"  # a payment is asked for
    SUSPENDED = "suspended"  # the clock stands still on a legal ground
    RESUMED = "resumed"  # it runs again, with the promise that follows
    APPOINTED_AGAIN = "appointed_again"  # the apology with the new time (Art. 19.9)
    READY = "ready"  # the result can be fetched (Art. 20)
    STOPPED = "stopped"  # it is settled no further
    ERROR_CORRECTED = "error_corrected"  # the agency's own error, with its apology (Art. 21)
    RELOCATED = "relocated"  # another agency goes on with it


ARTICLES: Final[Mapping[Occasion, str]] = MappingProxyType(
    {
        Occasion.REGISTERED: "NĐ 45/2020, Điều 11",
        Occasion.RECEIVED: "NĐ 61/2018, Điều 17.1",
        Occasion.REFUSED: "NĐ 61/2018, Điều 17.1",
        Occasion.SUPPLEMENT: "NĐ 61/2018, Điều 17.1, 19.4",
        Occasion.PAYMENT: "NĐ 61/2018, Điều 17",
        Occasion.SUSPENDED: "NĐ 61/2018, Điều 19",
        Occasion.RESUMED: "NĐ 61/2018, Điều 19",
        Occasion.APPOINTED_AGAIN: "NĐ 61/2018, Điều 19.9",
        Occasion.READY: "NĐ 61/2018, Điều 20",
        Occasion.STOPPED: "NĐ 61/2018, Điều 19",
        Occasion.ERROR_CORRECTED: "NĐ 61/2018, Điều 21",
        Occasion.RELOCATED: "NĐ 61/2018, Điều 18",
    }
)
_PAUSES: Final = MappingProxyType(
    {
        Pause.SUPPLEMENT: Occasion.SUPPLEMENT,
        Pause.PAYMENT: Occasion.PAYMENT,
        Pause.SUSPENSION: Occasion.SUSPENDED,
    }
)
_PLAIN: Final[Mapping[type[Event], Occasion]] = MappingProxyType(
    {
        e.RefusedAtIntake: Occasion.REFUSED,
        e.Finished: Occasion.READY,
        e.Stopped: Occasion.STOPPED,
        e.ErrorCorrected: Occasion.ERROR_CORRECTED,
        e.Relocated: Occasion.RELOCATED,
    }
)
TOLD: Final = frozenset(
    kind.TYPE for kind in (e.Registered, e.Received, e.Accepted, e.Paused, e.Resumed, e.AppointedAgain, *_PLAIN)
)


@dataclass(frozen=True, slots=True)
class Told:
    """An occasion and the promised time that stands in its words; None where nothing is promised."""

    occasion: Occasion
    due_at: datetime | None = None


def told(event: Event) -> Told | None:
    """What the applicant is told of an event; None for one that is the office's own."""
    match event:
        case e.Registered(answer_due_at=due):
            return Told(Occasion.REGISTERED, due)
        case e.Received(appointment=appointment) | e.Accepted(appointment=appointment):
            return Told(Occasion.RECEIVED, appointment.due_at)
        case e.Paused(kind=kind):
            return Told(_PAUSES[kind])
        case e.Resumed(appointment=appointment):
            return Told(Occasion.RESUMED, appointment.due_at)
        case e.AppointedAgain(due_at=due):
            return Told(Occasion.APPOINTED_AGAIN, due)
        case _:
            occasion = _PLAIN.get(type(event))
            return Told(occasion) if occasion else None
