"""Starts the programs of an installation, watches them, and leaves none of them behind."""

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
from dataclasses import dataclass

from motcua.config import env
from motcua.config.trouble import Trouble

_PATIENCE = 15.0
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


@dataclass(frozen=True)
class Child:
    """A program that was started, with the name it is reported under."""

    name: str
    process: subprocess.Popen[bytes]


class Supervisor:
    """The children of one `motcua run`."""

    def __init__(self) -> None:
        self._children: list[Child] = []

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Starts a program in a session of its own, so that Ctrl-C reaches only us and we stop all in order."""
        process = subprocess.Popen(
            list(command), stdin=subprocess.DEVNULL, start_new_session=True, env={**os.environ, **(environment or {})},
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call; this process has no other thread
        )  # fmt: skip
        self._children.append(Child(name, process))

    def check(self) -> None:
        """Raises `Trouble` when a child has ended by itself."""
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

    def watch(self, also: Callable[[], None]) -> None:
        """Returns only by an exception: a child's end (`Trouble`), what `also` raises, or a signal's."""
        while True:
            self.check()
            also()
            time.sleep(0.5)

    def stop(self) -> None:
        """Asks the children to end, the last started first, and kills whatever of them is left after 15 seconds."""
        for child in reversed(self._children):
            with contextlib.suppress(ProcessLookupError):
                child.process.terminate()
        deadline = time.monotonic() + _PATIENCE
        for child in reversed(self._children):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(timeout=max(deadline - time.monotonic(), 0.1))
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, signal.SIGKILL)  # its session: whoever of it is still there
            child.process.wait()
        self._children.clear()


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
