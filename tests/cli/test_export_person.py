"""`motcua export-person`: the number by standard input, one ZIP, one clear line for what is wrong."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from motcua.dossiers.wording import PURPOSES
from motcua.persons.models import Access
from support.world import APPLICANT, make_world

MOTCUA = Path(sys.executable).with_name("motcua")


@pytest.fixture
def run(fresh_database):
    def _run(*arguments, typed="", code=0):
        env = {**os.environ, "DATABASE_URL": fresh_database.url, "LC_ALL": "vi_VN.UTF-8"}
        done = subprocess.run(
            [MOTCUA, "export-person", *map(str, arguments)], capture_output=True, text=True, env=env, check=False,
            input=typed,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    return _run


def test_everything_about_a_person_comes_in_one_file_that_only_its_owner_reads(run, tmp_path):
    code = make_world().receive().code
    file = tmp_path / "du-lieu.zip"
    assert "1 hồ sơ" in run(file, "--purpose", "in_writing", typed="0791 9000 0012\n")
    with zipfile.ZipFile(file) as archive:
        (held,) = json.loads(archive.read("du-lieu.json"))["dossiers"]
    assert (held["code"], held["records"][0]["name"]) == (code, APPLICANT.name)
    assert file.stat().st_mode & 0o077 == 0
    assert Access.objects.get(act="export").purpose == PURPOSES["in_writing"]
    assert "đã có" in run(file, "--purpose", "at_desk", typed="079190000012\n", code=1)


@pytest.mark.parametrize(
    ("arguments", "typed", "code", "said"),
    [
        (["--purpose", "at_desk"], "", 2, "số giấy tờ"),
        (["--purpose", "at_desk"], "079190000099\n", 1, "số này"),
        (["--purpose", "vì bà Mẫu"], "079190000012\n", 2, "at_desk"),
        ([], "079190000012\n", 2, "--purpose"),
    ],
)
def test_what_is_wrong_is_said_and_no_file_is_left(run, tmp_path, arguments, typed, code, said):
    make_world().receive()
    assert said in run(tmp_path / "x.zip", *arguments, typed=typed, code=code)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(run, tmp_path):
    make_world().receive()
    assert "nowhere" in run(tmp_path / "nowhere" / "x.zip", "--purpose", "at_desk", typed="079190000012\n", code=1)


def test_the_choices_are_the_purposes_that_there_are():
    from motcua.cli.export_person import command

    (option,) = [each for each in command.params if each.name == "purpose"]
    assert list(option.type.choices) == list(PURPOSES)
