"""What has had its time goes: tokens that do not hold any more, secrets that were replaced, answers nobody asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models.functions import Now

from motcua.exchange.models import KeptAnswer, Secret, Token

KEPT: Final = timedelta(days=7)  # how long a request may be repeated and get its first answer


def sweep() -> int:
    """Remove what has had its time; returns how many rows."""
    rows = (
        Token.objects.filter(expires_at__lte=Now()),
        Secret.objects.filter(expires_at__lte=Now()),
        KeptAnswer.objects.filter(created_at__lt=Now() - KEPT),
    )
    return sum(found.delete()[0] for found in rows)
