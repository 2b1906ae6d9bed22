"""What the documents ask their readers to type: the lines of `sh` blocks, and the commands named anywhere else."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
PROGRAMS = ("motcua", ".venv/bin/motcua")
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([\w.-]+)`:\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"``?([^`\n]+)``?")


def name(page: Path) -> str:
    """A page as it is called from the top of the repository."""
    return str(page.relative_to(ROOT))


def blocks(page: Path, kind: str) -> list[str]:
    """The fenced blocks of one language."""
    return [text for _, found, text in _FENCE.findall(page.read_text(encoding="utf-8")) if found == kind]


def commands(page: Path) -> list[str]:
    """The command lines of a page's `sh` blocks, continued lines joined, comments dropped."""
    text = "".join(blocks(page, "sh")).replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def files(page: Path) -> dict[str, str]:
    """The files that a page shows whole: a block after a sentence that ends with the file's name and a colon."""
    return dict(_FILE.findall(page.read_text(encoding="utf-8")))


def mentions(page: Path) -> list[str]:
    """Commands of Motcua and of make that stand outside `sh` blocks: in a sentence, a table, an indented line."""
    text = page.read_text(encoding="utf-8")
    rest = _FENCE.sub(lambda found: "" if found[2] == "sh" else found[3], text)
    lines = [line.strip() for line in rest.splitlines() if line.startswith("    ")]
    return [
        said for said in [*lines, *_INLINE.findall(rest)] if said.startswith((*(f"{p} " for p in PROGRAMS), "make "))
    ]
