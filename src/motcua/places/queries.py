"""Readers of administrative units by code, name and day; units are public, so any reader may ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from motcua.law.vietnamese import unaccent
from motcua.places.models import Level, LoadedFile, Unit, UnitChange


@dataclass(frozen=True)
class UnitView:
    """A unit as it stood between two days; `valid_to` is the last day, None while the unit is in force."""

    id: int
    code: str
    level: str
    kind: str
    name: str
    short_name: str
    parent_id: int | None
    parent_code: str | None
    parent_name: str
    valid_from: date | None
    valid_to: date | None
    resolution: str


@dataclass(frozen=True)
class Successor:
    """A unit that an older one went into; `approximate`: the old unit was split and its shares are not known."""

    unit: UnitView
    is_default: bool
    approximate: bool
    share: Decimal | None
    effective: date | None
    resolution: str


def unit(reader: object, code: str, on_date: date) -> UnitView | None:
    """The unit that bore this code on that day."""
    return next(iter(_views(_in_force(on_date).filter(code=code)[:1], on_date)), None)


def unit_by_id(reader: object, unit_id: int) -> UnitView | None:
    """The unit row with this id, in force or not."""
    row = Unit.objects.select_related("parent").filter(pk=unit_id).first()
    return _view(row) if row else None


def provinces(reader: object, on_date: date) -> tuple[UnitView, ...]:
    """All provinces and centrally run cities of that day in Vietnamese order."""
    return _views(_in_force(on_date).filter(level=Level.PROVINCE).order_by("sort_key"), on_date)


def units_under(reader: object, code: str, on_date: date) -> tuple[UnitView, ...]:
    """The units directly under the unit with this code on that day, in Vietnamese order."""
    # A renamed parent is a new row while its children keep theirs: any row of the parent's code counts.
    return _views(_in_force(on_date).filter(parent__code=code).order_by("sort_key", "code"), on_date)


def find_units(
    reader: object, text: str, on_date: date, *, level: str | None = None, limit: int = 20
) -> tuple[UnitView, ...]:
    """Units of that day whose name, or the name of a unit that went into them, holds every word of the text.

    Diacritics may be left out and the last word may be unfinished. Own names come before former ones, whole names
    before parts, higher levels before lower.
    """
    words = unaccent(text).split()
    if not words:
        return ()
    own, former = Q(), Q()
    for index, word in enumerate(words):
        pattern = f" {word}" if index == len(words) - 1 else f" {word} "
        own &= Q(search__contains=pattern)
        former &= Q(former__contains=pattern)
    phrase = " ".join(words)
    rank = Case(
        When(Q(code=phrase), then=Value(0)),
        When(Q(search__contains=f" {phrase} |"), then=Value(1)),
        When(Q(search__contains=f" {phrase}"), then=Value(2)),
        When(own, then=Value(3)),
        When(Q(former__contains=f" {phrase} |"), then=Value(4)),
        default=Value(5),
        output_field=IntegerField(),
    )
    order = Case(
        When(level=Level.PROVINCE, then=Value(0)),
        When(level=Level.DISTRICT, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = _in_force(on_date).filter(own | former | Q(code=phrase))
    if level is not None:
        rows = rows.filter(level=level)
    return _views(rows.order_by(rank, order, "sort_key", "code")[:limit], on_date)


def successors(reader: object, code: str, on_date: date, *, known_on: date | None = None) -> tuple[Successor, ...]:
    """What the unit with this code has become by that day, the default successor first.

    `known_on` names the day on which the unit bore the code; without it the oldest unit of that code is meant. A unit
    still in force is its own successor. A district answers with the communes that its communes went into. The answer
    is marked approximate wherever a unit was split, since the shares are not known.
    """
    start = _known(code, known_on)
    if start is None:
        return ()
    if _covers(start, on_date):
        return (Successor(_view(start), True, False, None, start.valid_from, start.resolution),)
    reached = _walk([start.pk], on_date)
    if not reached and start.level == Level.DISTRICT:
        reached = _of_children(start, on_date)
    return tuple(sorted(reached, key=lambda item: (not item.is_default, item.unit.code)))


def loaded_digest(name: str) -> str | None:
    """SHA-256 of the file of facts of this name as it was last loaded, None when it never was."""
    return LoadedFile.objects.filter(name=name).values_list("digest", flat=True).first()


def _in_force(on_date: date) -> QuerySet[Unit]:
    return Unit.objects.select_related("parent").filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on_date), Q(valid_to__isnull=True) | Q(valid_to__gte=on_date)
    )


def _covers(row: Unit, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or row.valid_to >= day)


def _known(code: str, known_on: date | None) -> Unit | None:
    rows = sorted(Unit.objects.select_related("parent").filter(code=code), key=lambda row: row.valid_from or date.min)
    if known_on is not None:
        rows = [row for row in rows if _covers(row, known_on)]
    return rows[0] if rows else None


def _walk(starts: Iterable[int], on_date: date) -> list[Successor]:
    """Follow changes from these units, a generation a statement, to the units in force on the day.

    The same unit comes once for each start that reached it.
    """
    reached: list[Successor] = []
    frontier: dict[int, list[tuple[bool, bool]]] = {pk: [(True, False)] for pk in starts}
    while frontier:
        changes = UnitChange.objects.select_related("new__parent").filter(
            old_id__in=list(frontier), effective__lte=on_date
        )
        following: dict[int, list[tuple[bool, bool]]] = {}
        for change in changes:
            for came_default, came_approximate in frontier[change.old_id]:
                default, approximate = came_default and change.is_default, came_approximate or change.approximate
                if _covers(change.new, on_date):
                    reached.append(
                        Successor(
                            _view(change.new), default, approximate, change.share, change.effective, change.resolution
                        )
                    )
                else:
                    following.setdefault(change.new_id, []).append((default, approximate))
        frontier = following
    return reached


def _of_children(district: Unit, on_date: date) -> list[Successor]:
    """Successors of an abolished district: those of its communes; the default took in the most of them."""
    reached = _walk(district.children.values_list("pk", flat=True), on_date)
    if not reached:
        return []
    found = {item.unit.id: item for item in reached}
    counts = Counter(item.unit.id for item in reached if item.is_default)
    most = min(found, key=lambda key: (-counts[key], found[key].unit.code))
    several = len(found) > 1
    return [
        Successor(item.unit, key == most, several, None, item.effective, item.resolution) for key, item in found.items()
    ]


def _views(rows: Iterable[Unit], on_date: date) -> tuple[UnitView, ...]:
    """Rows as views; a parent that was renamed since is shown under the name that it bore on the day."""
    found = list(rows)
    outdated = {row.parent.code for row in found if row.parent is not None and not _covers(row.parent, on_date)}
    names: dict[str, str] = {}
    if outdated:
        names = dict(_in_force(on_date).filter(code__in=outdated).values_list("code", "name"))
    views = [_view(row) for row in found]
    return tuple(replace(view, parent_name=names.get(view.parent_code or "", view.parent_name)) for view in views)


def _view(row: Unit) -> UnitView:
    return UnitView(
        id=row.pk,
        code=row.code,
        level=row.level,
        kind=row.kind,
        name=row.name,
        short_name=row.short_name,
        parent_id=row.parent_id,
        parent_code=row.parent.code if row.parent else None,
        parent_name=row.parent.name if row.parent else "",
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        resolution=row.resolution,
    )
