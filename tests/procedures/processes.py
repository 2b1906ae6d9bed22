"""Processes for tests: the starter's, and random ones in which every step is reached and reaches an end."""

import json
from pathlib import Path

from hypothesis import strategies as st

import motcua.starter
from motcua.law.process import End, Function, Outcome, Place, Process, Step

_FACTS = Path(motcua.starter.__file__).parent / "data" / "procedures.json"
STARTER = [item["definition"] for item in json.loads(_FACTS.read_text(encoding="utf-8"))["processes"]]
LONG = (
    "Thẩm định hồ sơ đăng ký đất đai, tài sản gắn liền với đất, xác nhận hiện trạng, nguồn gốc và sự phù hợp quy hoạch"
)

# Everything that XML can hold; a process knows no other bounds. Line ends and blanks are the ones that get lost.
_legal = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
texts = st.text(_legal | st.sampled_from("\n\t\r &<>\"'"), max_size=20)
codes = texts.filter(lambda code: code and not code.startswith("@"))


@st.composite
def processes(draw: st.DrawFn) -> Process:
    """A process without defects: each step leads to the next or an end, and anywhere besides."""
    names = draw(st.lists(codes, min_size=1, max_size=6, unique=True))
    anywhere = st.sampled_from([*names, *(end.value for end in End)])
    steps = []
    for index, code in enumerate(names):
        onward = names[index + 1] if index + 1 < len(names) else draw(st.sampled_from([end.value for end in End]))
        targets = draw(st.permutations([onward, *draw(st.lists(anywhere, max_size=3))]))
        given = draw(st.lists(texts, min_size=len(targets), max_size=len(targets), unique=True))
        outcomes = tuple(Outcome(own, draw(texts), to) for own, to in zip(given, targets, strict=True))
        function, place = draw(st.sampled_from(Function)), draw(st.sampled_from(Place))
        steps.append(Step(code, draw(texts), function, place, draw(st.integers(0, 10**6)), outcomes))
    order = draw(st.permutations(steps))
    return Process(draw(texts), draw(texts), names[0], tuple(order)).checked()
