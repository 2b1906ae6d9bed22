"""Loads the starter units: the tree of 63 provinces before 01/07/2025, that of 34 after it, and what became of what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from motcua.places.commands import ChangeRecord, UnitRecord, put_units
from motcua.starter.loading import LoadResult, load_once

FILE = "units.json"
_REVISION = 1
_KINDS = ("đặc khu", "thị trấn", "thị xã", "thành phố", "phường", "quận", "huyện", "tỉnh", "xã")


def load(*, echo: Callable[[str], None] | None = None) -> LoadResult:
    """Put the starter units in; does nothing when this file is already in."""

    def work(facts: dict[str, Any]) -> Mapping[str, int]:
        if echo is not None:
            echo("units")
        units, changes = records(facts)
        put = put_units(units, changes)
        return {"units": len(units), "created": put.created, "updated": put.updated, "changes": put.changes}

    return load_once(FILE, _REVISION, work)


def records(facts: Mapping[str, Any]) -> tuple[list[UnitRecord], list[ChangeRecord]]:
    """Units, parents first, and changes as the file of facts states them."""
    tree = _Tree(date.fromisoformat(facts["reform"]), facts.get("aliases", {}))
    tree.provinces(facts)
    tree.districts(facts)
    tree.communes(facts)
    return list(tree.units.values()), tree.changes


class _Tree:
    """Both trees while they are read; units by (code, first day of validity)."""

    def __init__(self, reform: date, aliases: Mapping[str, list[str]]) -> None:
        self.reform = reform
        self.eve = reform - timedelta(days=1)
        self.aliases = aliases
        self.units: dict[tuple[str, date | None], UnitRecord] = {}
        self.changes: list[ChangeRecord] = []
        self.first_of: dict[str, date | None] = {}  # code of a new province → first day of the row its communes hang on

    def provinces(self, facts: Mapping[str, Any]) -> None:
        """Provinces of both trees, and those that changed name or kind under the same code."""
        renamed: dict[str, list[list[Any]]] = {}
        for row in facts["renamed_provinces"]:
            renamed.setdefault(row[0], []).append(row)
        for code, kind, name, merged_by in facts["provinces"]:
            start = self.reform if merged_by else None
            self.first_of[code] = start
            self._with_renames("province", code, f"{kind} {name}", None, start, merged_by, renamed.get(code, []))
        for code, kind, name, _ in facts["old_provinces"]:
            self._unit(code, "province", kind, name, None, None, self.eve, "")
        merged_by = {row[0]: row[3] for row in facts["provinces"]}
        for code, _, _, new in facts["old_provinces"]:
            self._change((code, None), (new, self.reform), self.reform, resolution=merged_by[new])

    def districts(self, facts: Mapping[str, Any]) -> None:
        """Districts, all of which end with the reform."""
        for code, kind, name, province in facts["districts"]:
            self._unit(code, "district", kind, name, self._old_province(province), None, self.eve, "")

    def communes(self, facts: Mapping[str, Any]) -> None:
        """Communes of both trees and what became of the old ones; islands that had a district and no commune too."""
        renamed: dict[str, list[list[Any]]] = {}
        for row in facts["renamed_communes"]:
            renamed.setdefault(row[0], []).append(row)
        resolution: dict[str, str] = {}
        for province, (number, *rows) in facts["communes"].items():
            parent = (province, self.first_of[province])
            for code, kind, name in rows:
                resolution[code] = number
                self._with_renames(
                    "commune", code, f"{kind} {name}", parent, self.reform, number, renamed.get(code, [])
                )
        for old_key, successors in self._old_communes(facts):
            for index, code in enumerate(successors):
                self._change(
                    old_key,
                    (code, self.reform),
                    self.reform,
                    is_default=index == 0,
                    approximate=len(successors) > 1,
                    resolution=resolution[code],
                )

    def _old_communes(self, facts: Mapping[str, Any]) -> Iterator[tuple[tuple[str, date | None], list[str]]]:
        for district, rows in facts["old_communes"].items():
            for code, kind, name, *successors in rows:
                self._unit(code, "commune", kind, name, (district, None), None, self.eve, "")
                yield (code, None), successors
        for district, successors in facts["districts_without_communes"].items():
            yield (district, None), successors

    def _old_province(self, code: str) -> tuple[str, date | None]:
        """The province row that stood on the eve of the reform."""
        keys = [key for key, unit in self.units.items() if key[0] == code and self._stood(unit)]
        if len(keys) != 1:
            raise ValueError(f"{FILE}: province {code} is not known on {self.eve}")
        return keys[0]

    def _stood(self, unit: UnitRecord) -> bool:
        begun = unit.valid_from is None or unit.valid_from <= self.eve
        return begun and (unit.valid_to is None or unit.valid_to >= self.eve)

    def _with_renames(
        self,
        level: str,
        code: str,
        full: str,
        parent: tuple[str, date | None] | None,
        start: date | None,
        resolution: str,
        renames: list[list[Any]],
    ) -> None:
        """A unit of the new tree; each rename under the same code ends one row and begins the next."""
        names = [renames[0][1] if renames else full, *(row[2] for row in renames)]
        days = [date.fromisoformat(row[3]) for row in renames]
        starts, ends = [start, *days], [*(day - timedelta(days=1) for day in days), None]
        numbers = [resolution, *(row[4] for row in renames)]
        for name, first, last, number in zip(names, starts, ends, numbers, strict=True):
            self._unit(code, level, *_split(name), parent, first, last, number)
        for index, row in enumerate(renames):
            self._change(
                (code, starts[index]), (code, days[index]), days[index], resolution=row[4], date_assumed=bool(row[5])
            )
        if level == "province" and renames and start is None and days[-1] < self.reform:
            self.first_of[code] = days[-1]

    def _unit(
        self,
        code: str,
        level: str,
        kind: str,
        name: str,
        parent: tuple[str, date | None] | None,
        first: date | None,
        last: date | None,
        resolution: str,
    ) -> None:
        full = f"{kind[0].upper()}{kind[1:]} {name}"
        aliases = tuple(self.aliases.get(code, ()))
        unit = UnitRecord(code, level, kind, full, name, parent, first, last, resolution, aliases)
        if unit.key in self.units:
            raise ValueError(f"{FILE}: unit {code} stands twice from {first}")
        self.units[unit.key] = unit

    def _change(
        self,
        old: tuple[str, date | None],
        new: tuple[str, date | None],
        effective: date,
        *,
        is_default: bool = True,
        approximate: bool = False,
        resolution: str = "",
        date_assumed: bool = False,
    ) -> None:
        self.changes.append(ChangeRecord(old, new, effective, is_default, approximate, resolution, date_assumed))


def _split(full: str) -> tuple[str, str]:
    """Kind in small letters and own name of a full name."""
    for kind in _KINDS:
        if full.lower().startswith(kind + " "):
            return kind, full[len(kind) + 1 :]
    raise ValueError(f"{FILE}: no kind of unit in the name {full!r}")
