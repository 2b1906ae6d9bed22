"""The real web server on a free port, for journeys and everything else that must cross HTTP."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from support.database import Fresh
from support.session import HOME

_PATIENCE = 30.0


@dataclass
class RunningServer:
    """Granian serving a fresh database, with the data folder (and so the keys) of this test run."""

    url: str
    database: Fresh
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """What a program needs to work on the same database."""
        return os.environ | {"DATABASE_URL": self.database.url, "MOTCUA_HOME": str(HOME)}

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Starts `python -m <arguments>` beside the server; it is stopped with it."""
        process = subprocess.Popen([sys.executable, "-m", *arguments], env=self.environment())
        self.processes.append(process)
        return process

    def stop(self) -> None:
        """Stops everything that was started here."""
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(timeout=_PATIENCE)


def free_port() -> int:
    """A TCP port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Waits until the address answers anything; fails when the process ends or 30 seconds pass."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the server did not answer at {url}: {error}", pytrace=False)
            time.sleep(0.05)


@pytest.fixture(scope="session")
def collected_static(django_db_setup: None) -> None:
    """The static files with hashed names and compressed, as `motcua run` serves them."""
    import fcntl

    with (HOME / "static.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HOME / "static.ready").exists():
            command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity", "0"]
            subprocess.run(command, check=True, env=os.environ | {"MOTCUA_HOME": str(HOME)})
            (HOME / "static.ready").touch()


@pytest.fixture
def motcua_server(fresh_database: Fresh, collected_static: None) -> Iterator[RunningServer]:
    """The real server on a free port over a fresh database; what the test commits there, the pages show."""
    port = free_port()
    running = RunningServer(f"http://127.0.0.1:{port}", fresh_database)
    web = running.start(
        "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "motcua.config.wsgi:application",
    )  # fmt: skip
    try:
        wait_for(running.url + "/accounts/login/", web)
        yield running
    finally:
        running.stop()
