"""Starts the programs of an installation, starts them again when they die, and leaves none of them behind."""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from motcua.config import env
from motcua.config.trouble import Trouble, say

_PATIENCE = 15.0
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_HELD_SECONDS = 60.0
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def check_port(host: str, port: int) -> None:
    """Raises `Trouble` when nobody could listen on the port: it is taken, or needs other rights."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Trouble(
                f"Không được phép dùng cổng {port}. Hãy chọn cổng từ 1024 trở lên: --port 8000.",
                f"Port {port} is not allowed. Choose one from 1024 up: --port 8000.",
            ) from None
        except OSError as error:
            raise Trouble(
                f"Cổng {port} ở {host} đang bị chương trình khác dùng ({error.strerror}). "
                f'Hãy dừng chương trình đó hoặc chọn cổng khác: make run ARGS="--port {port + 1}".',
                f"Port {port} on {host} is taken by another program ({error.strerror}). "
                f'Stop that program or choose another port: make run ARGS="--port {port + 1}".',
            ) from None


def web_command(host: str, port: int) -> list[str]:
    """The command line of the web server, sized by the settings or the machine."""
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = env.read("MOTCUA_WEB_WORKERS") or min(cpus, 4)
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(env.read("MOTCUA_WEB_THREADS")),
        "--backpressure", "256", "--no-ws", "--http", "1", "--log-level", "warning", "--respawn-failed-workers",
        "--workers-kill-timeout", "10", "motcua.config.wsgi:application",
    ]  # fmt: skip


class BackOff:
    """When to try again what has failed: after half a second, then twice as long each time, at most 30 seconds.

    What held for a minute begins anew with half a second.
    """

    def __init__(self) -> None:
        self._pause = _FIRST_PAUSE
        self._tried = time.monotonic()
        self._next = 0.0

    @property
    def is_due(self) -> bool:
        """Whether the pause is over."""
        return time.monotonic() >= self._next

    def tried(self) -> None:
        """Now it is tried."""
        self._tried = time.monotonic()

    def failed(self) -> float:
        """It has failed, or ended; returns the pause until the next try in seconds."""
        now = time.monotonic()
        pause = _FIRST_PAUSE if now - self._tried > _HELD_SECONDS else self._pause
        self._pause, self._next = min(pause * 2, _LONGEST_PAUSE), now + pause
        return pause


@dataclass
class Child:
    """A program that was started, with the name it is reported under, and what is needed to start it again."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str | None]
    process: subprocess.Popen[bytes]
    again: BackOff = field(default_factory=BackOff)
    waiting: bool = False


class Supervisor:
    """The children of one `motcua run`."""

    def __init__(self) -> None:
        self._children: list[Child] = []

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str | None] | None = None) -> None:
        """Starts a program in a session of its own, so that Ctrl-C reaches only us and we stop all in order.

        It inherits our environment with the changes of `environment`, in which None takes a variable away.
        """
        self._children.append(Child(name, command, environment or {}, _launch(command, environment or {})))

    def check(self) -> None:
        """Raises `Trouble` when a child has ended by itself: at the start that is an error in the installation."""
        for child in self._children:
            code = child.process.poll()
            if code is not None:
                raise Trouble(
                    f"{child.name} đã dừng ngoài ý muốn (mã {code}). Xem các dòng phía trên, rồi chạy lại.",
                    f"{child.name} stopped unexpectedly (code {code}). See the lines above, then run again.",
                )

    def wait_for_answer(self, host: str, port: int, seconds: float = 60.0) -> None:
        """Waits until the web answers with a page; raises `Trouble` when it answers with an error or not at all."""
        deadline, url = time.monotonic() + seconds, f"http://{host}:{port}/"
        while (status := _status(host, port)) is None or status >= 500:
            self.check()
            if status is not None or time.monotonic() > deadline:
                raise Trouble(
                    f"Máy chủ web không trả lời đúng ở {url} (mã {status}). Xem các dòng phía trên.",
                    f"The web server does not answer well at {url} (status {status}). See the lines above.",
                )
            time.sleep(0.05)

    def watch(self, also: Callable[[], None], report: Callable[[str], None]) -> None:
        """Starts children again that end by themselves; returns only by what `also` raises, or a signal's exception."""
        while True:
            for child in self._children:
                self._look_after(child, report)
            also()
            time.sleep(0.2)

    def _look_after(self, child: Child, report: Callable[[str], None]) -> None:
        code = child.process.poll()
        if code is None:
            return
        if not child.waiting:
            _end_session(child.process)  # what it started itself may still hold the port
            pause, child.waiting = child.again.failed(), True
            report(
                say(
                    f"{child.name} đã dừng ngoài ý muốn (mã {code}); chạy lại sau {pause:g} giây.",
                    f"{child.name} stopped unexpectedly (code {code}); it is started again in {pause:g} s.",
                )
            )
        elif child.again.is_due:
            child.again.tried()
            child.process, child.waiting = _launch(child.command, child.environment), False

    def stop(self) -> None:
        """Asks the children to end, the last started first, and kills whatever of them is left after 15 seconds."""
        for child in reversed(self._children):
            with contextlib.suppress(ProcessLookupError):
                child.process.terminate()
        deadline = time.monotonic() + _PATIENCE
        for child in reversed(self._children):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(timeout=max(deadline - time.monotonic(), 0.1))
            _end_session(child.process)
            child.process.wait()
        self._children.clear()


def _launch(command: Sequence[str], environment: Mapping[str, str | None]) -> subprocess.Popen[bytes]:
    whole = {name: value for name, value in {**os.environ, **environment}.items() if value is not None}
    return subprocess.Popen(
        list(command), stdin=subprocess.DEVNULL, start_new_session=True, env=whole,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call; this process has no other thread
    )  # fmt: skip


def _end_session(process: subprocess.Popen[bytes]) -> None:
    """Kills whoever of a child's session is still there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _status(host: str, port: int) -> int | None:
    """The status of the first page, None while nobody answers; a redirection to the encrypted address is an answer."""
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _die_with_parent() -> None:
    """In the child: should `motcua run` be killed outright, the kernel asks the child to end (Linux only)."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
