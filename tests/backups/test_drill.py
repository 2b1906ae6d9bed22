"""The drill reads the newest backup back, and fails when what comes back is not what was there."""

import json
import subprocess
import sys

import pytest


def _alter(path, change) -> None:
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


def test_it_holds_beside_people_at_work_and_leaves_nothing(desk) -> None:
    setting = {"MOTCUA_BACKUP": str(desk.backups)}
    desk.run("backup", **setting)
    work = subprocess.Popen(
        [sys.executable, "-m", "motcua", "demo", "--dossiers", "60", "--seed", "5"], env=desk.environment(),
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    told = desk.told("drill", **setting)
    assert work.wait(timeout=120) == 0
    assert told["good"] is True
    assert (told["differing"], told["log_same"], told["faults"]) == ([], True, 0)
    assert told["rpo"] is not None
    assert told["rto"] >= told["restore"] > 0
    assert list(desk.home.glob(".drill-*")) == []
    noted = json.loads((desk.backups / "drills.jsonl").read_text())
    assert noted["good"] is True


def test_a_backup_that_is_not_what_it_was_fails_and_check_says_so(desk) -> None:
    setting = {"MOTCUA_BACKUP": str(desk.backups)}
    desk.run("backup", str(desk.backups))
    about = next(desk.backups.rglob("about.json"))
    _alter(about, lambda data: data["mark"]["tables"]["dossiers_event"].update(hash="00"))
    done = desk.try_("drill", "--json", **setting)
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert (told["good"], told["differing"], told["rpo"]) == (False, ["dossiers_event"], None)
    checked = desk.try_("check", "--json", **setting)
    assert checked.returncode == 1
    assert "the last drill failed" in json.loads(checked.stdout)["backup"]["faults"]


def test_a_changed_byte_in_the_copy_is_found_before_anything_is_restored(desk) -> None:
    desk.run("backup", str(desk.backups))
    archive = next(desk.backups.rglob("base.tar.gz"))
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    done = desk.try_("drill", str(desk.backups))
    assert done.returncode == 1
    assert "pg_verifybackup" in done.stderr
    assert json.loads((desk.backups / "drills.jsonl").read_text())["good"] is False


def test_a_dump_is_drilled_on_the_embedded_server(living_world, fresh_database, desk) -> None:
    living_world.finish(living_world.receive().dossier_id)
    theirs = {"DATABASE_URL": fresh_database.url, "MOTCUA_BACKUP": str(desk.backups)}
    desk.set |= {"MOTCUA_DATA_KEY": _data_key()}
    desk.run("backup", **theirs)
    told = desk.told("drill", **theirs)
    assert (told["good"], told["kind"], told["dossiers"], told["differing"]) == (True, "dump", 1, [])


def _data_key() -> str:
    from support.session import HOME

    return (HOME / "keys" / "data.key").read_text().strip()


def test_without_a_backup_there_is_nothing_to_drill(desk) -> None:
    done = desk.try_("drill", str(desk.backups))
    assert done.returncode == 1
    assert "no backup" in done.stderr
    assert not desk.backups.exists()


@pytest.mark.parametrize("verb", ["backup", "drill", "archive"])
def test_without_a_folder_each_says_which_setting_is_missing(desk, verb) -> None:
    done = desk.try_(verb)
    assert done.returncode == 2
    assert "MOTCUA_BACKUP" in done.stderr
