"""`motcua run` as a person meets it: a real process, real signals, and nothing left when it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from motcua.config.embedded import Embedded
from support.server import free_port

_MOTCUA = [sys.executable, "-m", "motcua"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """The data folder of one installation, which the tests start again and again."""
    return tmp_path_factory.mktemp("desk")


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "LC_ALL", "LC_MESSAGES"}}
    return kept | {"MOTCUA_HOME": str(home), "LANG": "en_US.UTF-8", "MOTCUA_WEB_WORKERS": "1"}


class Run:
    """A running `motcua run`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.process = subprocess.Popen(
            [*_MOTCUA, "run", "--no-demo", "--port", str(self.port)],
            env=_environment(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip

    def until(self, pattern: str) -> str:
        """What it printed up to the first line that matches; fails with all of it when it ends before."""
        assert self.process.stdout is not None
        seen = ""
        for line in self.process.stdout:
            seen += line
            if re.search(pattern, line):
                return seen
        pytest.fail(f"ended before {pattern!r}:\n{seen}", pytrace=False)

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Signals it, waits, and returns the exit status and what it still printed."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=60)
        return self.process.returncode, rest


@pytest.fixture
def run(desk) -> Iterator[Run]:
    started = Run(desk)
    yield started
    if started.process.poll() is None:
        started.end()


def _left_behind(home: Path) -> list[str]:
    """The command lines of processes that work on a data folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(home) in told and int(folder.name) != os.getpid():
            found.append((folder / "cmdline").read_text().replace("\0", " "))
    return found


def test_it_serves_and_leaves_nothing_behind_after_ctrl_c(run, desk) -> None:
    printed = run.until("Press Ctrl-C")
    for step in ("Database", "Tables", "Starter data", "Interface", "Web server and worker"):
        assert re.search(rf"^{step} …", printed, re.MULTILINE)
    assert f"http://localhost:{run.port}/" in printed
    with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/") as answer:
        assert answer.status == 200
    assert len(_left_behind(desk)) >= 4  # itself, database, web, worker
    code, rest = run.end(signal.SIGINT)
    assert code == 0
    assert "Stopping" in rest
    assert "Traceback" not in rest
    assert _left_behind(desk) == []
    assert not (desk / "pg" / "postmaster.pid").exists()


def test_it_ends_as_well_by_sigterm(run, desk) -> None:
    run.until("Press Ctrl-C")
    code, rest = run.end(signal.SIGTERM)
    assert code == 0
    assert "Traceback" not in rest
    assert _left_behind(desk) == []


def test_ctrl_c_in_the_middle_of_the_start_leaves_nothing_either(run, desk) -> None:
    run.until("^Database")
    code, rest = run.end()
    assert code == 0
    assert "Traceback" not in rest
    assert _left_behind(desk) == []


def test_a_database_that_dies_is_reported_and_started_again_under_the_same_pages(run, desk) -> None:
    run.until("Press Ctrl-C")
    first = Embedded(desk).running_pid()
    assert first is not None
    os.kill(first, signal.SIGKILL)
    run.until("The database runs again")
    assert Embedded(desk).running_pid() not in {None, first}
    _until_it_answers(run.port)
    assert run.end()[0] == 0
    assert _left_behind(desk) == []


@pytest.mark.parametrize(("name", "mark"), [("The web server", "granian"), ("The worker", "motcua\0worker")])
def test_a_program_that_dies_is_reported_and_started_again(run, desk, name, mark) -> None:
    run.until("Press Ctrl-C")
    first = _processes(desk, mark)
    os.kill(min(first), signal.SIGKILL)
    run.until(f"{name} stopped unexpectedly")
    deadline = time.monotonic() + 60
    while not _processes(desk, mark) - first:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    _until_it_answers(run.port)
    assert run.end()[0] == 0
    assert _left_behind(desk) == []


def _processes(home: Path, mark: str) -> set[int]:
    """The numbers of the processes on a data folder whose command line holds a mark."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.fsencode(home) in (folder / "environ").read_bytes() and mark in (folder / "cmdline").read_text():
                found.add(int(folder.name))
        except OSError:
            continue
    return found


def _until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                assert answer.status == 200
                return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_killed_run_takes_its_children_and_its_database_with_it(run, desk) -> None:
    run.until("Press Ctrl-C")
    run.process.kill()
    run.process.communicate(timeout=60)
    deadline = time.monotonic() + 60
    while _left_behind(desk):
        assert time.monotonic() < deadline, _left_behind(desk)
        time.sleep(0.1)


def _only_line(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*_MOTCUA, "run", *arguments], env=_environment(home), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


def test_a_taken_port_is_one_line_that_names_it_and_the_way_out(tmp_path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = _only_line(tmp_path, "--port", str(port))
    assert f"Port {port}" in line
    assert f"--port {port + 1}" in line
    assert not (tmp_path / "pg").exists()


def test_a_broken_database_folder_is_one_line_that_names_it(tmp_path) -> None:
    (tmp_path / "pg" / "base").mkdir(parents=True)
    line = _only_line(tmp_path, "--port", str(free_port()))
    assert str(tmp_path / "pg") in line
    assert "broken" in line


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    line = _only_line(tmp_path / "file" / "home", "--port", str(free_port()))
    assert str(tmp_path / "file") in line
