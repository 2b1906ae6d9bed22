"""Builds src/motcua/starter/data/units.json from public tables; a development tool, never run by the product.

    python tools/build_units.py COMMUNES_CSV_GZ VIETNAMADMINUNITS_DATA_FOLDER

The first is a table of the communes of 2026 (code, name, province_code, note with the resolution), the second the
folder `data` of the PyPI package vietnamadminunits (data under MIT; its code is not used), which knows the tree before
01/07/2025 and, for each old commune, the new commune or communes that it went into. Only facts are taken, and they are
written in our own form: codes, kinds, names, resolutions, successions. Where both tables know a fact they must agree,
or the tool stops.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sqlite3
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

OUT = Path(__file__).parents[1] / "src/motcua/starter/data/units.json"
KINDS = ("đặc khu", "thị trấn", "thị xã", "thành phố", "phường", "quận", "huyện", "tỉnh", "xã")
# Provinces that the Assembly's resolution 202/2025/QH15 left as they were.
KEPT = ("01", "04", "11", "12", "14", "20", "22", "38", "40", "42", "46")
MERGED = "202/2025/QH15"
# Changes under the same code: code, from, to, day, resolution, is the day taken from the resolution's date?
RENAMED_PROVINCES = [
    ["46", "Tỉnh Thừa Thiên Huế", "Thành phố Huế", "2025-01-01", "175/2024/QH15", False],
    ["75", "Tỉnh Đồng Nai", "Thành phố Đồng Nai", "2026-04-24", "30/2026/QH16", True],
    ["22", "Tỉnh Quảng Ninh", "Thành phố Quảng Ninh", "2026-08-24", "36/2026/QH16", True],
    ["24", "Tỉnh Bắc Ninh", "Thành phố Bắc Ninh", "2026-08-24", "39/2026/QH16", True],
]
ALIASES = {"655": ["Krông Ana"]}


def split(full: str) -> tuple[str, str]:
    """Kind and own name: 'Xã Nam Ban Lâm Hà' → ('xã', 'Nam Ban Lâm Hà')."""
    full = full.replace("’", "'").strip()
    for kind in KINDS:
        if full.lower().startswith(kind + " "):
            return kind, full[len(kind) + 1 :]
    raise SystemExit(f"no kind of unit in the name {full!r}")


def communes(path: Path) -> tuple[dict[str, list[list[str]]], dict[str, str], list[list[Any]]]:
    """Communes of 01/07/2025 by province, the resolution of each province, and the changes of kind since."""
    by_province: dict[str, list[list[str]]] = defaultdict(list)
    resolutions: dict[str, str] = {}
    renamed: list[list[Any]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found = re.search(r"Số: *(\S+?); *Ngày: *(\d\d)/(\d\d)/(\d{4})", row["note"])
            if found is None:
                raise SystemExit(f"no resolution in the note of {row['code']}")
            number, day = found[1], f"{found[4]}-{found[3]}-{found[2]}"
            kind, name = split(row["name"])
            if day > "2025-07-01":
                renamed.append([row["code"], f"Xã {name}", f"Phường {name}", day, number, True])
                kind = "xã"
            elif resolutions.setdefault(row["province_code"], number) != number:
                raise SystemExit(f"two resolutions in province {row['province_code']}")
            by_province[row["province_code"]].append([row["code"], kind, name])
    return by_province, resolutions, renamed


def former_tree(folder: Path) -> tuple[dict[str, str], list[list[str]], dict[str, tuple[str, str, str]]]:
    """Old provinces, old districts, and old communes by the key that the succession table uses."""
    base = sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True)
    provinces: dict[str, str] = {}
    districts: dict[str, list[str]] = {}
    by_key: dict[str, tuple[str, str, str]] = {}
    query = (
        "SELECT provinceCode, province, districtCode, district, wardCode, ward, provinceKey, districtKey, wardKey "
        "FROM admin_units_legacy"
    )
    for p_code, province, d_code, district, code, ward, p_key, d_key, key in base.execute(query):
        provinces[p_code] = province
        districts[d_code] = [d_code, *split(district), p_code]
        by_key[f"{p_key}_{d_key}_{key or ''}"] = (d_code, code or d_code, ward or "")
    return provinces, sorted(districts.values()), by_key


def successions(folder: Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    """For each old key the codes of its successors, default first; for each old province key its new province code."""
    base = sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True)
    new: dict[tuple[str, str], str] = {}
    province_codes: dict[str, str] = {}
    for p_key, p_code, key, code in base.execute(
        "SELECT provinceKey, provinceCode, wardKey, wardCode FROM admin_units"
    ):
        new[(p_key, key)] = code
        province_codes[p_key] = p_code
    table = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    result: dict[str, list[str]] = {}
    for province, wards in table["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, olds in wards.items():
            for old in olds:
                result[old] = [new[(province, ward)]]
    for province, olds in table["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in olds.items():
            ordered = sorted(parts, key=lambda part: not part["isDefaultNewWard"])
            result[old] = [new[(province, part["newWardKey"])] for part in ordered]
    provinces = {old: province_codes[key] for key, olds in table["DICT_PROVINCE"].items() for old in olds}
    return result, provinces


def build(csv_path: Path, folder: Path) -> dict[str, Any]:
    """All facts as one JSON value."""
    by_province, resolutions, renamed = communes(csv_path)
    old_provinces, districts, by_key = former_tree(folder)
    became, province_successor = successions(folder)
    unknown = set(became) ^ set(by_key)
    if unknown:
        raise SystemExit(f"old units without succession or the reverse: {sorted(unknown)[:5]}")
    known = {row[0] for rows in by_province.values() for row in rows}
    new_codes = {code for codes in became.values() for code in codes}
    if known != new_codes:
        raise SystemExit(f"communes known to one table only: {sorted(known ^ new_codes)[:5]}")
    keys = {key.split("_")[0]: None for key in by_key}
    province_of_district = {row[0]: row[3] for row in districts}
    new_of_old: dict[str, str] = {}
    for key, (district, _, _) in by_key.items():
        new_of_old[province_of_district[district]] = province_successor[key.split("_")[0]]
    if len(keys) != 63 or len(by_province) != 34:
        raise SystemExit("expected 63 old and 34 new provinces")
    old_communes: dict[str, list[list[Any]]] = defaultdict(list)
    islands: dict[str, list[str]] = {}
    for key, (district, code, ward) in by_key.items():
        if ward:
            old_communes[district].append([code, *split(ward), *became[key]])
        else:
            islands[district] = became[key]
    names = {code: split(name) for code, name in old_provinces.items()}
    current = {
        code: next(old for old, new in new_of_old.items() if new == code and _same(old, code, folder))
        for code in by_province
    }
    return {
        "about": "Administrative units of Viet Nam: facts; days are the first day of validity.",
        "reform": "2025-07-01",
        "provinces": [[c, *names[current[c]], "" if c in KEPT else MERGED] for c in sorted(by_province)],
        "old_provinces": [[c, *names[c], new_of_old[c]] for c in sorted(old_provinces) if c not in KEPT],
        "renamed_provinces": RENAMED_PROVINCES,
        "districts": districts,
        "aliases": ALIASES,
        "districts_without_communes": islands,
        "communes": {c: [resolutions[c], *sorted(rows)] for c, rows in sorted(by_province.items())},
        "renamed_communes": sorted(renamed),
        "old_communes": {d: sorted(rows) for d, rows in sorted(old_communes.items())},
    }


def _same(old: str, new: str, folder: Path) -> bool:
    """Does the new province bear the old one's name?"""
    base = sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True)
    a = base.execute("SELECT provinceShort FROM admin_units_legacy WHERE provinceCode = ?", (old,)).fetchone()
    b = base.execute("SELECT provinceShort FROM admin_units WHERE provinceCode = ?", (new,)).fetchone()
    return bool(a == b)


def dump(facts: dict[str, Any]) -> str:
    """JSON with one line for each short list, so that a change of one unit is a change of one line or two."""
    parts = []
    for key, value in facts.items():
        if isinstance(value, list):
            body = "[\n" + ",\n".join(_line(item) for item in value) + "\n]"
        elif isinstance(value, dict):
            body = "{\n" + ",\n".join(f"{_line(k)}:{_line(v)}" for k, v in value.items()) + "\n}"
        else:
            body = _line(value)
        parts.append(f"{_line(key)}:{body}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    OUT.write_text(dump(build(Path(sys.argv[1]), Path(sys.argv[2]))), encoding="utf-8")
