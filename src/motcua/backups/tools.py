"""Runs PostgreSQL's own programs against the embedded server, so that none outlives us and none shows a password."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from psycopg.conninfo import make_conninfo

from motcua.config import cluster, layout
from motcua.config.embedded import Embedded
from motcua.config.home import secret
from motcua.config.trouble import Trouble

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def environment(server: Embedded) -> dict[str, str]:
    """The environment of a program that signs in as the superuser; other users cannot read it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PG"))}
    return kept | {"LC_ALL": "C", "PGPASSWORD": secret(cluster.SUPERUSER, server.home)}


def address(server: Embedded) -> str:
    """Where the server is reached, without the password."""
    return make_conninfo(host=str(server.socket), port=layout.PORT, user=cluster.SUPERUSER)


def run(program: str, arguments: Sequence[str], server: Embedded | None = None) -> str:
    """Runs a program to its end and returns what it printed; raises `Trouble` with its reason when it fails."""
    command = [str(cluster.program(program)), *arguments]
    if server is not None:
        command += ["--dbname", address(server), "--no-password"]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, preexec_fn=die_with_parent,
        env=environment(server) if server else None,
    )  # fmt: skip
    if done.returncode:
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        reason = next((line for line in lines if "error" in line.lower()), lines[-1] if lines else str(done.returncode))
        raise Trouble(f"{program}: {reason}", f"{program}: {reason}")
    return done.stdout


def die_with_parent() -> None:
    """In the child: should we be killed outright, the kernel asks the child to end (Linux only)."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def size(folder: Path) -> int:
    """Bytes of all files under a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
