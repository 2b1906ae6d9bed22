"""What was lost comes back: all of it, or as it was at a time, with proof, and work goes on from there."""

import os
import signal
from datetime import UTC, datetime

from backups.desk import wait
from motcua.backups.shelf import Shelf
from motcua.config.embedded import Embedded


def test_everything_up_to_the_last_second_comes_back_after_the_server_died(desk, tmp_path) -> None:
    archive = desk.follow()
    try:
        wait(lambda: desk.ask("SELECT count(*) FROM pg_replication_slots WHERE active") == 1)
        copy = desk.told("backup", str(desk.backups), MOTCUA_BACKUP=str(desk.backups))
        desk.run("demo", "--dossiers", "10", "--seed", "7")
        before, events = desk.hashes(), desk.position()
        wait(lambda: desk.ask("SELECT restart_lsn >= pg_current_wal_flush_lsn() FROM pg_replication_slots"))
        os.kill(Embedded(desk.home).running_pid() or 0, signal.SIGKILL)
    finally:
        archive.terminate()
        archive.wait()
    new = desk.elsewhere(tmp_path / "new")
    told = new.told("restore", str(desk.backups))
    assert copy["mark"]["position"] < events == told["position"]
    assert told["good"] is True
    assert told["log_same"] is True
    assert new.hashes() == before
    assert new.told("verify", "--records")["sound"]


def test_it_is_as_it_was_at_that_time_and_goes_on_without_giving_a_position_twice(desk, tmp_path) -> None:
    desk.run("backup", str(desk.backups), MOTCUA_BACKUP=str(desk.backups))
    desk.run("demo", "--dossiers", "5", "--seed", "7")
    before, position, moment = desk.hashes(), desk.position(), datetime.now(UTC)
    desk.run("demo", "--dossiers", "5", "--seed", "8")
    desk.run("backup", str(desk.backups))
    assert desk.position() > position
    new = desk.elsewhere(tmp_path / "new")
    told = new.told("restore", str(desk.backups), "--until", moment.isoformat())
    assert (told["position"], told["good"], told["ended_early"]) == (position, True, False)
    assert new.hashes() == before
    new.run("demo", "--dossiers", "5", "--seed", "9")
    assert new.told("verify")["sound"]
    assert new.position() == new.ask("SELECT count(*) FROM dossiers_position") > position


def test_a_time_after_the_last_change_gives_everything_and_says_so(desk, tmp_path) -> None:
    desk.run("backup", str(desk.backups))
    new = desk.elsewhere(tmp_path / "new")
    told = new.told("restore", str(desk.backups), "--until", "2126-01-01T00:00")
    assert told["ended_early"] is True
    assert told["position"] == desk.position()


def test_a_time_before_the_first_backup_is_one_line_and_leaves_nothing(desk, tmp_path) -> None:
    desk.run("backup", str(desk.backups))
    new = desk.elsewhere(tmp_path / "new")
    done = new.try_("restore", str(desk.backups), "--until", "2026-01-01T00:00+07:00")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "no backup" in done.stderr
    assert not (new.home / "pg").exists()


def test_without_the_data_key_nothing_is_restored_and_the_line_names_the_key(desk, tmp_path) -> None:
    desk.run("backup", str(desk.backups))
    new = desk.elsewhere(tmp_path / "new")
    (new.home / "keys" / "data.key").unlink()
    done = new.try_("restore", str(desk.backups))
    assert done.returncode == 1
    assert str(new.home / "keys" / "data.key") in done.stderr
    assert not (new.home / "pg").exists()
    assert list(desk.backups.rglob("*.key")) == []


def test_a_folder_with_a_database_is_never_restored_over(desk) -> None:
    desk.run("backup", str(desk.backups))
    before = desk.hashes()
    done = desk.try_("restore", str(desk.backups))
    assert done.returncode == 1
    assert "has a database already" in done.stderr
    assert desk.hashes() == before


def test_a_copy_that_was_cut_is_one_line_and_leaves_nothing(desk, tmp_path) -> None:
    copy = desk.told("backup", str(desk.backups))
    archive = next(desk.backups.rglob("base.tar.gz"))
    archive.write_bytes(archive.read_bytes()[:100_000])
    new = desk.elsewhere(tmp_path / "new")
    done = new.try_("restore", str(desk.backups))
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert str(copy["copy"]) in done.stderr
    assert not (new.home / "pg").exists()


def test_who_was_erased_after_the_backup_is_erased_again(desk, tmp_path) -> None:
    setting = {"MOTCUA_BACKUP": str(desk.backups)}
    desk.run("backup", **setting)
    position = desk.position()
    code = desk.ask("SELECT code FROM dossiers_dossier WHERE status = 10 ORDER BY code LIMIT 1")
    desk.run("erase", "--order", "12/QĐ-UBND", "--dossier", code, "--early")
    desk.run("backup", **setting)
    first = Shelf(desk.backups).copies()[0]
    new = desk.elsewhere(tmp_path / "new")
    told = new.told("restore", str(desk.backups), "--until", first.ended.isoformat())
    assert (told["position"], told["good"]) == (position, True)
    assert told["erased_again"] > 0
    verified = new.told("verify", "--records")
    assert verified["sound"]
    assert verified["erased"] == {"12/QĐ-UBND": verified["erased"]["12/QĐ-UBND"]}


def test_a_dump_of_a_server_that_is_not_ours_comes_back_the_same(living_world, fresh_database, tmp_path, desk) -> None:
    for _ in range(3):
        living_world.finish(living_world.receive().dossier_id)
    theirs = {"DATABASE_URL": fresh_database.url, "MOTCUA_HOME": os.environ["MOTCUA_HOME"]}
    copy = desk.told("backup", str(desk.backups), **theirs)
    assert copy["kind"] == "dump"
    new = desk.elsewhere(tmp_path / "new")
    told = new.told("restore", str(desk.backups))
    assert (told["good"], told["differing"], told["log_same"]) == (True, [], True)
    assert told["business"] == copy["mark"]["business"]
