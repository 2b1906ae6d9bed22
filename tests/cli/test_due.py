"""`motcua due`: one question in words or JSON, a file of reference cases, and one clear line for what is wrong."""

import json
import subprocess
import sys
from datetime import datetime

import pytest
from click.testing import CliRunner

from motcua.cli.due import command
from motcua.law.worktime import TimeLimit, TraceStep, due, extend, recompute_for_change, resume
from motcua.starter.calendar import starter_calendar
from motcua.ui.clock_words import _ARTICLES, _SENTENCES, sentence, sentences

HOURS = [["07:00", "11:30"], ["13:30", "17:00"]]
DAYS = ["2024-04-29", "2024-04-30", "2024-05-01"]
VECTORS = [
    {"id": "D1", "mode": "day_exclusive", "start": "2024-04-25 10:00", "days": 5, "expect": "2024-05-07 17:00"},
    {"id": "D2", "mode": "day_exclusive_after15", "start": "2024-05-06 15:20", "days": 3, "expect": "2024-05-10 17:00"},
    {"id": "H1", "mode": "hour_carry", "start": "2024-04-26 16:00", "days": 0.5, "expect": "2024-05-02 10:00"},
    {"id": "H2", "mode": "hour_carry", "start": "2024-04-26 16:00", "hours": 4, "expect": "2024-05-02 10:00"},
    {"id": "H3", "mode": "hour_carry_sat_am", "start": "2024-05-10 16:00", "hours": 4, "expect": "2024-05-11 10:00"},
    {"id": "C1", "mode": "calendar_roll", "start": "2024-04-20 09:00", "days": 10, "expect": "2024-05-02 17:00"},
    {"id": "M1", "mode": "months", "start": "2024-01-31 09:00", "months": 1, "expect": "2024-02-29 17:00"},
    {"id": "S1", "mode": "same_day", "start": "2024-05-06 09:00", "expect": "2024-05-06 17:00"},
    {"id": "L1", "start": "2024-05-06 09:00", "limit": "2 ngày làm việc", "expect": "2024-05-08 17:00"},
    {"id": "Y1", "mode": "day_exclusive", "start": "2024-12-31 09:00", "days": 1, "expect": "2025-01-01 17:00"},
]


@pytest.fixture
def run():
    runner = CliRunner()

    def _run(*arguments, code=0):
        result = runner.invoke(command, [str(argument) for argument in arguments])
        assert result.exit_code == code, result.output
        return result

    return _run


@pytest.fixture
def cases(tmp_path):
    def _write(vectors=VECTORS, **more):
        path = tmp_path / "cases.json"
        path.write_text(
            json.dumps({"office_hours": HOURS, "holidays": DAYS, "vectors": vectors} | more), encoding="utf-8"
        )
        return path

    return _write


def test_one_question_is_answered_with_its_reasons_in_vietnamese(run):
    lines = run("--received", "2024-04-25 10:00", "--limit", "5 ngày làm việc").output.splitlines()
    assert lines[0] == "Hẹn trả: 17:00 06/05/2024"
    assert "- Không tính ngày 30/04/2024: Ngày Chiến thắng 30/4 (Điều 112 Bộ luật Lao động 2019)." in lines
    assert lines[-1] == "- Hết giờ làm việc của ngày cuối: 17:00 06/05/2024 (Điều 148 Bộ luật Dân sự 2015)."


def test_one_question_is_answered_in_english_and_says_when_it_is_provisional(run):
    arguments = ("--received", "2026-12-31 16:00", "--limit", "0,5 ngày làm việc", "--language", "en")
    lines = run(*arguments).output.splitlines()
    assert lines[0] == "Due: 10:00 04/01/2027 (provisional)"
    assert "- Provisional: the days off of 2027 are not officially decided yet (the agency's work calendar)." in lines


def test_one_question_is_answered_in_json(run):
    arguments = (
        "--received",
        "2024-05-06 15:01",
        "--limit",
        "1 ngày làm việc",
        "--convention",
        "day_exclusive_after15",
    )
    answer = json.loads(run(*arguments, "--json").output)
    steps = [TraceStep.from_data(step).rule for step in answer.pop("trace")]
    assert steps == ["after_cutoff", "first_day_excluded", "end_of_office_hours"]
    assert answer == {
        "received": "2024-05-06 15:01",
        "limit": "1 ngày làm việc",
        "convention": "day_exclusive_after15",
        "due": "2024-05-08 17:00",
        "provisional": False,
    }
    later = json.loads(run(*arguments, "--json", "--cutoff", "16:00").output)
    assert later["due"] == "2024-05-07 17:00"


