"""The page on watching says what the code does."""

import re
from pathlib import Path

from motcua.agencies.limits import RATES

_PAGE = (Path(__file__).parents[2] / "docs" / "operator" / "watch.md").read_text(encoding="utf-8")


def test_the_allowances_on_the_page_are_those_of_the_code() -> None:
    shown = re.findall(r"^\| [^|]+ \| (\d+) in (\d+) s \| (?:address|member of staff) \|$", _PAGE, re.MULTILINE)
    assert [(int(limit), int(per)) for limit, per in shown] == [
        (rate.limit, rate.per_seconds) for rate in RATES.values()
    ]
