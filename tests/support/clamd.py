"""A real clamd with one small signature of our own, for the tests of uploads; run as a program it installs Debian's.

python tests/support/clamd.py
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = (
    "The tests of uploads need ClamAV's clamd and none was found: install it (Debian: apt-get install clamav-daemon)."
)
VIRUS = b"motcua-test-virus-5a7e"
_PATIENCE = 60.0


def find() -> str | None:
    """The path of clamd."""
    return shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def install() -> None:
    """Debian's own package, when we are root and apt-get is there."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", "clamav-daemon"]):
            subprocess.run(["apt-get", *command], env=environment, check=False, stdout=subprocess.DEVNULL)


@contextmanager
def running(folder: Path, **options: str) -> Iterator[str]:
    """A clamd that knows one signature, in the foreground; gives its address. Options are those of clamd.conf."""
    program = find()
    if program is None:
        raise RuntimeError(MISSING)
    (folder / "db").mkdir(parents=True)
    (folder / "db" / "motcua.ndb").write_text(f"Motcua.Test:0:*:{VIRUS.hex()}\n", encoding="ascii")
    socket = folder / "clamd.ctl"
    settings = {"DatabaseDirectory": folder / "db", "LocalSocket": socket, "Foreground": "yes", **options}
    config = folder / "clamd.conf"
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), encoding="utf-8")
    process = subprocess.Popen([program, "--config-file", str(config)], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not socket.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("clamd did not start")
            time.sleep(0.05)
        yield f"unix:{socket}"
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


if __name__ == "__main__":
    if find() is None:
        install()
    if find() is None:
        sys.exit(MISSING)