def test_an_own_calendar_can_be_given(run, tmp_path):
    path = tmp_path / "calendar.json"
    data = {"code": "own", "version": "1", "valid_from": "2030-01-01", "valid_to": "2030-12-31"}
    path.write_text(json.dumps(data | {"office_hours": {"wed": [["08:00", "09:00"]]}}), encoding="utf-8")
    result = run("--received", "2030-01-01 10:00", "--limit", "2 ngày làm việc", "--calendar", path)
    assert result.output.startswith("Hẹn trả: 09:00 09/01/2030\n")


def test_a_batch_gives_every_case_its_due_time_and_trace(run, cases):
    answers = json.loads(run("--batch", cases(), "--json").output)
    assert [(row["id"], row["due"]) for row in answers] == [(case["id"], case["expect"]) for case in VECTORS]
    assert all(row.keys() == {"id", "due", "trace"} and row["trace"] for row in answers)
    assert run("--batch", cases()).output.splitlines()[0] == "D1\t2024-05-07 17:00"


def test_a_batch_may_be_a_bare_list_counted_on_the_built_in_calendar(run, tmp_path):
    path = tmp_path / "list.json"
    path.write_text(json.dumps([VECTORS[0]]), encoding="utf-8")
    assert json.loads(run("--batch", path, "--json").output)[0]["due"] == "2024-05-06 17:00"


def test_a_batch_reads_days_off_and_swapped_days_from_the_csv_file_it_names(run, cases, tmp_path):
    table = "date,name,kind\n2024-04-29,a,swap_off\n2024-04-30,b,statutory\n2024-05-01,c,\n2024-05-04,d,swap_work\n"
    (tmp_path / "days.csv").write_text("\ufeff" + table, encoding="utf-8")
    answers = json.loads(run("--batch", cases(VECTORS[:1], holidays="days.csv"), "--json").output)
    assert answers[0]["due"] == "2024-05-06 17:00"
    assert "swapped_working_day" in [step["rule"] for step in answers[0]["trace"]]
    refused = run("--batch", cases([VECTORS[-1]], holidays="days.csv"), code=2)
    assert "row 1 (id Y1)" in refused.output
    assert "2025-01-01" in refused.output


def test_the_reference_cases_come_out_as_expected(run, shared):
    path = shared / "data/calendar/due-dates.json"
    expected = {case["id"]: case["expect"] for case in json.loads(path.read_text(encoding="utf-8"))["vectors"]}
    answers = json.loads(run("--batch", path, "--json").output)
    assert {row["id"]: row["due"] for row in answers} == expected


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x", "a row is an object"),
        (VECTORS[0] | {"mode": "moon"}, "mode 'moon' is not a convention"),
        (VECTORS[0] | {"start": "25/04/2024 10:00"}, "'25/04/2024 10:00' is not a local time"),
        (VECTORS[0] | {"start": "2024-04-25"}, "'2024-04-25' is not a local time"),
        (VECTORS[0] | {"start": "2024-04-25 10:00+07:00"}, "is not a local time"),
        (VECTORS[0] | {"days": "five"}, "days 'five' is not a number"),
        (VECTORS[0] | {"days": True}, "days True is not a number"),
        (VECTORS[0] | {"days": 0}, "more than nothing"),
        (VECTORS[0] | {"hours": 3}, "exactly one of days, hours, months and limit"),
        (VECTORS[0] | {"days": None}, "exactly one of"),
        (VECTORS[0] | {"mode": "months"}, "is not in months"),
        (VECTORS[0] | {"days": 1e9}, "says nothing about"),
    ],
)
def test_a_bad_row_is_named_in_one_line(run, cases, row, said):
    result = run("--batch", cases([VECTORS[0], row]), "--json", code=2)
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert "cases.json, row 2" in result.stderr
    assert said in result.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"vectors": None}, "no list of vectors"),
        ({"holidays": 5}, "holidays are a list of dates"),
        ({"holidays": ["2024-04-29", "tomorrow"]}, "holidays, entry 2: 'tomorrow' is not a date"),
        ({"holidays": "missing.csv"}, "missing.csv: cannot be read"),
        ({"holidays": [{"date": "2024-04-29", "kind": "party"}]}, "kind 'party' is not one of"),
        ({"office_hours": [["11:30", "07:00"]]}, "is empty or overlaps"),
        ({"holidays": [], "vectors": []}, "neither days off nor rows"),
    ],
)
def test_a_bad_file_is_named_in_one_line(run, cases, change, said):
    path = cases()
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    result = run("--batch", path, "--json", code=2)
    assert (result.stdout, len(result.stderr.splitlines())) == ("", 1)
    assert "cases.json" in result.stderr
    assert said in result.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"{", "is not JSON (line 1"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"5", "no list of vectors"),
    ],
)
def test_a_file_that_is_no_json_is_named_in_one_line(run, tmp_path, content, said):
    path = tmp_path / "cases.json"
    if content is not None:
        path.write_bytes(content)
    result = run("--batch", path, code=2)
    assert len(result.stderr.splitlines()) == 1
    assert said in result.stderr


