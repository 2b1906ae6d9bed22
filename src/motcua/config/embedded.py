"""The embedded PostgreSQL: whoever needs it joins it, the first starts it, the last one out stops it."""

import contextlib
import fcntl
import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from motcua.config import cluster, layout, roles, tuning
from motcua.config.account import Account, server_account
from motcua.config.database import EMBEDDED_NAME
from motcua.config.home import home, key_path, make_private, secret
from motcua.config.trouble import Trouble, say

_RECOVERY_SECONDS = 900.0  # a crash in the middle of a large import replays up to max_wal_size
_SILENT_SECONDS = 60.0
_STOP_SECONDS = 90.0
_LOG_BYTES = 10 * 1024 * 1024


def _quiet(_line: str) -> None:
    """Reports nothing."""


class Embedded:
    """The server of one data folder, as seen by one process.

    `join` takes a shared lock on `run/pg.use` for as long as this process uses the server; the kernel drops it when
    the process dies, so the last one out is known even after a crash. `run/pg.gate` serialises starts and stops.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        report: Callable[[str], None] = _quiet,
        patience: float = _RECOVERY_SECONDS,
    ) -> None:
        self.home = (folder or home()).absolute()
        self.data = layout.data_folder(self.home)
        self.socket = layout.socket_folder(self.home)
        self.log = layout.log_file(self.home)
        self._settings = dict(settings or {})
        self._report = report
        self._patience = patience
        self._use: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    # -- joining and leaving ------------------------------------------------------------------------------------

    def join(self) -> None:
        """Uses the server from now on: starts it when it does not run; raises `Trouble` when it cannot."""
        self._prepare_folders()
        with self._gate():
            self._use = self._lock_file("use")
            fcntl.flock(self._use, fcntl.LOCK_SH)
            try:
                if self.running_pid() is None:
                    self._start()
                self._wait_until_ready()
                self._ensure_roles()
            except BaseException:
                self._leave_locked()
                raise

    def revive(self) -> bool:
        """Starts a server again that died while we use it, and waits until it answers; false if it runs.

        Everything committed is there again afterwards. Raises `Trouble` when it cannot start, such as on a full disk.
        """
        if self.running_pid() is not None:
            return False
        with self._gate():
            self._process = None  # what we started is gone; perhaps somebody else started one meanwhile
            if self.running_pid() is None:
                self._start()
            self._wait_until_ready()
        return True

    def leave(self) -> bool:
        """Stops using the server; true if this was the last user, so that it was stopped."""
        if self._use is None:
            return False
        with self._gate():
            return self._leave_locked()

    def stop_if_unused(self) -> bool:
        """Stops a server that was left behind by a process that died; true if nobody uses this folder now."""
        if not layout.lock_folder(self.home).exists():
            return True
        with self._gate():
            self._use = self._lock_file("use")
            return self._leave_locked()

    def __enter__(self) -> "Embedded":
        self.join()
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def _leave_locked(self) -> bool:
        use, self._use = self._use, None
        if use is None:
            return False
        with use:
            try:
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False  # somebody else still uses it
            self._stop()
            return True

    def _prepare_folders(self) -> None:
        make_private(self.home)
        make_private(layout.lock_folder(self.home))
        make_private(self.log.parent)

    def _lock_file(self, name: str) -> IO[bytes]:
        path = layout.lock_folder(self.home) / f"pg.{name}"
        try:
            return path.open("ab")
        except OSError as error:
            raise Trouble(
                f"Không ghi được vào {path}: {error.strerror}. Hãy chạy bằng chủ của thư mục {self.home}.",
                f"Cannot write to {path}: {error.strerror}. Run as the owner of the folder {self.home}.",
            ) from None

    @contextlib.contextmanager
    def _gate(self) -> Iterator[None]:
        with self._lock_file("gate") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield

    # -- connecting ---------------------------------------------------------------------------------------------

    def conninfo(self, database: str = "postgres", login: str = cluster.SUPERUSER) -> str:
        """A libpq connection string to the server; by default as the superuser, whom only set-up uses."""
        return make_conninfo(
            host=str(self.socket), port=layout.PORT, dbname=database, user=login, password=secret(login, self.home)
        )

    def _ensure_roles(self) -> None:
        """The owner and the application as logins, and the database, made when missing."""
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            for login in (roles.OWNER, roles.APP):
                self._ensure_login(connection, login)
            # So that the owner may test what the application may not: SET ROLE motcua_app.
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(roles.APP), sql.Identifier(roles.OWNER)))
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [EMBEDDED_NAME]).fetchone()
            if known is None:
                name, owner = sql.Identifier(EMBEDDED_NAME), sql.Identifier(roles.OWNER)
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))

    def _ensure_login(self, connection: psycopg.Connection, login: str) -> None:
        new_key = not key_path(login, self.home).exists()
        known = connection.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [login]).fetchone()
        if known is None or new_key:
            verb = sql.SQL("CREATE" if known is None else "ALTER")
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(
                    verb, sql.Identifier(login), sql.Literal(secret(login, self.home))
                )
            )

    # -- starting -----------------------------------------------------------------------------------------------

    def running_pid(self) -> int | None:
        """The process id of the server that runs on this folder, else None (also when a stale pid file lies there)."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n", 1)[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return None
        except PermissionError:
            return pid if self._works_here(pid) else None
        return pid if self._works_here(pid) else None

    def _works_here(self, pid: int) -> bool:
        """Whether process `pid` is a server on this folder, not a stranger that was given an old number."""
        cwd = Path(f"/proc/{pid}/cwd")
        if not Path("/proc/self").exists():
            return True  # no /proc on this system: PostgreSQL's own check decides
        try:
            return cwd.resolve(strict=True) == self.data.resolve()
        except OSError:
            return False

    def _start(self) -> None:
        password = secret(cluster.SUPERUSER, self.home) if not self.data.exists() else None
        account = server_account(self.data)
        if not account.is_self:
            for folder in (self.home, layout.lock_folder(self.home)):
                folder.chmod(0o711)  # the account passes through; what lies inside keeps its own rights
        if password is not None:
            self._report(say("Tạo cơ sở dữ liệu mới", "Making a new database"))
            cluster.create(self.data, account, password)
        cluster.check(self.data)
        cluster.check_room(self.data)
        if not key_path(cluster.SUPERUSER, self.home).exists():
            raise cluster.broken(self.data, f"thiếu / missing {key_path(cluster.SUPERUSER, self.home)}")
        self._prepare_socket(account)
        self._drop_stale_locks()
        self._launch(account)

    def _prepare_socket(self, account: Account) -> None:
        """The socket's folder, ours alone; under /tmp somebody else could have made it first: its owner is checked."""
        make_private(self.socket)
        account.give(self.socket)
        status = self.socket.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.uid:
            raise Trouble(
                f"Thư mục {self.socket} thuộc người khác. Hãy xoá nó hoặc đặt MOTCUA_HOME ở đường dẫn ngắn hơn.",
                f"The folder {self.socket} belongs to somebody else. Remove it or set MOTCUA_HOME to a shorter path.",
            )
        self.socket.chmod(0o700)

    def _drop_stale_locks(self) -> None:
        """After a crash the old number may belong to a stranger, at which PostgreSQL would refuse to start."""
        if Path("/proc/self").exists() and self.running_pid() is None:
            for stale in (self.data / "postmaster.pid", self.socket / f".s.PGSQL.{layout.PORT}.lock"):
                stale.unlink(missing_ok=True)

    def _launch(self, account: Account) -> None:
        merged = tuning.settings(self.socket) | self._settings
        flags = [part for name, value in merged.items() for part in ("-c", f"{name}={value}")]
        arguments = [str(cluster.program("postgres")), "-D", str(self.data), *flags]
        command, options = account.command(arguments, cluster.program("postgres"), self.data / "PG_VERSION")
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PG"))}
        with self.log.open("ab") as out:
            self._log_start = out.tell()
            # Its own session: Ctrl-C in the terminal reaches us, and we stop it after everything that uses it.
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/", start_new_session=True,
                env=environment | {"LC_ALL": "C"}, **options,
            )  # fmt: skip

    def _wait_until_ready(self) -> None:
        """Waits for the real answer of the server; recovery after a crash may take long and is said once."""
        begun, told = time.monotonic(), False
        conninfo = make_conninfo(host=str(self.socket), port=layout.PORT, dbname="postgres").encode()
        while (answer := PGconn.ping(conninfo)) != Ping.OK:
            waited = time.monotonic() - begun
            if self._process is not None and self._process.poll() is not None:
                self._retry_or_explain(waited)
            elif self._process is None and self.running_pid() is None:
                self._start()  # it died between our look at its pid file and now
            if answer == Ping.REJECT and waited > 2 and not told:
                told = True
                self._report(say("Cơ sở dữ liệu đang phục hồi sau sự cố", "The database is recovering from a crash"))
            if waited > (self._patience if answer == Ping.REJECT else _SILENT_SECONDS):
                raise cluster.explain(self.data, self._log_of_this_start())
            time.sleep(0.02 if waited < 1 else 0.2)

    def _retry_or_explain(self, waited: float) -> None:
        """Once more when it was killed, or a killed server's children still hold its memory; else the reason."""
        log = self._log_of_this_start()
        if self.running_pid() is not None:
            self._process = None  # somebody else's start came before ours: that one is waited for
            return
        killed = self._process is not None and self._process.returncode < 0
        if waited < 20 and (killed or "is still in use" in log):
            time.sleep(0.2)
            self._drop_stale_locks()
            self._launch(server_account(self.data))
            return
        raise cluster.explain(self.data, log)

    def _log_of_this_start(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode("utf-8", errors="replace")

    # -- stopping -----------------------------------------------------------------------------------------------

    def _stop(self) -> None:
        """A fast shutdown: open transactions are rolled back, everything committed is on disk."""
        pid = self.running_pid()
        if pid is None and self._process is not None and self._process.poll() is None:
            pid = self._process.pid  # just launched: it has not written its pid file yet
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + _STOP_SECONDS
        while self._lives(pid):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGQUIT)  # the log brings everything committed back at the next start
                deadline = float("inf")
            time.sleep(0.02)
        with contextlib.suppress(OSError):
            self.socket.rmdir()

    def _lives(self, pid: int) -> bool:
        if self._process is not None and self._process.pid == pid:
            return self._process.poll() is None
        return self.running_pid() == pid
