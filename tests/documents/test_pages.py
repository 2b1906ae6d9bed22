"""The documents hold together: links lead somewhere, each page is in the index, tables say what the code says."""

import re
from pathlib import Path

import pytest

from documents.pages import PAGES, ROOT, blocks, name
from motcua.cli import replay
from motcua.dossiers import record_check, shares, verify
from motcua.law.dossier.vocabulary import Ground
from motcua.proofs import verify as tree

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_DOCS = ROOT / "docs"
_INDEX = _DOCS / "README.md"
# The pictures are made from the running system and laid there last.
_IMAGES = _DOCS / "images"


def _anchor(heading: str) -> str:
    """The anchor that the usual hosts give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def _links(page: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [target for target in _LINK.findall(text) if not target.startswith(("http://", "https://", "mailto:"))]


def _rows(page: str, *, after: str) -> list[str]:
    """The names in the first column of the table that follows a heading."""
    text = (_DOCS / page).read_text(encoding="utf-8").split(f"## {after}\n", 1)[1].split("\n## ", 1)[0]
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return [found for cell in cells for found in re.findall(r"`(\w+)`", cell)]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page) -> None:
    for link in _links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link}: no such file"
        if anchor and target.suffix == ".md":
            headings = {_anchor(heading) for heading in _HEADING.findall(target.read_text(encoding="utf-8"))}
            assert anchor in headings, f"{link}: no such heading"


def test_every_page_is_in_the_index() -> None:
    linked = {(_INDEX.parent / link.partition("#")[0]).resolve() for link in _links(_INDEX)}
    assert {page for page in PAGES if page.is_relative_to(_DOCS) and page != _INDEX} - linked == set()


def test_every_picture_is_shown_somewhere() -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in _links(page)}
    assert set(_IMAGES.glob("*")) - shown == set()


def test_both_readmes_show_the_same_pictures_and_commands() -> None:
    english, vietnamese = ROOT / "README.md", ROOT / "README.vi.md"

    def pictures(page: Path) -> list[str]:
        return [link for link in _links(page) if link.startswith("docs/images/")]

    def lines(page: Path) -> list[str]:
        return [line.split("#")[0].strip() for block in blocks(page, "sh") for line in block.splitlines()]

    assert pictures(english) == pictures(vietnamese) != []
    assert lines(english) == lines(vietnamese) != []


def test_both_readmes_give_the_same_figures() -> None:
    """Vietnamese writes 1.434 and 17,2 for 1,434 and 17.2."""

    def figures(page: str, swap: dict[int, str]) -> list[str]:
        text = (ROOT / page).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if line.startswith("| ") and re.search(r"\d", line)]
        return [figure for line in lines for figure in re.findall(r"\d[\d.,]*\d|\d", line.translate(swap))]

    assert figures("README.md", {}) == figures("README.vi.md", str.maketrans(".,", ",."))


_CHECKS = (verify, shares, record_check, tree)


def test_the_operators_page_explains_every_kind_of_fault() -> None:
    source = "".join(Path(module.__file__).read_text(encoding="utf-8") for module in _CHECKS)
    kinds = set(re.findall(r'Fault\(\s*"(\w+)"', source))
    assert len(kinds) > 20
    assert set(_rows("operator/log.md", after="What verify can find")) == kinds


def test_the_operators_page_explains_every_kind_of_dirt() -> None:
    assert set(_rows("operator/demo-and-replay.md", after="Dirt")) == set(replay._DIRT)


@pytest.mark.parametrize("page", ["operator/log.md", "developer/log.md"])
def test_the_pages_on_the_log_name_every_ground_of_a_claim(page) -> None:
    text = (_DOCS / page).read_text(encoding="utf-8")
    assert [ground for ground in Ground if f"`{ground.value}`" not in text] == []


def test_every_decision_says_what_was_decided_and_what_instead() -> None:
    for page in (_DOCS / "decisions").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert re.search(r"\*\*Deci(ded|sion)[:.]?\*\*", text), name(page)
        assert re.search(r"\*\*(Instead of|Why\.|What we give up)", text), name(page)