def test_a_bad_csv_row_is_named(run, cases, tmp_path):
    (tmp_path / "days.csv").write_text("date,name\n2024-04-30,a\n30/4/2024,b\n", encoding="utf-8")
    assert "days.csv, row 3: '30/4/2024' is not a date" in run("--batch", cases(holidays="days.csv"), code=2).stderr
    (tmp_path / "days.csv").write_text("ngày,name\n2024-04-30,a\n", encoding="utf-8")
    assert "no column named date" in run("--batch", cases(holidays="days.csv"), code=2).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--received", "2024-04-25 10:00", "--limit", "5 tuần"), "'tuan' in '5 tuần' is not a unit"),
        (("--received", "soon", "--limit", "5 ngày"), "'soon' is not a local time"),
        (("--received", "2024-04-25 10:00", "--limit", "5 ngày", "--cutoff", "3pm"), "cut-off '3pm'"),
        (("--received", "2027-12-31 10:00", "--limit", "5 ngày"), "2028-01-01; lengthen the calendar"),
        (("--received", "2024-04-25 10:00"), "give --received and --limit, or --batch"),
        (("--batch", "x", "--limit", "5 ngày"), "give either --batch or"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(run, arguments, said):
    assert said in run(*arguments, code=2).stderr


def test_the_verb_needs_neither_django_nor_a_database():
    program = "; ".join(
        (
            "import sys, motcua.cli",
            "question = ['--received', '2024-04-25 10:00', '--limit', '5 ngày làm việc']",
            "motcua.cli.main(['due', *question], standalone_mode=False)",
            "sys.exit(any(name.split('.')[0] in ('django', 'psycopg') for name in sys.modules))",
        )
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Hẹn trả: 17:00 06/05/2024")


def test_every_rule_and_article_has_words_in_both_languages():
    assert all(words.keys() == {"vi", "en"} for words in (*_SENTENCES.values(), *_ARTICLES.values()))
    with pytest.raises(KeyError):
        sentence(TraceStep("unknown", "qd188_1999", datetime(2024, 1, 1)))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "vi",
            "Gia hạn thêm 3 ngày làm việc: 17:00 09/05/2024 (Điều 19 Nghị định 61/2018/NĐ-CP).",
        ),
        ("en", "Extended by 3 working day(s): 17:00 09/05/2024 (Decree 61/2018/NĐ-CP, Article 19)."),
    ],
)
def test_waits_extensions_and_changed_calendars_are_said_in_words(language, expected):
    calendar, limit = starter_calendar(), TimeLimit.parse("3 ngày làm việc")
    promised = datetime(2024, 5, 6, 17)
    assert sentences(extend(calendar, promised, limit).trace, language)[0] == expected
    wait = (datetime(2024, 5, 3, 9), datetime(2024, 5, 8, 9))
    traces = [
        resume(calendar, promised, *wait, limit).trace,
        resume(calendar, promised, datetime(2024, 5, 7), datetime(2024, 5, 8), limit).trace,
        recompute_for_change(calendar, calendar, wait[0], limit, promised=datetime(2025, 1, 1)).trace,
        due(calendar, datetime(2026, 1, 1, 9), TimeLimit.parse("9 giờ")).trace,
    ]
    said = [line for trace in traces for line in sentences(trace, language)]
    assert any("09:00 03/05/2024" in line and "09:00 08/05/2024" in line for line in said)
    assert all("{" not in line and "T0" not in line and line.endswith(").") for line in said)
