"""The database away, the disk full: pages say so and keep what was typed, and all goes on by itself afterwards."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from load.desk import Clerk, free_port, receipt, wait, was_taken_in
from motcua.config.embedded import Embedded
from motcua.config.supervisor import Supervisor, web_command

_FULL_DISK = Path(__file__).with_name("full_disk.py")
_STARTER = "from motcua.cli.django import setup; setup(); from motcua import starter; starter.load(demo=True)"


def _environment(home: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MOTCUA_", "DATABASE_", "PYTEST"))
    }
    return kept | {"MOTCUA_HOME": str(home), "MOTCUA_WEB_WORKERS": "1", "LANG": "en_US.UTF-8"}


@pytest.fixture
def home(tmp_path):
    """The data folder of a desk with the demo province, whose database runs."""
    tmp_path.chmod(0o711)
    folder = tmp_path / "var"
    with Embedded(folder, settings={"fsync": "off"}):
        for arguments in (["-m", "motcua", "migrate"], ["-c", _STARTER]):
            subprocess.run([sys.executable, *arguments], env=_environment(folder), check=True, capture_output=True)
        subprocess.run(
            [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity", "0"],
            env=_environment(folder) | {"DJANGO_SETTINGS_MODULE": "motcua.config.settings"}, check=True,
        )  # fmt: skip
        yield folder


@pytest.fixture
def port(home):
    """Web and worker, without anybody who would start the database again."""
    children, port = Supervisor(), free_port()
    environment = {"DATABASE_URL": None, **_environment(home)}
    children.start("web", web_command("127.0.0.1", port), environment)
    children.start("worker", [sys.executable, "-m", "motcua", "worker"], environment)
    try:
        children.wait_for_answer("127.0.0.1", port)
        yield port
        children.check()  # nobody had to be started anew
    finally:
        children.stop()


def _stop_database(home: Path) -> None:
    pid = Embedded(home).running_pid()
    assert pid is not None
    os.kill(pid, signal.SIGINT)
    wait(lambda: Embedded(home).running_pid() is None, "the database stops")


def test_a_database_that_is_away_is_said_and_what_was_typed_is_recorded_once_when_it_is_back(home, port) -> None:
    clerk = Clerk.at(port, home)
    first = clerk.take_in()
    assert was_taken_in(first)
    _stop_database(home)
    for path in ("/", "/office/", "/accounts/login/"):
        assert clerk.get(path).status in {200, 503}
    away = clerk.take_in()
    assert away.status == 503
    assert "không tới được cơ sở dữ liệu" in away.text
    assert "Nguyễn Thị Mẫu" in away.text
    assert clerk.send_again(away).status == 503
    assert Embedded(home, settings={"fsync": "off"}).revive()
    done = clerk.send_again(away)
    assert was_taken_in(done)
    assert receipt(clerk.send_again(away)) == receipt(done) != receipt(first)
    with psycopg.connect(Embedded(home).conninfo("motcua"), autocommit=True) as connection:
        wait(lambda: connection.execute("SELECT count(*) FROM dossiers_unplaced").fetchone() == (0,), "the worker")
        newest = "SELECT count(*) FROM dossiers_command WHERE kind = 'Receive' AND dossier_id::text = ANY(%s)"
        ids = [receipt(answer).split("/")[-2] for answer in (first, done)]
        assert connection.execute(newest, [ids]).fetchone() == (2,)


def test_a_full_disk_is_said_and_work_goes_on_by_itself_once_there_is_room(tmp_path) -> None:
    tmp_path.chmod(0o711)
    own = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-current-user", "--keep-caps"]
    environment = _environment(tmp_path)
    done = subprocess.run(
        [*own, sys.executable, str(_FULL_DISK), str(tmp_path)], env=environment, check=False, capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, f"a small disk needs the right to mount one: root or user namespaces\n{done.stderr}"
    seen = json.loads(done.stdout)
    status, said = seen["full"]
    assert status == 503
    assert "hết chỗ ghi" in said
    assert "Nguyễn Thị Mẫu" in said
    assert seen["stopped"][0] == 503
    assert seen["receipts"][0] == seen["receipts"][1] != ""
    assert seen["acknowledged"] == seen["taken_in"]
    assert seen["faults"] == []
