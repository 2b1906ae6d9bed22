"""`motcua import-procedures`: the report in words and as JSON, and one clear line when a file cannot be opened."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from motcua.cli.import_procedures import command

MOTCUA = Path(sys.executable).with_name("motcua")
RECORD = {
    "ma_thu_tuc": "1.000001",
    "ten_thu_tuc": "Đăng ký thử nghiệm",
    "cach_thuc_thuc_hien": "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tiếp1Miễn phí",
}


@pytest.fixture
def run(fresh_database):
    def _run(*arguments, language="vi_VN.UTF-8", code=0):
        env = {**os.environ, "DATABASE_URL": fresh_database.url, "LC_ALL": language}
        done = subprocess.run(
            [MOTCUA, "import-procedures", *map(str, arguments)], capture_output=True, text=True, env=env, check=False
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    return _run


def test_a_file_is_imported_reported_and_the_second_time_unchanged(run, tmp_path):
    path = tmp_path / "full.jsonl"
    path.write_text(json.dumps(RECORD, ensure_ascii=False) + "\nkhông phải JSON\n", encoding="utf-8")
    report = json.loads(run(path, "--json"))
    assert {key: report[key] for key in ("read", "created", "updated", "unchanged")} == {
        "read": 2, "created": 1, "updated": 0, "unchanged": 0,
    }  # fmt: skip
    assert [(row["row"], row["field"], row["reason"]) for row in report["rejected"]] == [(2, "line", "not_json")]
    assert [(row["row"], row["reason"], row["value"]) for row in report["warnings"]] == [
        (1, "limit_not_understood", "1")
    ]
    lines = run(path).splitlines()
    assert lines[0] == "Đọc 2 · thêm 0 · cập nhật 0 · giữ nguyên 1 · từ chối 1 · lưu ý 1"
    assert lines[1].startswith("Từ chối: full.jsonl dòng 2, line: dòng không phải JSON")


def test_a_missing_file_gets_one_line_and_nothing_is_imported(tmp_path):
    there = tmp_path / "there.jsonl"
    there.write_text(json.dumps(RECORD), encoding="utf-8")
    result = CliRunner().invoke(command, [str(there), str(tmp_path / "none.jsonl")])
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 1
    assert "none.jsonl" in result.output


def test_a_folder_is_no_file(tmp_path):
    assert CliRunner().invoke(command, [str(tmp_path)]).exit_code == 2
