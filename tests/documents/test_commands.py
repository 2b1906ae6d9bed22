"""Every command in the documents runs: those of Motcua for real, in order; those of make as make understands them."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from documents.pages import PAGES, PROGRAMS, ROOT, commands, files, mentions, name
from motcua.cli import main
from motcua.config.embedded import Embedded

_PYTHON = ".venv/bin/python"
_PYTEST = ".venv/bin/pytest"
_STARTER = "from motcua.cli.django import setup; setup(); from motcua import starter; starter.load(demo=True)"
# What cannot be run here, with the reason.
_ELSEWHERE = {
    "git": "fetches the sources from where they are published",
    "cd": "walks into a checkout that the tests already stand in",
}
# What starts a desk that stays, or what the whole suite is: covered by tests of its own.
_TARGETS = re.compile(r"^\.PHONY: (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[Path]:
    """The data folder of an installation with the demo province, as `make run` makes it; its database runs."""
    home = tmp_path_factory.mktemp("documents") / "var"
    with Embedded(home):
        _motcua(["migrate"], home.parent, {"MOTCUA_HOME": str(home)})
        _run_python(["-c", _STARTER], home.parent, {"MOTCUA_HOME": str(home)})
        yield home


def _run_python(arguments: list[str], folder: Path, environment: dict[str, str]) -> None:
    """This Python as a person calls it: without what the suite set in the environment."""
    dropped = {"DATABASE_URL", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST"}
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, env=kept | environment, check=False, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, f"{shlex.join(arguments)}\n{done.stdout}{done.stderr}"


def _motcua(arguments: list[str], folder: Path, environment: dict[str, str]) -> None:
    _run_python(["-m", "motcua", *arguments], folder, environment)


def _make(arguments: list[str]) -> None:
    """As make itself reads the line, without doing it; options for `motcua run` and for pytest as those read them.

    The other targets have been carried out where this runs; `motcua run` is started in tests/config/test_run.py.
    """
    done = subprocess.run(["make", "-n", *arguments], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    given = next((shlex.split(part.removeprefix("ARGS=")) for part in arguments if part.startswith("ARGS=")), [])
    if arguments[0] == "run":
        _motcua(["run", *given, "--help"], ROOT, {})
    if arguments[0] == "test" and given:
        _pytest(given)


def _pytest(arguments: list[str]) -> None:
    """What the line names is there; it runs anyway, being part of the suite."""
    named = [word for word in arguments if "/" in word]
    assert [word for word in named if not (ROOT / word).exists()] == []


def _python(arguments: list[str]) -> None:
    """A module with its `-m` runs; a benchmark is read only, because it measures minutes long."""
    if arguments[0].startswith("bench/"):
        compile((ROOT / arguments[0]).read_text(encoding="utf-8"), arguments[0], "exec")
    else:
        _run_python(arguments, ROOT, {})


def _run(line: str, folder: Path, desk: Path) -> None:
    words = shlex.split(line)
    environment = {"MOTCUA_HOME": str(desk)}
    while "=" in words[0]:
        key, _, value = words.pop(0).partition("=")
        environment[key] = value
    chosen = folder / environment["MOTCUA_HOME"]
    if not chosen.exists():
        shutil.copytree(desk / "keys", chosen / "keys")  # "a new folder with the old keys"
    if words[0] == "make":
        _make(words[1:])
    elif words[0] == _PYTHON:
        _python(words[1:])
    elif words[0] == _PYTEST:
        _pytest(words[1:])
    elif words[0] in PROGRAMS and words[1] == "run":
        _motcua([*words[1:], "--help"], folder, environment)  # for real in tests/config/test_run.py
    elif words[0] in PROGRAMS:
        _motcua(words[1:], folder, environment)
    else:
        assert words[0] in _ELSEWHERE, f"no test runs this command: {line}"


# Pages of one text in two languages give the same commands: these run once.
_WITH_COMMANDS = list({tuple(commands(page)): page for page in reversed(PAGES) if commands(page)}.values())
_MENTIONS = sorted({(name(page), said) for page in PAGES for said in mentions(page)})


@pytest.mark.parametrize("page", _WITH_COMMANDS, ids=name)
def test_the_commands_of_a_page_run_in_its_order(page, tmp_path, desk) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")  # the reader stands in a checkout
    for file, text in files(page).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    for line in commands(page):
        _run(line, tmp_path, desk)


def test_pages_with_commands_are_found() -> None:
    assert {"README.md", "docs/operator/install.md"} <= {name(page) for page in _WITH_COMMANDS}


@pytest.mark.parametrize(("page", "said"), _MENTIONS, ids=lambda value: value)
def test_a_command_named_in_a_sentence_exists_with_its_options(page, said) -> None:
    program, verb, *rest = said.replace("[", " ").replace("]", " ").split()
    if program == "make":
        (targets,) = _TARGETS.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
        assert verb in targets.split()
        return
    context = click.Context(main)
    command = main.get_command(context, verb)
    assert command is not None, f"{page}: there is no `motcua {verb}`"
    if isinstance(command, click.Group) and rest:
        command = command.commands[rest[0]]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert verb == "manage" or {word for word in rest if word.startswith("--")} <= known | {"--help"}


def test_the_commands_named_in_sentences_are_found() -> None:
    assert ("docs/operator/procedures.md", "motcua import-procedures FILE… [--json]") in _MENTIONS
