"""An installation of its own as a desk runs it, with everything it writes caught: web, worker, database, commands."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from motcua.config.embedded import Embedded
from motcua.config.supervisor import web_command
from support.server import free_port, wait_for

_TESTS = Path(__file__).parents[1]
# Many commands in one process: starting one takes longer than most of them.
_COMMANDS = """
import io, json, sys
from motcua.cli import main
for arguments, typed, code in json.load(sys.stdin):
    sys.stdin = io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8")
    try:
        main(arguments, prog_name="motcua")
    except SystemExit as end:
        assert (end.code or 0) == code, (arguments, end.code)
"""
_WORLD = """
from motcua.cli import main
main(["migrate"], standalone_mode=False)
from motcua.config.static import collect
collect()
from motcua.agencies.access import Role
from motcua.agencies.commands import set_password
from support.world import PASSWORD, make_world
world = make_world()
for role in (Role.DESK_OFFICER, Role.CASE_OFFICER, Role.LEADER):
    set_password(world.user(role).username, PASSWORD)
"""


@dataclass
class Installation:
    """A data folder with its running programs; `said` is the folder with what they print."""

    home: Path
    said: Path
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """This Python as an operator's: without what the suite set."""
        dropped = {"DATABASE_URL", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST"}
        kept = {key: value for key, value in os.environ.items() if key not in dropped}
        own = {"MOTCUA_HOME": str(self.home), "PYTHONPATH": str(_TESTS), "MOTCUA_LOG_LEVEL": "DEBUG"}
        quick = {"MOTCUA_RATE_PERCENT": "10000", "MOTCUA_WEB_WORKERS": "1"}
        return kept | own | quick | {"MOTCUA_SECOND_FACTOR_ROLES": "administrator"}

    def motcua(self, *arguments: str, typed: str = "", code: int = 0) -> str:
        """A command to its end; what it prints is caught, too."""
        return self._run([sys.executable, "-m", "motcua", *arguments], typed, code)

    def _run(self, command: list[str], typed: str, code: int) -> str:
        done = subprocess.run(
            command, env=self.environment(), input=typed, capture_output=True, text=True, check=False,
            cwd=self.home.parent, timeout=300,
        )  # fmt: skip
        with (self.said / "commands.log").open("a", encoding="utf-8") as log:
            log.write(done.stdout + done.stderr)
        assert done.returncode == code, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def commands(self, *listed: tuple[list[str], str, int]) -> None:
        """Commands with what is typed and the exit code of each; what they print is caught, too."""
        self._run([sys.executable, "-c", _COMMANDS], json.dumps(listed), 0)

    def begin(self) -> None:
        """Tables, a small province with passwords, web and worker."""
        self._run([sys.executable, "-c", _WORLD], "", 0)
        web = self._start("web", web_command("127.0.0.1", self.port))
        self._start("worker", [sys.executable, "-m", "motcua", "worker"])
        wait_for(self.url + "/accounts/login/", web)

    def _start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.said / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(command, env=self.environment(), stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def stop(self) -> None:
        """Stops web and worker."""
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(timeout=60)

    def server(self) -> Embedded:
        """The database's server, to join it."""
        return Embedded(self.home)
