"""Staff at their screens, who never give up: what was not acknowledged is sent again under the same command id."""

import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from rig import form
from rig.client import Answer, User, WrongAnswer, signed_in, token_of

_INTAKE = "/office/tiep-nhan/1.001193/"
_DONE = re.compile(rb"\r\nlocation: */office/tiep-nhan/xong/([0-9a-f-]{36})/", re.IGNORECASE)
_SEEN = re.compile(r'name="seen_seq" value="(\d+)"')
_NUMBERS = count(1)
_WORDS = ("An", "Bình", "Chi", "Dũng", "Giang", "Hạnh", "Khánh", "Linh", "Nam", "Oanh", "Phúc", "Quỳnh", "Yến")
_PATIENCE = 180.0
T = TypeVar("T")


@dataclass(frozen=True)
class Acknowledged:
    """An act of which the server said that it is done: its command, and the dossier it was done on."""

    command: str
    kind: str
    dossier: str


@dataclass
class Book:
    """What was acknowledged, and how often something had to be sent again."""

    acts: list[Acknowledged] = field(default_factory=list)
    repeats: int = 0
    wrong: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, act: Acknowledged, tries: int) -> None:
        """Writes down an acknowledged act."""
        with self._lock:
            self.acts.append(act)
            self.repeats += tries - 1


class Clerk:
    """A desk officer and a case officer of one ward: they take in dossiers and act on them until each act is done."""

    def __init__(self, port: int, ward: str, password: str, book: Book, over: threading.Event) -> None:
        self._desk = signed_in(port, f"tiepnhan.{ward}", password)
        self._officer = signed_in(port, f"thuly.{ward}", password)
        self._book, self._over = book, over

    def work(self) -> None:
        """Takes in dossiers and acts on them until the soak is over; the last act is still brought to its end."""
        try:
            while not self._over.is_set():
                dossier = self._take_in()
                for user, act, more in (
                    (self._officer, "nhan", {}),
                    (self._officer, "bo-sung", {"items": "Giấy chứng sinh", "reason": ""}),
                    (self._desk, "tiep-tuc", {}),
                    (self._desk, "rut", {"reason": ""}),
                ):
                    if self._over.is_set():
                        return
                    self._act(user, dossier, act, more)
        except WrongAnswer as wrong:
            self._book.wrong.append(str(wrong))

    def _take_in(self) -> str:
        fields, files = self._until(self._form)
        number, command = next(_NUMBERS), str(uuid4())
        fields |= {
            "owner-name": _name(number), "owner-id_number": f"000{number:09}", "owner-phone": "0900000001",
            "owner-address": "Tổ 3, phường Hoa Sen", "owner-birth_date": "05/02/1990", "command_id": command,
            "do": "save",
        }  # fmt: skip
        request = self._desk.request("POST", _INTAKE, form.pack(fields, files), form.KIND)

        def send() -> str | None:
            answer = self._desk.exchange(request)
            found = _DONE.search(answer.head)
            return found[1].decode() if found else _again(answer)

        return self._acknowledged(command, "Receive", send)

    def _form(self) -> tuple[dict[str, str], list[str]] | None:
        answer = self._desk.get(_INTAKE)
        return form.read(answer.text, "intake") if answer.status == 200 else _again(answer)

    def _act(self, user: User, dossier: str, act: str, more: dict[str, str]) -> None:
        path, command = f"/office/ho-so/{dossier}/", str(uuid4())

        def look() -> dict[str, str] | None:
            answer = user.get(path)
            if answer.status != 200:
                return _again(answer)
            seen = _SEEN.search(answer.text)
            if seen is None:
                raise WrongAnswer(f"no act is offered on the dossier: {answer.said()}")
            return {"csrfmiddlewaretoken": token_of(answer), "command_id": command, "seen_seq": seen[1], **more}

        values = self._until(look)

        def send() -> str | None:
            answer = user.post(f"{path}{act}/", values)
            return dossier if answer.leads_to(path) else _again(answer)

        self._acknowledged(command, act, send)

    def _acknowledged(self, command: str, kind: str, send: Callable[[], str | None]) -> str:
        tries = count(1)
        last = 0

        def once() -> str | None:
            nonlocal last
            last = next(tries)
            return send()

        dossier = self._until(once)
        self._book.note(Acknowledged(command, kind, dossier), last)
        return dossier

    def _until(self, ask: Callable[[], T | None]) -> T:
        """Asks until there is an answer: what does not answer now is being started again."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                if (found := ask()) is not None:
                    return found
            except OSError:
                for user in (self._desk, self._officer):
                    user.close()
            if time.monotonic() > deadline:
                raise WrongAnswer(f"no answer within {_PATIENCE:g} seconds")
            time.sleep(0.1)


def _again(answer: Answer) -> None:
    """An answer that says "not now" is asked again; anything else is a fault."""
    if answer.status < 500:
        raise WrongAnswer(f"status {answer.status}: {answer.said()}")


def _name(number: int) -> str:
    words = []
    while number:
        number, place = divmod(number, len(_WORDS))
        words.append(_WORDS[place])
    return " ".join(("Mẫu", *words))
