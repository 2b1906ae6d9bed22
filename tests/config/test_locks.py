"""The locked packages: hashed, without any registry's address, of licences that fit, and few."""

import re
from importlib.metadata import metadata
from pathlib import Path

import pytest

_REQUIREMENTS = Path(__file__).parents[2] / "requirements"
_LOCKS = ("build.lock", "run.lock", "dev.lock")
_PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE | re.IGNORECASE)


def _pins(lock: str) -> dict[str, str]:
    return {name.lower(): version for name, version in _PIN.findall((_REQUIREMENTS / lock).read_text())}


def _direct(file: str) -> list[str]:
    lines = (_REQUIREMENTS / file).read_text().splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r"))]


@pytest.mark.parametrize("lock", _LOCKS)
def test_a_lock_names_no_registry(lock) -> None:
    text = (_REQUIREMENTS / lock).read_text()
    assert "://" not in text
    assert "index-url" not in text.replace("--no-emit-index-url", "")


@pytest.mark.parametrize("lock", _LOCKS)
def test_every_locked_package_has_its_hashes(lock) -> None:
    text = (_REQUIREMENTS / lock).read_text()
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE | re.IGNORECASE)[1:]
    assert len(blocks) == len(_PIN.findall(text)) > 0
    assert all("--hash=sha256:" in block for block in blocks)


def test_tests_run_on_the_versions_that_people_run() -> None:
    run, dev = _pins("run.lock"), _pins("dev.lock")
    assert {name: dev.get(name) for name in run} == run


def test_every_wish_is_locked() -> None:
    for wishes, lock in (("run.in", "run.lock"), ("dev.in", "dev.lock"), ("build.in", "build.lock")):
        for wish in _direct(wishes):
            name = re.split(r"[\[<>=]", wish)[0]
            assert name.lower() in _pins(lock), wish


def test_direct_dependencies_are_few_and_each_has_its_reason() -> None:
    lines = (_REQUIREMENTS / "run.in").read_text().splitlines()
    wishes = _direct("run.in")
    assert len(wishes) <= 35
    for wish in wishes:
        assert lines[lines.index(wish) - 1].startswith("# "), f"no reason above {wish}"


def test_no_package_binds_us_by_the_gpl() -> None:
    for name in _pins("run.lock"):
        try:
            about = metadata(name)
        except ModuleNotFoundError:
            continue  # locked for another system than this one
        said = [about.get("License-Expression") or "", *(about.get_all("Classifier") or [])]
        licences = " ".join(line for line in said if "License" in line or "::" not in line)
        assert not re.search(r"(?<!L)\b(A?GPL)|(?<!Lesser )General Public License", licences), (name, licences)
