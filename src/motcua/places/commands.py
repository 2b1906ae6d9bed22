"""The only writers of administrative units: facts are put in set-wise, and putting them again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from motcua.law.vietnamese import sort_key, unaccent
from motcua.places.models import LoadedFile, Unit, UnitChange

UnitKey = tuple[str, date | None]
_BATCH = 2000
_UPDATED = ("level", "kind", "name", "short_name", "parent", "valid_to", "resolution", "sort_key", "search", "former")


@dataclass(frozen=True)
class UnitRecord:
    """A unit as a file of facts states it; `key` is its code and first day, None when that day is not known."""

    code: str
    level: str
    kind: str
    name: str
    short_name: str
    parent: UnitKey | None
    valid_from: date | None
    valid_to: date | None
    resolution: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def key(self) -> UnitKey:
        return (self.code, self.valid_from)


@dataclass(frozen=True)
class ChangeRecord:
    """One old unit going into one new unit on a day."""

    old: UnitKey
    new: UnitKey
    effective: date
    is_default: bool
    approximate: bool
    resolution: str = ""
    date_assumed: bool = False


@dataclass(frozen=True)
class PutUnits:
    """How many units and changes were new, altered, or already so."""

    created: int
    updated: int
    unchanged: int
    changes: int


def put_units(units: Sequence[UnitRecord], changes: Sequence[ChangeRecord]) -> PutUnits:
    """Put units and their successions in; parents must stand before their children in `units`.

    Raises ValueError when a parent or an end of a succession is not among the units given or stored.
    """
    former = _former_names(units, changes)
    with transaction.atomic():
        stored = {(row.code, row.valid_from): row for row in Unit.objects.all()}
        created = updated = unchanged = 0
        for level in ("province", "district", "commune"):
            new: list[Unit] = []
            altered: list[Unit] = []
            for record in (r for r in units if r.level == level):
                row = stored.get(record.key)
                values = _values(record, stored, former.get(record.key, ""))
                if row is None:
                    new.append(Unit(code=record.code, valid_from=record.valid_from, **values))
                elif any(getattr(row, name) != value for name, value in values.items()):
                    for name, value in values.items():
                        setattr(row, name, value)
                    altered.append(row)
                else:
                    unchanged += 1
            # Ends of validity first: at no moment may two rows of one code be in force.
            Unit.objects.bulk_update(altered, _UPDATED, batch_size=_BATCH)
            for row in Unit.objects.bulk_create(new, batch_size=_BATCH):
                stored[(row.code, row.valid_from)] = row
            created += len(new)
            updated += len(altered)
        return PutUnits(created, updated, unchanged, _put_changes(changes, stored))


def _values(record: UnitRecord, stored: Mapping[UnitKey, Unit], former: str) -> dict[str, object]:
    if record.parent is not None and record.parent not in stored:
        raise ValueError(f"unit {record.code} names the parent {record.parent[0]}, which is not known")
    return {
        "level": record.level,
        "kind": record.kind,
        "name": record.name,
        "short_name": record.short_name,
        "parent_id": stored[record.parent].pk if record.parent is not None else None,
        "valid_to": record.valid_to,
        "resolution": record.resolution,
        "sort_key": sort_key(record.short_name),
        "search": _words((record.name, *record.aliases)),
        "former": former,
    }


def _words(names: Iterable[str]) -> str:
    """Names as one searchable text: unaccented, each word with a blank before and after it."""
    return "".join(f" {unaccent(name)} |" for name in names)


def _former_names(units: Sequence[UnitRecord], changes: Sequence[ChangeRecord]) -> dict[UnitKey, str]:
    """Searchable names of the units that went into each new unit, other than its own name."""
    by_key = {record.key: record for record in units}
    gathered: dict[UnitKey, list[str]] = {}
    for change in changes:
        old, new = by_key.get(change.old), by_key.get(change.new)
        if old is None or new is None:
            raise ValueError(f"the change {change.old[0]} → {change.new[0]} names a unit that is not among those given")
        if old.name != new.name:
            gathered.setdefault(change.new, []).append(old.name)
    return {key: _words(names) for key, names in gathered.items()}


def _put_changes(changes: Sequence[ChangeRecord], stored: Mapping[UnitKey, Unit]) -> int:
    rows = [
        UnitChange(
            old_id=stored[change.old].pk,
            new_id=stored[change.new].pk,
            effective=change.effective,
            date_assumed=change.date_assumed,
            is_default=change.is_default,
            approximate=change.approximate,
            resolution=change.resolution,
        )
        for change in changes
    ]
    UnitChange.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["old", "new"],
        update_fields=["effective", "date_assumed", "is_default", "approximate", "resolution"],
    )
    return len(rows)


def note_loaded(name: str, digest: str) -> None:
    """Remember that the file of facts `name` was loaded with this SHA-256."""
    LoadedFile.objects.update_or_create(name=name, defaults={"digest": digest})
