"""Which posts are held on a day: those that are active, within their days, at an agency that still stands."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils import timezone


def serving(day: date | None = None) -> Q:
    """The condition for `Staff` rows that hold on a day, by default today in Vietnam."""
    on = day or timezone.localdate()
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    going_on = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    standing = Q(agency__succeeded_on__isnull=True) | Q(agency__succeeded_on__gt=on)
    return Q(active=True, agency__active=True) & begun & going_on & standing
