"""The session's own data folder, quick passwords, Hypothesis' profile, and the tests over shared data."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

HOME = Path(os.environ["MOTCUA_HOME"])
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
_held: list[IO[bytes]] = []


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.WHITENOISE_AUTOREFRESH = True
    hypothesis_settings.register_profile("motcua", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    hypothesis_settings.load_profile("motcua")
    if not IS_WORKER:
        _hold(HOME)
        _sweep()
    shared = os.environ.get("MOTCUA_SHARED")
    if shared and not Path(shared).is_dir():
        raise pytest.UsageError(f"MOTCUA_SHARED points at {shared}, which is no folder")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not IS_WORKER:
        from motcua.config import counting

        counting.forget()
        shutil.rmtree(HOME, ignore_errors=True)


def _hold(home: Path) -> None:
    lock = (home / "session.lock").open("ab")
    fcntl.flock(lock, fcntl.LOCK_EX)
    _held.append(lock)


def _sweep() -> None:
    """Stops servers and removes folders of earlier sessions that were killed."""
    from motcua.config.embedded import Embedded

    for old in Path(tempfile.gettempdir()).glob("motcua-test-*"):
        lock_path = old / "session.lock"
        if old == HOME or not lock_path.exists() or lock_path.stat().st_uid != os.geteuid():
            continue
        with lock_path.open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # a session of somebody else that is running now
            Embedded(old).stop_if_unused()
            shutil.rmtree(old, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not os.environ.get("MOTCUA_SHARED"):
        items[:] = [item for item in items if "shared" not in getattr(item, "fixturenames", ())]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not os.environ.get("MOTCUA_SHARED"):
        terminalreporter.write_line("Tests over the shared data did not run: set MOTCUA_SHARED to its folder.")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real public data that lies beside the repository; tests that ask for it run only where it is."""
    return Path(os.environ["MOTCUA_SHARED"]).absolute()


@pytest.fixture(scope="session")
def home() -> Path:
    """The session's data folder (MOTCUA_HOME)."""
    return HOME
