"""Seals anew, under the current data key, what the exchange keeps under an older one: answers and signing secrets."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.db.models import Count

from motcua.agencies.access import NotPermitted, Reader
from motcua.exchange.answers import context_of
from motcua.exchange.models import KeptAnswer, Subscription
from motcua.exchange.sealing import seal, unseal
from motcua.persons.keys import ring


def sealed_by(reader: Reader) -> dict[str, int]:
    """How many answers and secrets each data key still opens, by its name. Only for the system."""
    if reader.kind != "system":
        raise NotPermitted
    found: Counter[str] = Counter()
    for rows in (KeptAnswer.objects.exclude(key_id=""), Subscription.objects.all()):
        found.update(dict(rows.values_list("key_id").annotate(Count("pk")).order_by("key_id")))
    return dict(found)


@transaction.atomic
def seal_anew(limit: int = 1_000) -> int:
    """Seals up to `limit` answers and as many lines' secrets anew; gives how many it did. Run until it gives 0."""
    current = ring().current.id
    answers = list(
        KeptAnswer.objects.select_for_update(skip_locked=True).exclude(key_id__in=["", current]).order_by("pk")[:limit]
    )
    for row in answers:
        context = context_of(row.client_id, row.key)
        row.sealed, row.key_id = seal(unseal(bytes(row.sealed), context, row.key_id), context)
    KeptAnswer.objects.bulk_update(answers, ["sealed", "key_id"])
    lines = list(
        Subscription.objects.select_for_update(skip_locked=True).exclude(key_id=current).order_by("pk")[:limit]
    )
    for line in lines:
        _renew(line)
    Subscription.objects.bulk_update(lines, ["secret_sealed", "former_sealed", "key_id"])
    return len(answers) + len(lines)


def _renew(line: Subscription) -> None:
    """Both secrets of a line; they lie under one key."""
    former = line.former_sealed
    if former is not None:
        line.former_sealed, _key = seal(unseal(bytes(former), line.pk.bytes, line.key_id), line.pk.bytes)
    line.secret_sealed, line.key_id = seal(unseal(bytes(line.secret_sealed), line.pk.bytes, line.key_id), line.pk.bytes)
