"""A municipal event log becomes dossiers with their own deadlines, with its dirt named, and never twice."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from motcua.dossiers.eventlog import LogUnreadable, read_log
from motcua.dossiers.importers import replay
from motcua.dossiers.models import Dossier, Event
from motcua.dossiers.verify import verify
from motcua.dossiers.worker import catch_up

LOG = (Path(__file__).parent / "data" / "small-log.csv").read_text(encoding="utf-8")
DIRT = {
    "activity_after_end": 1,
    "activity_before_start": 2,
    "case_refused_in_the_future": 1,
    "case_without_deadline": 2,
    "case_without_start": 1,
    "deadline_before_start": 0,
    "end_before_start": 1,
    "mixed_offsets": 3,
    "moment_without_offset": 1,
    "row_without_case": 1,
    "unreadable_moment": 1,
}


@pytest.fixture
def log(tmp_path) -> Path:
    file = tmp_path / "small.csv"
    file.write_text(LOG, encoding="utf-8")
    return file


def test_the_figures_are_those_of_the_log(living_world, log):
    report = replay(log)
    assert (report.cases, report.events) == (9, 10)
    assert (report.closed, report.late, report.overdue_by_the_minute) == (6, 2, 1)
    assert (report.open, report.overdue) == (3, 2)
    assert report.dirt == {name: count for name, count in DIRT.items() if count}
    catch_up()
    assert verify().sound


def test_a_log_loaded_twice_doubles_nothing(living_world, log):
    first = replay(log)
    events = Event.objects.count()
    again = replay(log)
    assert (again.loaded, again.already_there) == (0, first.loaded)
    assert (again.cases, again.closed, again.late, again.open, again.overdue) == (9, 6, 2, 3, 2)
    assert Event.objects.count() == events


def test_only_the_new_cases_of_a_longer_log_are_added(living_world, log):
    replay(log)
    with log.open("a", encoding="utf-8") as stream:
        stream.write(LOG.splitlines()[1].replace("a,Internet", "new,Internet", 1) + "\n")
    again = replay(log)
    assert (again.loaded, again.cases) == (1, 10)


def test_two_logs_stand_apart(living_world, log):
    replay(log)
    other = replay(log, name="other")
    assert (other.loaded, other.cases) == (9, 9)
    assert Dossier.objects.count() == 18


def test_every_moment_is_a_claim_with_its_ground(living_world, log):
    replay(log)
    assert set(Event.objects.values_list("ground", flat=True)) == {"imported_log"}
    assert not Event.objects.filter(happened_at__isnull=True).exists()


def test_a_packed_log_is_read_the_same(log, tmp_path):
    packed = tmp_path / "small.csv.gz"
    packed.write_bytes(gzip.compress(log.read_bytes()))
    assert read_log(packed).cases == read_log(log).cases


def test_a_cut_packed_file_and_a_foreign_file_are_named(log, tmp_path):
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(log.read_bytes())[:200])
    with pytest.raises(LogUnreadable):
        read_log(cut)
    foreign = tmp_path / "foreign.csv"
    foreign.write_text("a,b\n1,2\n")
    with pytest.raises(LogUnreadable, match="case:concept:name"):
        read_log(foreign)


def test_the_real_log_has_its_known_figures(living_world, fresh_database, shared):
    file = shared / "data" / "event-logs" / "receipt.csv.gz"
    environment = os.environ | {"DATABASE_URL": fresh_database.url}
    run = [sys.executable, "-m", "motcua", "replay", str(file), "--json"]
    for loaded in (1434, 0):
        done = subprocess.run(run, env=environment, capture_output=True, text=True, check=True)
        report = json.loads(done.stdout)
        assert {key: report[key] for key in ("cases", "events", "closed", "late", "open", "overdue", "loaded")} == {
            "cases": 1434, "events": 8577, "closed": 1329, "late": 377, "open": 105, "overdue": 39, "loaded": loaded,
        }  # fmt: skip
        assert report["dirt"]["end_before_start"] == 2
    assert verify().sound


def test_cases_that_differ_only_in_capitals_or_at_their_end_stay_apart(living_world, tmp_path):
    head, row = LOG.splitlines()[:2]
    names = ("Case", "CASE", "case", "long" * 20 + "1", "long" * 20 + "2")
    file = tmp_path / "names.csv"
    file.write_text("\n".join([head, *(row.replace("a,", f"{name},", 1) for name in names)]) + "\n", encoding="utf-8")
    assert replay(file).loaded == len(names)
    codes = list(Dossier.objects.values_list("code", flat=True))
    assert len(set(codes)) == len(names)
    assert all(code == code.upper() and len(code) <= 60 for code in codes)


def test_a_case_without_any_readable_moment_is_counted(tmp_path):
    head, row = LOG.splitlines()[:2]
    file = tmp_path / "unreadable.csv"
    file.write_text(head + "\n" + row.replace("2011-10-12 08:00:00+02:00", "once") + "\n", encoding="utf-8")
    log = read_log(file)
    assert log.cases == []
    assert log.dirt["case_without_readable_activity"] == 1
