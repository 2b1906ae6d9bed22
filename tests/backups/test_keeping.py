"""Backups go on by themselves: in time, on an unbroken line, within their room, and whatever fails is shown."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backups.desk import wait
from motcua.backups import duties, uploads
from motcua.backups.shelf import Shelf
from motcua.backups.taking import check_room
from motcua.config.trouble import Trouble
from support.server import free_port


def _keep_up(desk, **more: str) -> None:
    done = desk.try_(
        "manage", "shell", "--no-imports", "-c", "from motcua.backups import duties; duties.keep_up()",
        MOTCUA_BACKUP=str(desk.backups), **more,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_only_the_newest_are_kept_and_the_changes_that_they_need(desk, tmp_path) -> None:
    setting = {"MOTCUA_BACKUP": str(desk.backups)}
    for seed in ("5", "6", "7"):
        desk.run("demo", "--dossiers", "2", "--seed", seed)
        desk.run("backup", "--keep", "2", **setting)
    copies = Shelf(desk.backups).copies()
    assert len(copies) == 2
    (line,) = Shelf(desk.backups).lines()
    assert min(path.name for path in line.wal.iterdir()) == copies[0].wal_range().first_segment
    new = desk.elsewhere(tmp_path / "new")
    told = new.told("restore", str(desk.backups), "--until", copies[1].begun.isoformat())
    assert (told["good"], Path(told["copy"])) == (True, copies[0].folder)


def test_the_next_backup_comes_when_its_hours_are_over(desk) -> None:
    _keep_up(desk)
    _keep_up(desk)
    (copy,) = Shelf(desk.backups).copies()
    data = json.loads((copy.folder / "about.json").read_text())
    data["begun"] = (copy.begun - timedelta(hours=25)).isoformat()
    (copy.folder / "about.json").write_text(json.dumps(data))
    _keep_up(desk)
    assert len(Shelf(desk.backups).copies()) == 2


def test_a_line_that_the_server_could_not_keep_is_followed_by_a_new_one_with_its_own_copy(desk, tmp_path) -> None:
    _keep_up(desk)
    desk.ask("SELECT pg_drop_replication_slot('motcua_backup')")
    desk.run("demo", "--dossiers", "5", "--seed", "5")
    _keep_up(desk)
    first, second = Shelf(desk.backups).lines()
    assert [copy.folder.parent for copy in Shelf(desk.backups).copies()] == [first.folder, second.folder]
    new = desk.elsewhere(tmp_path / "new")
    assert new.told("restore", str(desk.backups))["position"] == desk.position()


def test_check_tells_that_nobody_copies_the_changes_and_how_old_the_newest_backup_is(desk) -> None:
    setting = {"MOTCUA_BACKUP": str(desk.backups)}
    told = json.loads(desk.try_("check", "--json", **setting).stdout)["backup"]
    assert "there is no backup yet" in told["faults"]
    desk.run("backup", **setting)
    done = desk.try_("check", **setting)
    assert done.returncode == 1
    assert "nobody copies the changes" in done.stdout
    archive = desk.follow()
    try:
        wait(lambda: desk.try_("check", **setting).returncode == 0)
        told = desk.told("check", **setting)["backup"]
        assert (told["faults"], told["newest"]) == ([], Shelf(desk.backups).copies()[0].folder.name)
    finally:
        archive.terminate()
        archive.wait()


def test_two_do_not_copy_the_changes_at_once(desk) -> None:
    archive = desk.follow()
    try:
        wait(lambda: desk.ask("SELECT count(*) FROM pg_replication_slots WHERE active") == 1)
        done = desk.try_("archive", str(desk.backups))
        assert done.returncode == 1
        assert "already" in done.stderr
    finally:
        archive.terminate()
        archive.wait()


def test_a_disk_without_room_is_said_before_anything_is_written(tmp_path) -> None:
    with pytest.raises(Trouble, match=str(tmp_path)):
        check_room(Shelf(tmp_path), 2**60)
    check_room(Shelf(tmp_path), 1)


def test_uploads_are_copied_once_and_those_removed_go_with_the_backups_that_knew_them(tmp_path) -> None:
    vault, shelf = tmp_path / "vault", Shelf(tmp_path / "backups")
    first, second = vault / "ab" / "cd" / "01", vault / "ab" / "ce" / "02"
    for path in (first, second):
        path.parent.mkdir(parents=True)
        path.write_bytes(path.name.encode())
    (vault / "ab" / "cd" / ".03.part").write_bytes(b"draft")
    assert uploads.copy_new(vault, shelf) == 2
    assert uploads.copy_new(vault, shelf) == 0
    first.unlink()
    assert uploads.set_aside_gone(vault, shelf) == 1
    assert uploads.bring_back(shelf, tmp_path / "restored") == 2
    assert (tmp_path / "restored" / "ab" / "cd" / "01").read_bytes() == b"01"
    uploads.forget(shelf, datetime.now(UTC) - timedelta(hours=1))
    assert uploads.bring_back(shelf, tmp_path / "still") == 2
    uploads.forget(shelf, datetime.now(UTC) + timedelta(hours=1))
    assert uploads.bring_back(shelf, tmp_path / "later") == 1


def test_a_worker_with_a_login_of_its_own_leaves_the_copies_to_the_owners_timer(
    living_world, fresh_database, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("MOTCUA_BACKUP", str(tmp_path / "backups"))
    monkeypatch.setenv("DATABASE_URL", fresh_database.logins["DATABASE_URL"])
    duties.keep_up()
    assert Shelf(tmp_path / "backups").copies() == []
    monkeypatch.setenv("DATABASE_OWNER_URL", fresh_database.logins["DATABASE_OWNER_URL"])
    duties.keep_up()
    assert [copy.kind for copy in Shelf(tmp_path / "backups").copies()] == ["dump"]


def test_only_its_owner_may_look_into_the_backups(desk) -> None:
    desk.run("backup", str(desk.backups))
    assert desk.backups.stat().st_mode & 0o777 == 0o700
    assert desk.backups.stat().st_uid == os.geteuid()


def test_a_running_desk_backs_itself_up_and_drills(desk) -> None:
    setting = {"MOTCUA_BACKUP": str(desk.backups), "MOTCUA_WEB_WORKERS": "1"}
    command = [sys.executable, "-m", "motcua", "run", "--no-demo", "--port", str(free_port())]
    running = subprocess.Popen(command, env=desk.environment(**setting), stdout=subprocess.DEVNULL)
    try:
        wait((desk.backups / "drills.jsonl").exists)
        wait(lambda: desk.try_("check", **setting).returncode == 0)
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=60) == 0
    told = json.loads((desk.backups / "drills.jsonl").read_text())
    assert told["good"] is True
    assert told["rpo"] is not None
