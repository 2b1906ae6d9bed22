"""An installation with dossiers in it, reached as an operator does: by commands, each in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from motcua.backups import changes, hashing
from motcua.backups.hashing import Table
from motcua.config.embedded import Embedded

_STARTER = "from motcua.cli.django import setup; setup(); from motcua import starter; starter.load(demo=True)"


@dataclass
class Desk:
    """A data folder, the folder of its backups, and what was set in the environment."""

    home: Path
    backups: Path
    set: dict[str, str]

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a command on this installation."""
        dropped = {"DATABASE_URL", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST"}
        kept = {name: value for name, value in os.environ.items() if name not in dropped}
        return kept | {"LANG": "en_US.UTF-8"} | self.set | {"MOTCUA_HOME": str(self.home)} | more

    def try_(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A verb of motcua, whatever comes of it."""
        command = [sys.executable, "-m", "motcua", *arguments]
        return subprocess.run(command, env=self.environment(**more), capture_output=True, text=True, check=False)

    def run(self, *arguments: str, **more: str) -> str:
        """A verb of motcua that must succeed; what it printed."""
        done = self.try_(*arguments, **more)
        assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
        return done.stdout

    def told(self, *arguments: str, **more: str) -> Any:
        """What a verb says as JSON."""
        return json.loads(self.run(*arguments, "--json", **more))

    def prepare(self) -> None:
        """Tables and the demo province."""
        self.run("migrate")
        subprocess.run([sys.executable, "-c", _STARTER], env=self.environment(), check=True, capture_output=True)

    def follow(self) -> subprocess.Popen[bytes]:
        """Starts copying the changes."""
        return subprocess.Popen([sys.executable, "-m", "motcua", "archive", str(self.backups)], env=self.environment())

    def elsewhere(self, home: Path) -> "Desk":
        """A new, empty data folder with this one's keys."""
        (home / "keys").mkdir(parents=True, mode=0o700)
        shutil.copy2(self.home / "keys" / "data.key", home / "keys" / "data.key")
        return Desk(home, self.backups, self.set)

    def hashes(self) -> dict[str, Table]:
        """The hash of each business table now."""
        with Embedded(self.home) as server, changes.connect(server) as connection, connection.transaction():
            return hashing.tables(connection)

    def ask(self, query: str) -> Any:
        """One value from the database, as the superuser."""
        with Embedded(self.home) as server, changes.connect(server) as connection:
            found = connection.execute(query.encode()).fetchone()
            return found[0] if found else None

    def position(self) -> int:
        """The last position of the log."""
        return int(self.ask("SELECT coalesce(max(position), 0) FROM dossiers_position"))


def wait(until: Callable[[], bool]) -> None:
    """Waits for something that another process does; fails after a minute."""
    deadline = time.monotonic() + 60
    while not until():
        assert time.monotonic() < deadline, "it did not happen within a minute"
        time.sleep(0.05)
