"""The page on ASVS has every requirement of levels 1 and 2 once, and whatever it names as evidence exists."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from motcua.config.env import DECLARED

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "docs" / "developer" / "asvs.md").read_text(encoding="utf-8")
_ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| (.*) \|$", _PAGE, re.MULTILINE)
# How many requirements of levels 1 and 2 each section of version 5.0.0 has; where a number is left out it is level 3's.
_SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip
_WORDS = {"met", "operator", "in part", "not met", "n/a"}


def test_every_requirement_stands_there_once() -> None:
    numbers = [row[0] for row in _ROWS]
    assert len(numbers) == len(set(numbers)) == 253
    assert Counter(number.rpartition(".")[0] for number in numbers) == _SECTIONS
    assert Counter(row[1] for row in _ROWS) == {"1": 70, "2": 183}


def test_every_row_says_how_it_stands_and_the_head_counts_them() -> None:
    stands = Counter(row[3] for row in _ROWS)
    assert set(stands) == _WORDS
    shown = dict(re.findall(r"^\| (met|operator|in part|not met|n/a) \| [^|]+ \| (\d+) \|$", _PAGE, re.MULTILINE))
    assert {word: int(count) for word, count in shown.items()} == stands


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: row[0])
def test_what_is_met_names_what_shows_it(row) -> None:
    number, _level, _what, stands, evidence = row
    named = re.findall(r"`([^`]+)`", evidence)
    if stands in {"met", "in part"}:
        assert named or "(#" in evidence or "ruff" in evidence, number
    assert evidence.strip(), number


def _is_there(named: str) -> bool:
    path, _, test = named.partition("::")
    if named.startswith("MOTCUA_") or named == "DATABASE_URL":
        return named in DECLARED
    if re.fullmatch(r"[A-Z_]{6,}", named):
        return hasattr(settings, named)
    if test:
        text = (_ROOT / path).read_text(encoding="utf-8") if (_ROOT / path).is_file() else ""
        module = ast.parse(text)
        return test in {each.name for each in module.body if isinstance(each, ast.FunctionDef)}
    return (_ROOT / path).exists()


def test_whatever_is_named_as_evidence_exists() -> None:
    paths, names = r"(tests|src|docs|tools|bench|requirements)/\S+|[\w-]+\.(toml|json)", r"MOTCUA_\w+|[A-Z_]{6,}"
    looks = re.compile(f"{paths}|{names}")
    named = {each for each in re.findall(r"`([^`]+)`", _PAGE) if looks.fullmatch(each)}
    assert len(named) > 120
    assert sorted(each for each in named if not _is_there(each)) == []


_GONE = ["tests/no.py::test_no", "tests/conftest.py::test_no", "MOTCUA_NO", "NO_SUCH_SETTING", "src/no.py"]


@pytest.mark.parametrize("missing", _GONE)
def test_evidence_that_is_gone_would_be_found(missing) -> None:
    assert not _is_there(missing)
