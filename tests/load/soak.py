"""A desk under load whose processes are killed at random: `python tests/load/soak.py --kills 1000`.

`motcua run` with its web, worker and durable database serves signed-in staff, who send again what was not
acknowledged. Afterwards every acknowledged act is there once, or the program ends with code 1 and says what is not.
"""

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))

from load import judge
from load.clients import Book, Clerk
from load.counter import TABLE
from load.desk import desk, wait
from load.killer import Killer
from motcua.config.embedded import Embedded
from motcua.config.roles import APP
from motcua.config.supervisor import Supervisor

_WARDS = ("mau-01", "mau-02", "mau-03")
_TOLD_EVERY = 50  # kills; a long run says that it goes on
_COUNTER = Path(__file__).with_name("counter.py")


@contextmanager
def running(folder: Path, environment: dict[str, str]) -> Iterator[int]:
    """`motcua run` on a folder, and the counting follower beside it; yields the port. All of it is ended."""
    children, over = Supervisor(), threading.Event()
    with desk(folder, environment, folder.with_suffix(".log")) as port:
        _make_table(folder)
        children.start("follower", [sys.executable, str(_COUNTER)], {"DATABASE_URL": None, **environment})
        watching = threading.Thread(target=_watch, args=(children, over))
        watching.start()
        try:
            yield port
        finally:
            over.set()
            watching.join()
            children.stop()


class _OverError(Exception):
    """Ends the watch."""


def _watch(children: Supervisor, over: threading.Event) -> None:
    def look() -> None:
        if over.is_set():
            raise _OverError

    try:
        children.watch(look, lambda _line: None)
    except _OverError:
        return


def _make_table(folder: Path) -> None:
    with psycopg.connect(Embedded(folder).conninfo("motcua"), autocommit=True) as connection:
        connection.execute(f"CREATE TABLE IF NOT EXISTS public.{TABLE} (position bigint NOT NULL)")
        connection.execute(f"GRANT SELECT, INSERT ON public.{TABLE} TO {APP}")


def _connected(folder: Path) -> psycopg.Connection:
    """A connection as soon as the database has recovered from the last blow."""
    found: list[psycopg.Connection] = []

    def connect() -> bool:
        try:
            found.append(psycopg.connect(Embedded(folder).conninfo("motcua"), autocommit=True))
        except psycopg.OperationalError:
            return False
        return True

    wait(connect, "the database takes connections again")
    return found[0]


def _kill(killer: Killer, kills: int, book: Book, random: Random, clerks: list[threading.Thread]) -> None:
    """Kills so often; mostly work must go on in between, else the next blow falls into the recovery."""
    while killer.killed.total() < kills and any(clerk.is_alive() for clerk in clerks):
        if killer.kill():
            if killer.killed.total() % _TOLD_EVERY == 0:
                print(f"{killer.killed.total()} kills, {len(book.acts)} acts acknowledged", file=sys.stderr, flush=True)
            if random.random() < 0.6:
                _work_goes_on(book)
        time.sleep(random.uniform(0.05, 0.8))


def _work_goes_on(book: Book) -> None:
    before = len(book.acts)
    wait(lambda: len(book.acts) > before or book.wrong, "work goes on after a kill")


def soak(folder: Path, kills: int, seed: int) -> tuple[list[str], str]:
    """Runs it; returns what is wrong, one line each, and what was done in one line."""
    random, book, over, begun = Random(seed), Book(), threading.Event(), time.monotonic()
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MOTCUA_", "DATABASE_", "PYTEST"))
    }
    environment = kept | {"MOTCUA_HOME": str(folder), "MOTCUA_WEB_WORKERS": "2", "LANG": "en_US.UTF-8"}
    with running(folder, environment) as port:
        password = (folder / "keys" / "demo-password").read_text().strip()
        clerks = [threading.Thread(target=Clerk(port, ward, password, book, over).work) for ward in _WARDS]
        for clerk in clerks:
            clerk.start()
        killer = Killer(folder, random)
        try:
            _kill(killer, kills, book, random, clerks)
        finally:
            over.set()
            for clerk in clerks:
                clerk.join()
        with _connected(folder) as connection:
            wait(lambda: judge.is_settled(connection), "every follower reads to the end")
            faults = [*book.wrong, *judge.judge(connection, book.acts), *judge.verified(environment)]
    whom = ", ".join(f"{count} {kind}" for kind, count in sorted(killer.killed.items()))
    done = f"{killer.killed.total()} kills ({whom}), {len(book.acts)} acts acknowledged, {book.repeats} sent again"
    return faults, f"{done}, {time.monotonic() - begun:.0f} s, seed {seed}"


def main() -> None:
    """Runs the soak in a folder of its own, which stays when something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=Random().randrange(10**6))
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="motcua-soak-"))
    place.chmod(0o711)
    faults, told = soak(place / "var", options.kills, options.seed)
    print(told)
    for fault in faults:
        print(f"  {fault}")
    print("sound" if not faults else f"NOT SOUND: {len(faults)} faults, the folder is {place}")
    if not faults:
        shutil.rmtree(place)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
