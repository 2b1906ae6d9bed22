"""The audit of the locked packages fails on what is known, never on what could not be asked."""

import importlib.util
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_SPEC = importlib.util.spec_from_file_location("audit", _ROOT / "tools" / "audit.py")
assert _SPEC is not None and _SPEC.loader is not None
audit = importlib.util.module_from_spec(_SPEC)
sys.modules["audit"] = audit
_SPEC.loader.exec_module(audit)

TODAY = date(2026, 11, 22)
WEAK = {"name": "pillow", "version": "1.0", "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-2026-1"]}]}
SOUND = {"name": "django", "version": "5.2", "vulns": []}
UNKNOWN = {"name": "typst", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def _exception(until: date) -> dict[str, object]:
    return {"CVE-2026-1": {"until": until, "reason": "not reached"}}


@pytest.mark.parametrize(
    ("answer", "exceptions", "failed", "said"),
    [
        ({"dependencies": [SOUND]}, {}, False, "1 packages asked about"),
        ({"dependencies": [SOUND, UNKNOWN]}, {}, False, "1 unknown to the advisories"),
        ({"dependencies": [SOUND, WEAK]}, {}, True, "pillow 1.0 PYSEC-1: KNOWN WEAKNESS"),
        ({"dependencies": [WEAK]}, _exception(TODAY), False, "excepted until 2026-11-22: not reached"),
        ({"dependencies": [WEAK]}, _exception(date(2026, 11, 21)), True, "KNOWN WEAKNESS"),
        ({"dependencies": [SOUND]}, _exception(date(2026, 11, 21)), True, "ran out on 2026-11-21"),
        ({"dependencies": [UNKNOWN]}, {}, False, "NOT ASKED"),
        ({"dependencies": []}, {}, False, "NOT ASKED"),
        (None, {}, False, "NOT ASKED"),
    ],
)
def test_what_is_known_fails_and_what_could_not_be_asked_is_said(answer, exceptions, failed, said) -> None:
    outcome = audit.judged({"run.lock": answer}, exceptions, TODAY)
    assert outcome.failed is failed
    assert said in "\n".join(outcome.lines)


def test_without_a_network_it_says_that_nobody_was_asked() -> None:
    """The real pip-audit, with a proxy that nobody answers."""
    code = f"import sys; sys.path.insert(0, {str(_ROOT / 'tools')!r}); import audit; print(audit.asked('build.lock'))"
    nowhere = "http://127.0.0.1:9"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "HTTPS_PROXY": nowhere, "HTTP_PROXY": nowhere},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.strip() == "None", done.stderr


def test_the_exceptions_can_be_read_and_none_is_without_a_reason() -> None:
    import tomllib

    for name, each in tomllib.loads(audit.EXCEPTIONS.read_text(encoding="utf-8")).items():
        assert isinstance(each["until"], date), name
        assert each["reason"].strip(), name
