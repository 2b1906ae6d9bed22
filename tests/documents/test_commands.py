"""Every command in the documents runs: those of Motcua for real, in order; those of make as make understands them."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from motcua.config.embedded import Embedded

_ROOT = Path(__file__).parents[2]
_PAGES = [*sorted(_ROOT.glob("*.md")), *sorted((_ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_MOTCUA = {"motcua", ".venv/bin/motcua"}
# What cannot be run here, with the reason.
_ELSEWHERE = {
    "git": "fetches the sources from where they are published",
    "cd": "walks into a checkout that the tests already stand in",
}


def _commands(page: Path) -> list[str]:
    """The command lines of a page's `sh` blocks, continued lines joined, comments dropped."""
    text = "".join(_BLOCK.findall(page.read_text(encoding="utf-8"))).replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


_WITH_COMMANDS = [page for page in _PAGES if _commands(page)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[Path]:
    """The data folder of an installation with its tables, whose database runs meanwhile."""
    home = tmp_path_factory.mktemp("documents") / "var"
    with Embedded(home):
        _motcua(["migrate"], home.parent, {"MOTCUA_HOME": str(home)})
        yield home


@pytest.fixture
def place(desk, tmp_path) -> Iterator[Path]:
    """A folder to run a page's commands in, with the example files that pages name."""
    for example in (Path(__file__).parent / "examples").glob("*"):
        shutil.copy(example, tmp_path)
    yield tmp_path


def _motcua(arguments: list[str], folder: Path, environment: dict[str, str]) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "motcua", *arguments],
        cwd=folder, env=kept | environment, check=False, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, f"motcua {shlex.join(arguments)}\n{done.stdout}{done.stderr}"


def _make(arguments: list[str]) -> None:
    """As make itself reads the line, without doing it; options for `motcua run` as that reads them."""
    done = subprocess.run(["make", "-n", *arguments], cwd=_ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    given = next((shlex.split(part.removeprefix("ARGS=")) for part in arguments if part.startswith("ARGS=")), [])
    if arguments[0] == "run":
        _motcua(["run", *given, "--help"], _ROOT, {})


def _run(line: str, folder: Path, desk: Path) -> None:
    words = shlex.split(line)
    environment = {"MOTCUA_HOME": str(desk)}
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        environment[name] = value
    chosen = folder / environment["MOTCUA_HOME"]
    if not chosen.exists():
        shutil.copytree(desk / "keys", chosen / "keys")  # "a new folder with the old keys"
    if words[0] == "make":
        _make(words[1:])
    elif words[0] in _MOTCUA and words[1] == "run":
        _motcua([*words[1:], "--help"], folder, environment)  # for real in tests/config/test_run.py
    elif words[0] in _MOTCUA:
        _motcua(words[1:], folder, environment)
    else:
        assert words[0] in _ELSEWHERE, f"no test runs this command: {line}"


@pytest.mark.parametrize("page", _WITH_COMMANDS, ids=lambda page: str(page.relative_to(_ROOT)))
def test_the_commands_of_a_page_run_in_its_order(page, place, desk) -> None:
    for line in _commands(page):
        _run(line, place, desk)


def test_pages_with_commands_are_found() -> None:
    assert _ROOT / "docs" / "operator" / "install.md" in _WITH_COMMANDS
