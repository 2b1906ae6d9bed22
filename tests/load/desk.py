"""An installation as it runs, and a clerk at its intake form who sends what the page of an outage kept for her."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from rig import form
from rig.client import Answer, User, signed_in

INTAKE = "/office/tiep-nhan/1.001193/"
_RECEIPT = re.compile(rb"\r\nlocation: *(/office/tiep-nhan/xong/[0-9a-f-]{36}/)", re.IGNORECASE)
_PATIENCE = 180.0


class StillNotError(RuntimeError):
    """Something did not happen within three minutes."""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(until: Callable[[], object], what: str) -> None:
    """Waits for something; raises StillNotError after three minutes."""
    deadline = time.monotonic() + _PATIENCE
    while not until():
        if time.monotonic() > deadline:
            raise StillNotError(what)
        time.sleep(0.1)


@contextmanager
def desk(folder: Path, environment: Mapping[str, str], log: Path) -> Iterator[int]:
    """`motcua run` with the demo province on a folder; yields its port. It is stopped by SIGINT and must end well."""
    port = free_port()
    with log.open("wb") as out:
        command = [sys.executable, "-m", "motcua", "run", "--port", str(port)]
        process = subprocess.Popen(command, env=dict(environment), stdout=out, stderr=subprocess.STDOUT)
        try:
            wait(lambda: b"Ctrl-C" in log.read_bytes() or process.poll() is not None, "motcua run")
            if process.poll() is not None:
                raise StillNotError(log.read_text())
            yield port
        finally:
            process.send_signal(signal.SIGINT)
            code = process.wait(timeout=120)
        if code != 0:
            raise StillNotError(f"motcua run ended with code {code}\n{log.read_text()[-2000:]}")


@dataclass
class Clerk:
    """A signed-in desk officer with an open intake form."""

    user: User
    fields: dict[str, str]
    files: list[str]

    @classmethod
    def at(cls, port: int, folder: Path) -> "Clerk":
        """Signs in and opens the form."""
        user = signed_in(port, "tiepnhan.mau-01", (folder / "keys" / "demo-password").read_text().strip())
        return cls(user, *form.read(user.get(INTAKE).text, "intake"))

    def take_in(self) -> Answer:
        """Sends the filled form of one more dossier."""
        filled = {
            "owner-name": "Nguyễn Thị Mẫu", "owner-id_number": "000000000001", "owner-phone": "0900000001",
            "owner-address": "Tổ 3, phường Hoa Sen", "owner-birth_date": "05/02/1990", "command_id": str(uuid4()),
            "do": "save",
        }  # fmt: skip
        return self.send(self.fields | filled, self.files)

    def send(self, fields: dict[str, str], files: list[str]) -> Answer:
        """Sends these fields to the intake."""
        self.user.connect()
        return self.user.exchange(self.user.request("POST", INTAKE, form.pack(fields, files), form.KIND))

    def send_again(self, page: Answer) -> Answer:
        """Presses the button of the page that said what is the matter."""
        fields, files = form.read(page.text, "again")
        return self.send(fields, files)

    def get(self, path: str) -> Answer:
        """Opens a page on a new connection."""
        self.user.connect()
        return self.user.get(path)


def receipt(answer: Answer) -> str:
    """The address of the receipt that an answer leads to, "" when it leads to none."""
    found = _RECEIPT.search(answer.head)
    return found[1].decode() if found else ""


def was_taken_in(answer: Answer) -> bool:
    """Whether the answer leads to the receipt."""
    return bool(receipt(answer))
