"""What an operator should know of the heads: the last one, whether the log still extends it, and who got them."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.conf import settings

from motcua.proofs import queries
from motcua.proofs.models import Delivery
from motcua.proofs.sending import recipient
from motcua.proofs.tiles import LogBroken

_LISTED = 20


@dataclass(frozen=True, slots=True)
class Addressee:
    """An address outside: the last day it got, the days that wait, and the last answer where one waits."""

    address: str
    last_day: date | None
    waiting: int
    error: str
    given_up: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class ProofHealth:
    """The last head (size, root, moment), an alarm if the log does not extend it, and the addressees."""

    size: int
    root: str
    signed_at: str
    alarm: str
    addressees: tuple[Addressee, ...]

    @property
    def quiet(self) -> bool:
        """Whether nothing asks for a person: no alarm, no day given up."""
        return not self.alarm and not any(each.given_up for each in self.addressees)

    def to_data(self) -> dict[str, Any]:
        """The report as JSON-able data."""
        data = asdict(self)
        for each in data["addressees"]:
            each["last_day"] = each["last_day"] and each["last_day"].isoformat()
            each["given_up"] = [day.isoformat() for day in each["given_up"]]
        return data


def check() -> ProofHealth:
    """Look at the heads; reads a few rows."""
    head = queries.latest()
    try:
        alarm = queries.alarm(head)
        kind = alarm.kind if alarm else ""
    except LogBroken as broken:
        kind = f"log_broken: {broken}"
    known = (head.size, head.root.hex(), head.signed_at.isoformat()) if head else (0, "", "")
    return ProofHealth(*known, kind, tuple(_addressee(address) for address in settings.MOTCUA_LOG_RECIPIENTS))


def _addressee(address: str) -> Addressee:
    rows = list(Delivery.objects.filter(recipient=recipient(address)).order_by("-day")[:1000])
    waiting = [row for row in rows if row.sent_at is None and row.given_up_at is None]
    return Addressee(
        address,
        next((row.day for row in rows if row.sent_at), None),
        len(waiting),
        waiting[-1].error if waiting else "",
        tuple(row.day for row in rows if row.given_up_at)[:_LISTED],
    )
