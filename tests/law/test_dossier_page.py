"""The developer's page about the dossier says what the code says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from law.dossier_page import commands_table, events_table, statuses_table
from motcua.law.bases import SupplementClock
from motcua.law.dossier import commands as c

PAGE = Path(__file__).parents[2] / "docs" / "developer" / "dossier.md"


@pytest.mark.parametrize("table", [statuses_table, commands_table, events_table])
def test_the_tables_of_the_page_are_those_of_the_code(table):
    assert table() in PAGE.read_text(encoding="utf-8"), "print them anew: python tests/law/dossier_page.py"


def test_every_reason_for_a_refusal_is_explained_on_the_page():
    sources = [path.read_text(encoding="utf-8") for path in Path(c.__file__).parent.glob("*.py")]
    codes = {code for source in sources for code in re.findall(r'RefusedError\(\s*"(\w+)"', source)}
    codes |= {"calendar_edge", "already_begun", "not_begun", "result_on_its_way", "no_result_yet"}
    explained = set(re.findall(r"^\| `(\w+)` \| [^|]+ \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert codes <= explained


def test_the_default_rules_of_the_page_are_those_of_the_code():
    text = PAGE.read_text(encoding="utf-8")
    rules = c.Rules()
    for name in c.Rules.__dataclass_fields__:
        value = getattr(rules, name)
        worded = {"cutoff": "15:00", "layers": "+".join(rules.layers), "saturday": "no", "digitise": "no"}
        shown = worded.get(name, value)
        assert f"| `{name}` | `{shown}` |" in text
    assert all(f"`{clock.value}`" in text for clock in SupplementClock)


def test_the_example_of_the_page_runs():
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    shown = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, timeout=60, check=True)
    assert shown.stdout == "PROCESSING handle 2026-11-30 17:00:00+07:00\n"
