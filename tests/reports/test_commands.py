"""The reports on the command line, and held against a real log with known figures."""

import json
import os
import subprocess
import sys
from datetime import date, datetime

import pytest
from python_calamine import CalamineWorkbook

from motcua.agencies.access import for_system
from motcua.agencies.queries import agencies_for
from motcua.dossiers.models import Event
from motcua.dossiers.worker import catch_up
from motcua.law.dossier import read
from motcua.law.dossier.reckoning import VIETNAM
from motcua.law.reporting import Column, Period
from motcua.reports import queries
from motcua.reports.queries import Asked
from reports.lives import Written, expected
from support.world import CERTIFY

_THIS = datetime.now(VIETNAM).year
YEAR = ("--from", f"{_THIS}-01-01", "--to", f"{_THIS}-12-31")


@pytest.fixture
def living_world(fresh_database):
    """The small province in a database of its own, where commits are real."""
    from support.world import make_world

    return make_world()


@pytest.fixture
def motcua(living_world, fresh_database):
    """The command line on that database, after two dossiers of one ward."""
    living_world.finish(living_world.receive().dossier_id)
    living_world.receive(CERTIFY)
    catch_up()

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"DATABASE_URL": fresh_database.url, "LANG": "vi_VN.UTF-8"}
        command = [sys.executable, "-m", "motcua", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


def test_the_report_is_printed_written_and_given_to_programs_alike(motcua, tmp_path):
    printed = motcua("report", "ii06a", "--agency", "W1", *YEAR)
    assert printed.returncode == 0, printed.stderr
    assert "Biểu số II.06a/VPCP/KSTT · Ủy ban nhân dân phường Tân An" in printed.stdout
    told = json.loads(motcua("report", "ii06a", "--agency", "W1", *YEAR, "--json").stdout)
    assert [(row["field"], row["received"], row["settled"]) for row in told["rows"]] == [
        ("Chứng thực", 1, 0), ("Hộ tịch", 1, 1),
    ]  # fmt: skip
    assert told["total"]["received"] == told["total"]["settled"] + told["total"]["open"] == 2
    file = tmp_path / "a.xlsx"
    assert motcua("report", "ii06a", "--agency", "W1", *YEAR, "--xlsx", str(file)).returncode == 0
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows if row[1] in ("Chứng thực", "Hộ tịch", "Tổng cộng")] == [1, 1, 2]
    below = json.loads(motcua("report", "ii06a", "--agency", "P", "--below", *YEAR, "--json").stdout)
    assert below["total"] == told["total"]


def test_the_indicators_say_null_where_there_is_no_data(motcua):
    told = json.loads(motcua("indicators", "--agency", "W1", *YEAR, "--officers", "--json").stdout)
    assert told["dossiers"] == 1
    assert [number for number, found in told["indicators"].items() if found is None] == ["5", "6", "7", "8"]
    assert (told["complete"], told["most"]) == (False, 10)
    assert {each["name"] for each in told["officers"]} == {"Lê Văn Thụ Thử", "Phạm Lãnh Thử", "Trần Thị Tiếp Thử"}
    printed = motcua("indicators", "--agency", "W1", *YEAR).stdout
    assert "5     –" in printed
    assert "Thụ Thử" not in printed


@pytest.mark.parametrize("verb", [("report", "ii06a"), ("indicators",)])
def test_what_cannot_be_asked_is_said_in_one_line(motcua, verb):
    unknown = motcua(*verb, "--agency", "NO", *YEAR)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "NO" in unknown.stderr.splitlines()[-1] and "Traceback" not in unknown.stderr
    backwards = motcua(*verb, "--agency", "W1", "--from", "2026-02-01", "--to", "2026-01-01")
    assert backwards.returncode == 2
    assert "--to" in backwards.stderr


def test_a_real_log_comes_to_its_known_figures_and_to_the_oracles(living_world, fresh_database, shared):
    environment = os.environ | {"DATABASE_URL": fresh_database.url}
    file = shared / "data" / "event-logs" / "receipt.csv.gz"
    run = [sys.executable, "-m", "motcua", "replay", str(file), "--json"]
    known = json.loads(subprocess.run(run, env=environment, capture_output=True, text=True, check=True).stdout)
    catch_up()
    reader, as_of = for_system("test"), datetime.fromisoformat(known["as_of"])
    (agency,) = {each.id for each in agencies_for(reader)} - set(living_world.agencies.values())
    whole = Asked(frozenset({agency}), Period(date(2000, 1, 1), as_of.date()), as_of)
    total = queries.report(reader, whole).total
    assert [total[column] for column in (Column.RECEIVED, Column.SETTLED, Column.OPEN)] == [1434, 1329, 105]
    assert total[Column.OVERDUE] == known["overdue_by_the_minute"]
    assert total[Column.OPEN_OVERDUE] == known["overdue"]
    written = _told()
    for month in (date(2010, 10, 1), date(2011, 3, 1), date(2011, 9, 1)):
        period = Period(month, month.replace(day=28))
        found = queries.report(reader, Asked(frozenset({agency}), period, as_of))
        (counted,) = expected(written, agency, period, as_of).values()
        assert {str(column.value): found.total[column] for column in Column if found.total[column]} == counted


def _told() -> list[Written]:
    """Every story in the log, read event by event."""
    stories: dict = {}
    for event in Event.objects.order_by("dossier_id", "seq"):
        moment = event.happened_at or event.recorded_at
        stories.setdefault(event.dossier_id, []).append((read(event.type, event.version, event.data), moment))
    return [Written(dossier_id, story, []) for dossier_id, story in stories.items()]
