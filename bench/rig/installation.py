"""A data folder with its own embedded PostgreSQL, databases in it, and the web served over them as `motcua run` does.

The server is durable as in every installation (fsync, full commits). Everything that was started is stopped at the end;
a folder that was not named by the person is removed.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from motcua.config import cluster, home, roles, supervisor
from motcua.config.embedded import Embedded

_BENCH = Path(__file__).resolve().parents[1]
_STARTER = "bench_starter"
HOST = "127.0.0.1"


class Installation:
    """An installation of the demo province, without the tree of units, which neither the desk nor the inbox reads."""

    def __init__(self, folder: Path, embedded: Embedded) -> None:
        self.folder = folder
        self._embedded = embedded
        self._children = supervisor.Supervisor()

    @property
    def password(self) -> str:
        """The one password of the demo accounts."""
        return (self.folder / "keys" / "demo-password").read_text(encoding="ascii").strip()

    def has(self, name: str) -> bool:
        """Whether there is a database of this name."""
        with self._maintenance() as connection:
            return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def make(self, name: str) -> None:
        """A new database with the demo province; the first one is made by Motcua, the others are copied."""
        if not self.has(_STARTER):
            draft = f"{_STARTER}_draft"
            self._copy(draft, "template1", replace=True)
            self.inside(draft, "starter")
            with self._maintenance() as connection:
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(_STARTER))
                )
        self._copy(name, _STARTER)

    def copy(self, name: str, of: str) -> None:
        """A new database with everything that another one holds now."""
        self._copy(name, of)

    def rename(self, name: str, new: str) -> None:
        """Gives a database its final name, once it is whole."""
        with self._maintenance() as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new))
            )

    def drop(self, name: str) -> None:
        """Removes a database, if it is there."""
        with self._maintenance() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))

    def connect(self, name: str) -> psycopg.Connection:
        """A connection as the owner, to look and to make scratch tables; each statement commits."""
        return psycopg.connect(self._embedded.conninfo(name, roles.OWNER), autocommit=True)

    def checkpoint(self) -> None:
        """Write everything out, so that what is measured next does not pay for what was before."""
        with self._maintenance() as connection:
            connection.execute("CHECKPOINT")

    def forget_tries(self, name: str) -> None:
        """Gives back what sign-ins have spent: the clients are many officers, whom one machine plays."""
        with self.connect(name) as connection:
            connection.execute("DELETE FROM agencies_allowance")

    def inside(self, name: str, verb: str, *arguments: str) -> Any:
        """Runs a verb of `rig.inside` with Django on a database; returns what it prints, read as JSON."""
        return self.run(name, "rig.inside", verb, *arguments)

    def run(self, name: str, module: str, *arguments: str) -> Any:
        """Runs a module of the rig on a database; returns what it prints, read as JSON."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, env=os.environ | self._environment(name), stdout=subprocess.PIPE, check=False)
        if done.returncode:
            sys.exit(f"{module} on {name} failed with status {done.returncode}")
        return json.loads(done.stdout)

    def motcua(self, name: str, *arguments: str) -> str:
        """Runs a verb of Motcua's command line on a database; returns what it prints."""
        command = [sys.executable, "-m", "motcua", *arguments]
        done = subprocess.run(command, env=os.environ | self._environment(name), stdout=subprocess.PIPE, check=False)
        if done.returncode:
            sys.exit(f"motcua {' '.join(arguments)} failed with status {done.returncode}: {done.stdout.decode()}")
        return done.stdout.decode()

    def pg_dump(self, name: str) -> None:
        """Reads a whole database once, as a backup does, and writes it to nowhere."""
        command = [str(cluster.program("pg_dump")), "--format=custom", "--compress=0"]
        command += [f"--host={self._embedded.socket}", f"--username={roles.OWNER}", f"--dbname={name}"]
        password = {"PGPASSWORD": home.secret(roles.OWNER, self.folder)}
        subprocess.run(command, env=os.environ | password, stdout=subprocess.DEVNULL, check=True)

    def work(self, name: str) -> None:
        """Starts the worker on a database."""
        self._children.start("the worker", [sys.executable, "-m", "motcua", "worker"], self._environment(name))

    def serve(self, name: str, settings: str = "motcua.config.settings", *, as_system: bool = False) -> int:
        """Serves a database with the server settings of `motcua run`; returns the port.

        `as_system` connects as no web does: row-level security then hides nothing and nobody tells it who reads.
        """
        port = _free_port()
        environment = self._environment(name) | {"DJANGO_SETTINGS_MODULE": settings}
        if as_system:
            environment["DATABASE_URL"] += "&options=-c%20motcua.reader%3Dsystem"
        self._children.start("the web server", supervisor.web_command(HOST, port), environment)
        self._children.wait_for_answer(HOST, port)
        return port

    def stop(self) -> None:
        """Stops web and workers."""
        self._children.stop()

    def _environment(self, name: str) -> dict[str, str]:
        """What a program needs to work on a database of this installation, as the application's role."""
        key = home.secret(roles.OWNER, self.folder)
        return {
            "MOTCUA_HOME": str(self.folder),
            "MOTCUA_DB_ROLE": "app",
            "DATABASE_URL": f"postgresql://{roles.OWNER}:{key}@/{name}?host={self._embedded.socket}&port=5432",
            "PYTHONPATH": str(_BENCH),
        }

    def _maintenance(self) -> psycopg.Connection:
        return psycopg.connect(self._embedded.conninfo(), autocommit=True)

    def _copy(self, name: str, template: str, *, replace: bool = False) -> None:
        if replace:
            self.drop(name)
        statement = "CREATE DATABASE {} TEMPLATE {} OWNER {}"
        parts = [sql.Identifier(part) for part in (name, template, roles.OWNER)]
        with self._maintenance() as connection:
            connection.execute(sql.SQL(statement).format(*parts))


@contextmanager
def installation(folder: Path | None = None) -> Iterator[Installation]:
    """An installation in `folder`, which stays, or in a temporary one, which goes."""
    os.environ.pop("DATABASE_URL", None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    place = folder.absolute() if folder else Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    try:
        with Embedded(place) as embedded:
            made = Installation(place, embedded)
            try:
                yield made
            finally:
                made.stop()
    finally:
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
