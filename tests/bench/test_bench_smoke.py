"""Each bench over HTTP runs to its table with tiny numbers; how fast it was here is nobody's business."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture
def printed(tmp_path):
    """Runs a bench with `--quick`, its temporary files in a folder of the test; gives what it printed."""
    temporary = tmp_path / "t"
    temporary.mkdir()
    temporary.chmod(0o711)  # the server may run under another account, which passes through

    def run(name: str, *options: str) -> str:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("MOTCUA_", "DATABASE_"))}
        done = subprocess.run(
            [sys.executable, str(_BENCH / name), "--quick", *options],
            env=kept | {"TMPDIR": str(temporary), "MOTCUA_WEB_WORKERS": "1"},
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert list(temporary.iterdir()) == [], "the bench left its data folder behind"
        return done.stdout

    return run


def _figures(table: str, name: str) -> list[float]:
    """The numbers in the line of a table that begins with a name."""
    (line,) = [line for line in table.splitlines() if line.startswith(name)]
    return [float(word.replace(",", "")) for word in line[len(name) :].split()]


def test_intake_is_measured_beside_the_bare_view_and_the_log_is_sound(printed) -> None:
    table = printed("intake.py")
    for side in ("Motcua    ", "bare view "):
        figures = _figures(table, side)
        assert len(figures) == 6
        assert min(figures) > 0
    assert "0 without position, sound" in table
    assert "goal at least 40 %" in table
    assert table.startswith(f"{os.cpu_count()} CPUs")


def test_the_check_bench_finds_what_a_plain_count_finds(printed) -> None:
    table = printed("check.py")
    for line in ("late_without_apology", "motcua check", "pg_dump to nowhere"):
        assert line in table


def test_the_report_bench_counts_what_a_plain_count_counts(printed) -> None:
    table = printed("settled.py")
    for line in ("a plain count of the rows", "a province, this year", "nine indicators"):
        assert line in table


def test_verification_is_measured_beside_plain_readers_of_the_same_log(printed) -> None:
    table = printed("verify.py")
    for line in ("motcua verify", "chains alone, one core", "pg_dump to nowhere"):
        assert len(_figures(table, line)) == 3
        assert min(_figures(table, line)) > 0
    assert "1 signed heads: sound" in table
    assert "proof of a position" in table
    assert "goal 60" in table


def test_the_papers_of_a_day_are_measured_beside_the_same_ones_alone(printed) -> None:
    table = printed("bulk.py")
    for line in ("receipts, TT 01/2018", "receipts, TT 03/2025", "control slips", "apologies"):
        assert len(_figures(table, line)) == 4
        assert min(_figures(table, line)) > 0
    assert "1,000 receipts in one PDF" in table


def test_an_upgrade_is_measured_table_by_table(printed) -> None:
    table = printed("upgrade.py")
    assert "From 0.1, 500 dossiers" in table
    assert min(_figures(table, "dossiers_dossier") or [0]) >= 0
    assert "goal at most 2000 ms" in table


def test_the_inbox_is_measured_in_two_databases_which_a_named_folder_keeps(printed, tmp_path) -> None:
    tables = [printed("inbox.py", "--home", str(tmp_path / "kept")) for _ in range(2)]
    for page in ("case officer, page 1", "desk officer, to collect, page 1", "desk officer, to collect, page 12"):
        for users, budget in (("1 user", 100), ("16 users", 300)):
            figures = _figures(tables[0], f"{page}, {users} ")
            assert len(figures) == 6
            assert min(figures) > 0
            assert figures[-1] == budget
        assert len(_figures(tables[0], f"query: {page} ")) == 5
    described, again = ([line for line in table.splitlines() if "min a million" in line] for table in tables)
    assert [line.split()[0] for line in described] == ["210", "230"]
    assert described == again, "the second run made dossiers anew"


def test_the_cost_of_row_level_security_is_measured_against_the_same_pages_without_it(printed):
    table = printed("rls.py")
    for name in (
        "inbox, 1 user",
        "inbox, 16 users",
        "to collect, 1 user",
        "a dossier's page, 1 user",
        "intake, 8 clients",
    ):
        walled, *_times, bare, _p50, _p95, _cost = _figures(table, name)
        assert walled > 0
        assert bare > 0
    assert "policies on dossiers_dailytally, dossiers_defect, dossiers_dossier" in table


def test_apologies_are_drafted_rendered_and_queued(printed) -> None:
    table = printed("apologies.py")
    for part in ("drafted", "rendered", "recorded", "queued"):
        assert part in table
    assert "messages wait" in table
    assert "letters one by one" in table


def test_hand_over_is_measured_beside_intake_and_the_log_is_sound(printed) -> None:
    table = printed("handover.py")
    for side in ("intake     ", "hand-over   "):
        assert min(_figures(table, side)) > 0
    assert "sound" in table
    assert "goal at least 70 %" in table
