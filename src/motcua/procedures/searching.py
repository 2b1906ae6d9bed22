"""Finds procedures by words: every word must be there; whole names, then neighbouring words come first.

Plain LIKE over stored unaccented columns, so that both database servers answer alike; a few thousand short rows need
no index.
"""

from __future__ import annotations

import re

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Length

from motcua.law.vietnamese import unaccent
from motcua.procedures.models import Procedure

_CODE = re.compile(r"[1-9](?:\.\d{0,6})")
_BARE_CODE = re.compile(r"[1-9]\d{3,6}")
_MOST_WORDS = 12


def ranked(rows: QuerySet[Procedure], text: str) -> QuerySet[Procedure]:
    """Those of the rows that the text finds, best first."""
    plain = unaccent(text)
    code = _code(plain)
    if code is not None:
        return rows.filter(code__startswith=code).order_by("-everyday", "code")
    words = re.findall(r"[a-z0-9]+", plain)[:_MOST_WORDS]
    if not words:
        return rows.none()
    # While the last word is being typed it may be unfinished; a blank behind it says that it is finished.
    finished = text[-1:].isspace()
    in_name, anywhere = Q(), Q()
    for index, word in enumerate(words):
        pattern = f" {word} " if finished or index < len(words) - 1 else f" {word}"
        in_name &= Q(search_name__contains=pattern)
        anywhere &= Q(search_name__contains=pattern) | Q(search_more__contains=pattern)
    phrase = " ".join(words)
    rank = Case(
        When(search_name=f" {phrase} ", then=Value(0)),
        When(search_name__contains=f" {phrase} ", then=Value(1)),
        When(Q(search_name__contains=f" {phrase}"), then=Value(2)),
        When(in_name, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    order: list[str | Combinable] = [
        rank,
        "-everyday",
        *_other_diacritics(text, plain),
        Length("name"),
        "sort_key",
        "code",
    ]
    return rows.filter(anywhere).order_by(*order)


def _code(plain: str) -> str | None:
    compact = plain.replace(" ", "")
    if _CODE.fullmatch(compact):
        return compact
    return f"{compact[0]}.{compact[1:]}" if _BARE_CODE.fullmatch(compact) else None


def _other_diacritics(text: str, plain: str) -> list[str | Combinable]:
    """Names that have the text just as typed before the others, if it was typed with diacritics at all."""
    typed = " ".join(text.lower().split())
    if typed == plain:
        return []
    return [Case(When(name_lower__contains=typed, then=Value(0)), default=Value(1), output_field=IntegerField())]
