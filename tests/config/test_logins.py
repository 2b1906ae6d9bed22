"""Two logins on a PostgreSQL of one's own: pages and worker cannot become who owns the tables."""

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from support.database import Fresh, Server, worker_database
from support.server import free_port


@pytest.fixture
def empty(database_server: Server, migrated_template: str) -> Iterator[Fresh]:
    """A database without any table, which the owner's login owns."""
    fresh = Fresh(database_server, f"{worker_database()}_logins")
    database_server.execute(f'CREATE DATABASE "{fresh.name}" TEMPLATE template0 ENCODING UTF8')
    yield fresh
    database_server.drop(fresh.name)


@pytest.fixture
def running(empty: Fresh, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    kept = {name: value for name, value in os.environ.items() if name not in {"LC_ALL", "LC_MESSAGES"}}
    own = {"MOTCUA_HOME": str(tmp_path / "var"), "LANG": "en_US.UTF-8", "MOTCUA_WEB_WORKERS": "1"}
    command = [sys.executable, "-m", "motcua", "run", "--no-demo", "--port", str(free_port())]
    process = subprocess.Popen(
        command, env=kept | own | empty.logins, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if found := re.search(r"http://localhost:\d+/", line):
            break
    else:
        pytest.fail(f"ended before it told its address:\n{seen}", pytrace=False)
    yield process, found[0]
    process.terminate()
    process.communicate(timeout=60)


def _children(pid: int) -> list[Path]:
    """The folders in /proc of the processes that a process has started."""
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [Path("/proc") / child for child in told]


def test_pages_and_worker_have_the_applications_login_and_know_no_other(running, empty: Fresh) -> None:
    process, address = running
    with urllib.request.urlopen(f"{address}accounts/login/") as answer:
        assert answer.status == 200
    environments = [(child / "environ").read_bytes() for child in _children(process.pid)]
    assert len(environments) >= 2
    for environment in environments:
        assert b"\0DATABASE_URL=" in b"\0" + environment
        assert b"DATABASE_OWNER_URL" not in environment
    with psycopg.connect(empty.url) as owner:
        logins = {
            login
            for (login,) in owner.execute(
                "SELECT usename FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend'"
            ).fetchall()
        }
        assert owner.info.user not in logins
        assert logins
