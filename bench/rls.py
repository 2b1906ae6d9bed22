"""One claim: PostgreSQL's row-level security, the second wall behind every query, costs less than 10 %.

The peer is the same installation without it: policies switched off, no lists set when a reader is made, none taken away
when an answer is sent. Two copies of one database are served at once and take turns: a case officer's inbox with one
user and with sixteen, the desk's list of results to collect, a dossier's page, and the intake of eight clients at one
desk. What a page shows is compared first.
"""

import argparse
import re
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from inbox import CASE, DESK, is_inbox
from intake import PATH, Body, accepted
from rig import machine
from rig.client import Answer, Stretch, User, WrongAnswer, ask, signed_in
from rig.installation import Installation, installation

GOAL, CLIENTS, MANY = 10, 8, 16
WITH, WITHOUT = "bench_walls", "bench_open"
_SECRETS = re.compile(rb'(csrfmiddlewaretoken|command_id)" value="[^"]*"| nonce="[^"]*"')
Make = Callable[[User], bytes]


@dataclass(frozen=True, slots=True)
class Work:
    """What is measured: its name, who asks in each database, how a request is made, and which answer is right."""

    name: str
    users: dict[str, list[User]]
    make: Make
    good: Callable[[Answer], bool]


def prepared(place: Installation, count: int, rounds: int) -> dict[str, Any]:
    """Two copies of a database with so many dossiers, the second without policies; the sessions of both."""
    place.make(WITH)
    place.inside(WITH, "fill", str(count), str(count), CASE, DESK)
    people: dict[str, Any] = place.inside(WITH, "look", "2", str(rounds), str(MANY), f"{CASE}:0", f"{DESK}:2")
    place.copy(WITHOUT, WITH)
    with place.connect(WITHOUT) as connection:
        found = connection.execute("SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity").fetchall()
        for (table,) in found:
            connection.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for name in (WITH, WITHOUT):
        with place.connect(name) as connection:
            connection.execute("VACUUM (ANALYZE)")
    print(f"{count:,} dossiers; policies on {', '.join(sorted(table for (table,) in found))}")
    return people


def works(place: Installation, people: dict[str, Any]) -> list[Work]:
    """Everything that is measured, with the people signed in on both sides."""
    ports = {WITH: place.serve(WITH), WITHOUT: place.serve(WITHOUT, as_system=True)}

    def users(who: str, count: int) -> dict[str, list[User]]:
        keys = people[who]["sessions"][:count]
        return {name: [User(port, {b"sessionid": key.encode()}) for key in keys] for name, port in ports.items()}

    one = users(CASE, 1)
    link = re.search(r"/office/ho-so/[0-9a-f-]{36}/", one[WITH][0].get("/office/").text)
    if link is None:
        sys.exit("the inbox is empty")
    desks: dict[str, list[User]] = {name: [] for name in ports}
    for _client in range(CLIENTS):
        for name, port in ports.items():
            place.forget_tries(name)
            desks[name].append(signed_in(port, DESK, place.password))
    bodies = {id(user): Body(user) for side in desks.values() for user in side}
    _alike(one, "/office/", link[0])
    return [
        Work("inbox, 1 user", one, _get("/office/"), is_inbox),
        Work(f"inbox, {MANY} users", users(CASE, MANY), _get("/office/"), is_inbox),
        Work("to collect, 1 user", users(DESK, 1), _get("/office/?muc=cho-tra"), is_inbox),
        Work("a dossier's page, 1 user", one, _get(link[0]), lambda answer: answer.status == 200),
        Work(f"intake, {CLIENTS} clients", desks, lambda user: bodies[id(user)].request(user, PATH), accepted),
    ]


def _get(path: str) -> Make:
    return lambda user: user.request("GET", path)


def _alike(users: dict[str, list[User]], *paths: str) -> None:
    """Ends the program unless both sides show the same."""
    for path in paths:
        pages = {_SECRETS.sub(b"", side[0].get(path).body) for side in users.values()}
        if len(pages) != 1:
            sys.exit(f"{path} differs with and without policies")


def measure(place: Installation, work: Work, turns: int, seconds: float) -> dict[str, list[Stretch]]:
    """Turns of both sides, each side first in every other one; a first pair only warms up."""
    found: dict[str, list[Stretch]] = {name: [] for name in work.users}
    for turn in range(-1, turns):
        order = (WITH, WITHOUT) if turn % 2 else (WITHOUT, WITH)
        for name in order:
            place.checkpoint()
            stretch = ask(work.users[name], work.make, work.good, seconds)
            if turn >= 0:
                found[name].append(stretch)
    return found


def row(name: str, found: dict[str, list[Stretch]]) -> float:
    """Prints a line; the cost in per cent of the time that a request takes, the median over pairs of turns."""
    every = {side: [second for each in turns for second in each.seconds] for side, turns in found.items()}
    cells = "".join(
        f"{statistics.median(each.rate for each in found[side]):>9.0f}{machine.percentile(every[side], 50):>9.2f}"
        f"{machine.percentile(every[side], 95):>9.2f}"
        for side in (WITH, WITHOUT)
    )
    cost = statistics.median(
        100 * (bare.rate / walled.rate - 1) for walled, bare in zip(found[WITH], found[WITHOUT], strict=True)
    )
    print(f"{name:26}{cells}{cost:>+9.1f}")
    return cost


def main() -> None:
    """Measures and prints; a wrong answer or two different pages end it with exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--dossiers", type=int, default=10_000, help="how many dossiers there are")
    parser.add_argument("--seconds", type=float, default=5, help="how long each turn is")
    parser.add_argument("--turns", type=int, default=7, help="how many turns each side has")
    parser.add_argument("--quick", action="store_true", help="only show that it works; the figures mean nothing")
    options = parser.parse_args()
    if options.quick:
        options.dossiers, options.seconds, options.turns = 300, 0.2, 2
    print(machine.line("django", "granian", "psycopg"))
    with installation() as place:
        people = prepared(place, options.dossiers, 1)
        asked = works(place, people)
        print(f"{'':26}{'with: /s':>9}{'p50 ms':>9}{'p95 ms':>9}{'without':>9}{'p50 ms':>9}{'p95 ms':>9}{'cost %':>9}")
        costs = [row(work.name, measure(place, work, options.turns, options.seconds)) for work in asked]
    print(f"highest cost {max(costs):+.1f} %; goal below {GOAL} %: {machine.judged(max(costs) < GOAL)}")


if __name__ == "__main__":
    try:
        main()
    except WrongAnswer as wrong:
        sys.exit(str(wrong))
