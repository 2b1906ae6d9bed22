"""`motcua play` and `motcua rules`: the law at the terminal, without a database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

STORIES = Path(__file__).parents[2] / "docs" / "stories"


@pytest.fixture
def motcua(tmp_path):
    def _motcua(*arguments, code=0, **environment):
        given = {"PATH": "/usr/bin:/bin", "MOTCUA_HOME": str(tmp_path / "none"), "LANG": "vi_VN.UTF-8", **environment}
        line = [sys.executable, "-m", "motcua", *map(str, arguments)]
        done = subprocess.run(line, capture_output=True, text=True, env=given, check=False)
        assert done.returncode == code, done.stderr + done.stdout
        return done

    return _motcua


def test_a_story_is_printed_act_by_act(motcua, tmp_path):
    shown = motcua("play", STORIES / "xin-loi-dung-luc.yaml").stdout
    assert "appointed_again_once: Chỉ được hẹn lại một lần" in shown
    assert "overdue, on_time against the new time" in shown
    assert not (tmp_path / "none").exists()  # no database was started and no key made


def test_as_json_it_has_events_refusal_state_due_times_and_timeliness(motcua):
    acts = json.loads(motcua("play", STORIES / "xin-loi-dung-luc.yaml", "--json", "--language", "en").stdout)
    assert [act["act"] for act in acts] == list(range(1, 7))
    assert [event["type"] for event in acts[0]["events"]] == ["received", "handed_over"]
    refused = acts[2]
    assert refused["refusal"]["code"] == "appointed_again_once"
    assert refused["refusal"]["reason"].startswith("A dossier may be appointed again once")
    assert refused["refusal"]["article"] == "NĐ 118/2025, như NĐ 61/2018, Điều 19.9"
    assert (refused["due_original"], refused["due_current"]) == ("2026-08-10 17:00", "2026-08-14 16:30")
    assert (acts[-1]["timeliness"], acts[-1]["timeliness_current"]) == ("overdue", "on_time")
    assert acts[-1]["national_status"] == 9


def test_what_came_out_otherwise_ends_with_1(motcua, tmp_path):
    story = tmp_path / "story.yaml"
    story.write_text(
        "limit: 5 ngày làm việc\nacts: [{at: 2026-08-03 09:00, by: desk, do: receive, expect: {status: returned}}]\n",
        encoding="utf-8",
    )
    assert "! status: 'processing' instead of 'returned'" in motcua("play", story, code=1).stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [("acts: [", "line 2"), ("acts: []", "acts, a list"), ("- 1", "names with values"), ("acts: [{at: x}]", "act 1")],
)
def test_a_story_that_cannot_be_read_ends_with_2_and_one_line(motcua, tmp_path, text, said):
    story = tmp_path / "story.yaml"
    story.write_text(text + "\n", encoding="utf-8")
    done = motcua("play", story, code=2)
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "No such file" in motcua("play", tmp_path / "none.yaml", code=2).stderr


def test_the_rules_of_a_day_are_named_with_what_fixes_them(motcua):
    data = json.loads(motcua("rules", "--on", "2025-08-04", "--json").stdout)
    assert data["id"].startswith("tt01-2018+nd45-2020+nd118-2025@")
    assert data["rules"]["forms"] == "tt01-2018"
    own_rules = {"MOTCUA_SUPPLEMENT_CLOCK": "shift", "MOTCUA_LEGAL_DATES": "tt03-2025=never"}
    own = motcua("rules", "--on", "2026-08-03", **own_rules).stdout
    assert own.startswith("tt01-2018+nd45-2020+nd118-2025+nd367-2025+nd224-2026+unit@")
    assert "shift" in own
    assert "2026-13-01" in motcua("rules", "--on", "2026-13-01", code=2).stderr
    assert "MOTCUA_LEGAL_DATES" in motcua("rules", code=2, MOTCUA_LEGAL_DATES="nd999=2026-01-01").stderr
