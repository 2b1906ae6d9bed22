"""`motcua process`: out as BPMN and in again, checks and dry runs of files without a database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from motcua.agencies.access import for_system
from motcua.law.process import Process
from motcua.procedures import processes
from motcua.procedures.bpmn_reading import read
from motcua.procedures.bpmn_writing import written
from support.world import MARRIAGE, PROCESS, WARD, make_world

MOTCUA = Path(sys.executable).with_name("motcua")
NOWHERE = "postgres://nobody@127.0.0.1:1/nothing"


def run(*arguments, url=NOWHERE, code=0, locale="C"):
    env = {**os.environ, "DATABASE_URL": url, "LC_ALL": locale}
    done = subprocess.run([MOTCUA, "process", *map(str, arguments)], capture_output=True, env=env, check=False)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == code, said
    assert "Traceback" not in said
    return done.stdout


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "quy-trinh.bpmn"
    path.write_bytes(written(Process.from_data(PROCESS)))
    return path


@pytest.fixture
def broken(tmp_path):
    path = tmp_path / "hong.json"
    path.write_text(json.dumps(PROCESS | {"start": "nowhere"}), encoding="utf-8")
    return path


def test_a_process_goes_out_changes_and_comes_in_as_a_draft_and_as_a_version(fresh_database, tmp_path):
    world = make_world()
    out = tmp_path / "out.bpmn"
    run("export", "--output", out, url=fresh_database.url)
    assert run("export", url=fresh_database.url) == out.read_bytes()
    out.write_bytes(out.read_bytes().replace(b"480", b"60"))
    changed = read(out.read_bytes()).definition
    done = json.loads(run("import", out, "--agency", WARD, "--procedure", MARRIAGE, "--json", url=fresh_database.url))
    reader = for_system("test")
    assert processes.draft(reader, done["draft"]).definition == changed
    published = run(
        "import", out, "--agency", WARD, "--procedure", MARRIAGE, "--publish", "--json", url=fresh_database.url
    )
    assert json.loads(published)["outcome"] == "created"
    again = run("import", out, "--agency", WARD, "--procedure", MARRIAGE, "--publish", "--json", url=fresh_database.url)
    assert json.loads(again)["outcome"] == "unchanged"
    asked = ("export", "--agency", WARD, "--procedure", MARRIAGE, "--output", tmp_path / "back.json")
    run(*asked, url=fresh_database.url)
    assert json.loads((tmp_path / "back.json").read_text(encoding="utf-8")) == changed
    run(*asked, "--version", 9, url=fresh_database.url, code=2)
    assert world.agencies[WARD] in {row.agency_id for row in processes.listed(reader)}


def test_a_draft_that_is_there_is_not_written_over(fresh_database, file, tmp_path):
    make_world()
    run("import", file, url=fresh_database.url)
    other = tmp_path / "other.json"
    other.write_text(json.dumps(PROCESS | {"name": "Khác"}), encoding="utf-8")
    run("import", other, url=fresh_database.url, code=1)
    run("import", other, "--procedure", "9.999999", url=fresh_database.url, code=2)
    run("import", other, "--agency", "NOBODY", url=fresh_database.url, code=2)


def test_what_has_a_defect_is_not_published(fresh_database, broken):
    make_world()
    run("import", broken, "--publish", url=fresh_database.url, code=1)
    assert [row.draft_id for row in processes.listed(for_system("test"))] == [None]


@pytest.mark.parametrize(("locale", "words"), [("C", "không có lỗi"), ("en_US.UTF-8", "no defects")])
def test_a_file_is_checked_without_a_database(file, locale, words):
    assert words in run("check", file, locale=locale).decode()
    assert json.loads(run("check", file, "--json")) == {"notes": [], "problems": []}


@pytest.mark.parametrize(("locale", "words"), [("C", "Chưa chọn bước bắt đầu"), ("en_US.UTF-8", "No first step")])
def test_defects_are_named_and_the_exit_code_tells(broken, locale, words):
    assert words in run("check", broken, code=1, locale=locale).decode()
    assert "unknown_start nowhere" in json.loads(run("check", broken, "--json", code=1))["problems"]


@pytest.mark.parametrize("content", [b"", b"<a/>", b"{}", b"[" * 100_000])
def test_a_file_that_is_none_is_one_clear_line(tmp_path, content):
    for name in ("x.bpmn", "x.json"):
        (tmp_path / name).write_bytes(content)
        run("check", tmp_path / name, code=2)
    run("check", tmp_path / "missing.bpmn", code=2)


def test_a_dry_run_says_that_it_is_simulated_and_repeats_itself(file):
    words = run("simulate", file, "--limit", "5 ngày làm việc", "--people", "case_officer=2").decode()
    assert words.startswith("MÔ PHỎNG: 10000")
    first = json.loads(run("simulate", file, "--limit", "5 ngày làm việc", "--dossiers", 500, "--json"))
    assert first == json.loads(run("simulate", file, "--limit", "5 ngày làm việc", "--dossiers", 500, "--json"))
    assert sum(first["kept"][name] for name in ("early", "on_time", "overdue")) == 500
    other = json.loads(run("simulate", file, "--limit", "5 ngày làm việc", "--dossiers", 500, "--seed", 2, "--json"))
    assert other != first


@pytest.mark.parametrize(
    "options",
    [
        ("--limit", "bao lâu"),
        ("--people", "janitor=1"),
        ("--people", "leader=x"),
        ("--per-day", "0"),
        ("--begin", "2001-01-01"),
    ],
)
def test_a_dry_run_without_sense_is_refused_in_one_line(file, options):
    run("simulate", file, *options, code=2)


def test_a_draft_with_a_dead_end_is_run_to_show_it(tmp_path):
    dead = json.loads(json.dumps(PROCESS))
    dead["steps"][1]["outcomes"] = []
    path = tmp_path / "dead.json"
    path.write_text(json.dumps(dead), encoding="utf-8")
    found = json.loads(run("simulate", path, "--dossiers", 100, "--json"))
    assert found["dead_ends"] == ["ky-duyet"]
    assert found["stranded"] > 0
