"""`motcua erase` and `motcua hold`: by order, from standard input, with one clear line for what is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from motcua.dossiers.models import Dossier
from motcua.persons.models import Record
from support.world import APPLICANT, make_world

MOTCUA = Path(sys.executable).with_name("motcua")


@pytest.fixture
def run(fresh_database, tmp_path, home):
    def _run(*arguments, typed="", code=0, language="vi_VN.UTF-8"):
        (tmp_path / "keys").mkdir(exist_ok=True)
        for key in (home / "keys").glob("*.key"):
            (tmp_path / "keys" / key.name).write_bytes(key.read_bytes())
            (tmp_path / "keys" / key.name).chmod(0o600)
        env = {**os.environ, "DATABASE_URL": fresh_database.url, "LC_ALL": language, "MOTCUA_HOME": str(tmp_path)}
        done = subprocess.run(
            [MOTCUA, *map(str, arguments)], capture_output=True, text=True, env=env, check=False, input=typed
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    return _run


@pytest.fixture
def ended(fresh_database):
    """The code of a dossier that was withdrawn."""
    from motcua.agencies.access import Role
    from motcua.dossiers import commands

    world = make_world()
    answer = world.receive()
    commands.withdraw(world.reader(Role.DESK_OFFICER), answer.dossier_id, "lý do", command_id=commands.new_id())
    return answer.code


def erased():
    return Record.objects.filter(sealed__isnull=True).count()


def test_a_dossier_is_erased_held_and_let_go(run, ended):
    assert "chưa có thời hạn" in run("erase", "--order", "12/QĐ-UBND", "--dossier", ended, code=1).lower()
    assert "Đã giữ" in run("hold", "--order", "3/CV-TA", "--dossier", ended, typed="Tòa án yêu cầu\n")
    (hold,) = json.loads(run("hold", "--json"))["holds"]
    assert (hold["order"], hold["dossier"]) == ("3/CV-TA", ended)
    assert "3/CV-TA" in run("erase", "--order", "12/QĐ-UBND", "--dossier", ended, "--early", code=1)
    assert erased() == 0
    run("hold", "--lift", hold["id"], "--order", "4/CV-TA", typed="Đã xét xong\n")
    said = json.loads(run("erase", "--order", "12/QĐ-UBND", "--dossier", ended, "--early", "--json"))
    assert said == {"dossiers": 1, "records": 2, "files": 0, "kept": []}
    assert Dossier.objects.get().erased_at is not None
    assert "2 erased by order 12/QĐ-UBND" in run("verify", "--records")
    assert "0 hồ sơ" in run("erase", "--again")


def test_a_person_is_erased_and_held_by_the_number_on_standard_input(run, ended):
    run("hold", "--order", "3/CV-TA", "--person", typed=f"{APPLICANT.id_number}\nĐang thanh tra\n")
    assert "3/CV-TA" in run("erase", "--order", "12/QĐ-UBND", "--person", "--early", typed="0791 9000 0012\n", code=1)
    (hold,) = json.loads(run("hold", "--json"))["holds"]
    run("hold", "--lift", hold["id"], "--order", "4/CV-TA", typed="Xong\n")
    assert "Erased: 2 records, 0 files of 1 dossiers" in run(
        "erase", "--order", "12/QĐ-UBND", "--person", "--early", typed="079190000012\n", language="en_US.UTF-8"
    )


WRONG = {
    "nothing to erase": (["erase", "--order", "12/QĐ-UBND"], "", 2, "--due"),
    "two at once": (["erase", "--order", "12/QĐ-UBND", "--due", "--person"], "", 2, "--due"),
    "no order": (["erase", "--due"], "", 1, "--order"),
    "an order in free words": (["erase", "--due", "--order", "theo đơn của bà Mẫu"], "", 1, "12/QĐ-UBND"),
    "no number": (["erase", "--order", "12/QĐ-UBND", "--person"], "", 2, "số giấy tờ"),
    "no such dossier": (["erase", "--order", "12/QĐ-UBND", "--dossier", "H1-1"], "", 1, "H1-1"),
    "no such file": (["erase", "--again", "--file", "nowhere"], "", 1, "nowhere"),
    "a hold without reason": (["hold", "--order", "3/CV-TA", "--dossier", "H1-1"], "", 2, "Lý do"),
    "a hold on nobody": (["hold", "--order", "3/CV-TA", "--person"], "079190000099\nx\n", 1, "số này"),
    "a hold on nothing": (["hold", "--order", "3/CV-TA"], "", 2, "--dossier"),
    "an unknown hold": (
        ["hold", "--order", "3/CV-TA", "--lift", "01234567-89ab-7def-8123-456789abcdef"], "x\n", 1, "01234567",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_in_one_line_and_nothing_goes(run, ended, what):
    arguments, typed, code, said = WRONG[what]
    assert said in run(*arguments, typed=typed, code=code)
    assert erased() == 0
