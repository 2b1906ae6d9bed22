"""What a procedure costs, in words, and the sum to begin with at the desk."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from motcua.procedures.content import Content, Fee
from motcua.ui import formats


def fees_of(content: Content, channel: str) -> tuple[Fee, ...]:
    """The published fees of a channel, each once."""
    return tuple(dict.fromkeys(fee for filing in content.filings_for(channel) for fee in filing.fees))


def usual(fees: Iterable[Fee]) -> int | None:
    """The one sum that every case of the channel pays; None when it depends."""
    sums = {0 if fee.free else fee.amount for fee in fees}
    return sums.pop() if len(sums) == 1 else None


def words(fees: Iterable[Fee]) -> list[str]:
    """Each fee in plain words; as published when it was not understood."""
    return [f"{_sum(fee)} ({fee.note})" if fee.note else _sum(fee) for fee in fees]


def _sum(fee: Fee) -> str:
    if fee.free or fee.amount == 0:
        return _("Miễn phí")
    if fee.amount is not None:
        return formats.money(fee.amount)
    return _("Do Hội đồng nhân dân tỉnh quy định") if fee.set_by_council else fee.raw
