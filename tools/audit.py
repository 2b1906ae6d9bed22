"""Asks the advisories about every locked package, as far as they can be reached.

python tools/audit.py

Ends with status 1 when a locked package has a known weakness that `requirements/advisories.toml` does not except, or
an exception there has run out. Without a network, or where the registry does not pass advisories on, it says so and
ends with 0: not having asked is no finding.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
EXCEPTIONS = PROJECT / "requirements" / "advisories.toml"
LOCKS = ("run.lock", "dev.lock", "build.lock")
_SECONDS = 120


@dataclass(frozen=True)
class Outcome:
    """What came of asking: lines to print, and whether something must be done."""

    lines: tuple[str, ...]
    failed: bool


def asked(lock: str) -> dict[str, Any] | None:
    """The advisories' answer about a lock as pip-audit gives it; None when nobody could be asked."""
    command = [
        sys.executable, "-m", "pip_audit", "--requirement", str(PROJECT / "requirements" / lock),
        "--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None
    return answer


def judged(answers: Mapping[str, dict[str, Any] | None], exceptions: Mapping[str, Any], today: date) -> Outcome:
    """What the answers about the locks mean, with exceptions by the advisory's id, each with its day and reason."""
    lines, failed, used = [], False, set()
    for lock, answer in answers.items():
        packages = answer["dependencies"] if answer else []
        unknown = [each for each in packages if "skip_reason" in each]
        if not packages or len(unknown) == len(packages):
            lines.append(f"{lock}: NOT ASKED, no advisories can be reached from here")
            continue
        for each in packages:
            for found in each.get("vulns", []):
                reason = _excepted({found["id"], *found.get("aliases", [])}, exceptions, today)
                used |= {found["id"], *found.get("aliases", [])}
                failed |= reason is None
                lines.append(f"{lock}: {each['name']} {each['version']} {found['id']}: {reason or 'KNOWN WEAKNESS'}")
        missing = f", {len(unknown)} unknown to the advisories" if unknown else ""
        lines.append(f"{lock}: {len(packages) - len(unknown)} packages asked about{missing}")
    late = [name for name, each in exceptions.items() if each["until"] < today]
    lines += [f"advisories.toml: {name} ran out on {exceptions[name]['until']}" for name in late]
    return Outcome(tuple(lines), failed or bool(late))


def _excepted(names: set[str], exceptions: Mapping[str, Any], today: date) -> str | None:
    for name in names & set(exceptions):
        if exceptions[name]["until"] >= today:
            return f"excepted until {exceptions[name]['until']}: {exceptions[name]['reason']}"
    return None


def main() -> int:
    """Prints what was found; the exit code."""
    exceptions = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))
    with ThreadPoolExecutor() as pool:
        answers = dict(zip(LOCKS, pool.map(asked, LOCKS), strict=True))
    outcome = judged(answers, exceptions, date.today())  # noqa: DTZ011
    sys.stdout.write("".join(f"{line}\n" for line in outcome.lines))
    return int(outcome.failed)


if __name__ == "__main__":
    sys.exit(main())
