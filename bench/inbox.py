"""One claim: a clerk's inbox is as quick at a million dossiers as at ten thousand.

A case officer and a desk officer of the busiest ward, each with 500 permitted procedures and no other rights, open
their inbox over HTTP (session, access rules, names unsealed, page made) and further down by keyset. One user first,
then sixteen at once without a pause. The two databases lie on one server and take turns. The queries alone are timed
beside. Budget: p95 at most 100 ms for one user and 300 ms for sixteen, and at a million at most 1.3 times as long.

The dossiers are the demonstration's. The ten thousand are those of the last sixty days, half of them of the last week,
so that much work lies there. The million are the same ten thousand and those of three years before and beside them.
"""

import argparse
import json
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rig import machine
from rig.client import Answer, User, WrongAnswer, ask
from rig.installation import Installation, installation

# Page 12 is full in both worlds, or the pages compared would differ in their rows.
DEEP, BUDGET_ONE, BUDGET_MANY, GOAL, MANY = 12, 100, 300, 1.3, 16
CASE, DESK = "thuly.mau-01", "tiepnhan.mau-01"
_WORK, _READY = "0", "2"  # what waits for the agency, and what waits to be collected


@dataclass(frozen=True, slots=True)
class View:
    """A page of somebody's inbox: its name in the table, who opens it, its address."""

    name: str
    username: str
    path: str


@dataclass(frozen=True, slots=True)
class World:
    """One database, served: how many dossiers it has, its port, the pages, the seconds of its queries, the sessions."""

    dossiers: int
    port: int
    views: tuple[View, ...]
    queries: dict[str, list[float]]
    sessions: dict[str, list[str]]

    def people(self, username: str, count: int) -> list[User]:
        """So many people signed in, each with a session and a connection of their own."""
        return [User(self.port, {b"sessionid": key.encode()}) for key in self.sessions[username][:count]]


def dossiers_in(place: Installation, name: str) -> int:
    """How many dossiers a database holds."""
    with place.connect(name) as connection:
        row = connection.execute("SELECT count(*) FROM dossiers_dossier").fetchone()
    return int(row[0]) if row else 0


def made(place: Installation, count: int, young: int) -> str:
    """The database with so many dossiers, `young` of them recent; made when missing, and named only when whole."""
    name, draft = f"bench_{count}", f"bench_{count}_draft"
    if not place.has(name):
        place.drop(draft)
        place.make(draft)
        took = place.inside(draft, "fill", str(count), str(young), CASE, DESK)
        with place.connect(draft) as connection:
            connection.execute("VACUUM (ANALYZE)")
        (place.folder / f"{name}.json").write_text(json.dumps(took))
        place.rename(draft, name)
    if dossiers_in(place, name) != count:
        sys.exit(f"{name} holds other than {count} dossiers: drop it, or name another folder")
    return name


def describe(place: Installation, name: str, count: int) -> None:
    """Prints how long the making took and how large the database is."""
    took = json.loads((place.folder / f"{name}.json").read_text())
    with place.connect(name) as connection:
        row = connection.execute(
            "SELECT pg_database_size(current_database()), count(*) FILTER (WHERE bucket < 3), "
            "(SELECT count(*) FROM dossiers_event) FROM dossiers_dossier"
        ).fetchone()
    size, open_, events = row or (0, 0, 0)
    minutes = (took["making"] + took["placing"]) / 60
    print(
        f"{count:,} dossiers, {open_:,} of them open, {events:,} events: {size / 1e9:.2f} GB; "
        f"made in {minutes:.1f} min (placing and counting {took['placing'] / 60:.1f}), "
        f"{minutes * 1e6 / count:.1f} min a million"
    )


def world(place: Installation, count: int, rounds: int, young: int) -> World:
    """A database made or found, described, served, and its queries timed."""
    name = made(place, count, young)
    describe(place, name, count)
    asked = (f"{CASE}:{_WORK}", f"{DESK}:{_READY}")
    people: dict[str, Any] = place.inside(name, "look", str(DEEP), str(rounds), str(MANY), *asked)
    case, desk = people[CASE], people[DESK]
    print(
        f"  case officer: {case['rows']} rows on page 1; to collect: {desk['rows']} rows on page 1, "
        f"{desk['deep_rows']} on page {desk['page']}" + ", its last" * (desk["page"] < DEEP)
    )
    views = (
        View("case officer, page 1", CASE, "/office/"),
        View("desk officer, to collect, page 1", DESK, "/office/?muc=cho-tra"),
        View(f"desk officer, to collect, page {DEEP}", DESK, f"/office/?muc=cho-tra&after={quote(desk['mark'])}"),
    )
    queries = {
        "query: case officer, page 1": case["seconds"]["first"],
        "query: case officer, counts": case["seconds"]["counts"],
        "query: desk officer, to collect, page 1": desk["seconds"]["first"],
        f"query: desk officer, to collect, page {DEEP}": desk["seconds"]["deep"],
    }
    sessions = {username: person["sessions"] for username, person in people.items()}
    return World(count, place.serve(name), views, queries, sessions)


def is_inbox(answer: Answer) -> bool:
    """Whether it is the page: a redirection to the sign-in or to the first page is not."""
    return answer.status == 200 and b'aria-current="page"' in answer.body


def measure(worlds: list[World], users: int, requests: int, turns: int) -> dict[str, list[Any]]:
    """For each view the seconds of all answers in each world; the worlds take turns, the first of which warms up."""
    people = {(n, who): each.people(who, users) for n, each in enumerate(worlds) for who in (CASE, DESK)}
    found: dict[str, list[Any]] = {}
    for turn in range(-1, turns):
        for number, each in enumerate(worlds):
            for view in each.views:
                stretch = opened(people[number, view.username], view.path, requests)
                if turn >= 0:
                    seconds = found.setdefault(f"{view.name}, {users} user{'s' * (users > 1)}", [[] for _ in worlds])
                    seconds[number] += stretch
    return found


def opened(users: list[User], path: str, requests: int) -> list[float]:
    """Lets everybody open a page `requests` times in all; the seconds of each answer."""
    each = max(1, requests // len(users))
    return ask(users, lambda user: user.request("GET", path), is_inbox, float("inf"), each).seconds


def row(name: str, worlds: list[list[float]], budget: int | None) -> bool:
    """Prints one line of the table; whether budget and ratio are kept."""
    small, large = (machine.percentile(seconds, 95) for seconds in worlds)
    cells = "".join(f"{machine.percentile(s, 50):>9.1f}{machine.percentile(s, 95):>9.1f}" for s in worlds)
    print(f"{name:44}{cells}{large / small:>8.2f}{budget or '':>9}")
    return budget is None or (large <= budget and large / small <= GOAL)


def table(worlds: list[World], one: dict[str, list[Any]], many: dict[str, list[Any]]) -> None:
    """Prints all lines and which goals were missed."""
    heads = "".join(f"{f'{each.dossiers:,}':>18}" for each in worlds)
    print(f"{'':44}{heads}{'p95':>8}{'budget':>9}")
    print(f"{'ms':44}{'p50':>9}{'p95':>9}{'p50':>9}{'p95':>9}{'ratio':>8}{'p95':>9}")
    for name in worlds[0].queries:
        row(name, [each.queries[name] for each in worlds], None)
    missed = [name for name, seconds in one.items() if not row(name, seconds, BUDGET_ONE)]
    missed += [name for name, seconds in many.items() if not row(name, seconds, BUDGET_MANY)]
    medians = [machine.percentile(large, 95) / machine.percentile(small, 95) for small, large in (one | many).values()]
    middle = statistics.median(medians)
    print(f"p95 at {worlds[1].dossiers:,} over {worlds[0].dossiers:,}: median {middle:.2f}, goal {GOAL}")
    print(f"within budget and goal: {machine.judged(not missed)}{': ' * bool(missed)}{'; '.join(missed)}")


def main() -> None:
    """Makes or finds both databases, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--dossiers", type=int, default=1_000_000, help="dossiers in the large database")
    parser.add_argument("--small", type=int, default=10_000, help="dossiers in the small one")
    parser.add_argument("--home", type=Path, help="a data folder to keep both databases in, and to find them again")
    parser.add_argument("--requests", type=int, default=320, help="pages opened a view, database and turn")
    parser.add_argument("--turns", type=int, default=3, help="how many turns each database has")
    parser.add_argument("--quick", action="store_true", help="only show that it works; the figures mean nothing")
    options = parser.parse_args()
    if options.quick:
        options.dossiers, options.small, options.requests, options.turns = 230, 210, 4, 1
    print(machine.line("django", "granian", "psycopg"))
    with installation(options.home) as place:
        worlds = [
            world(place, options.small, options.requests, options.small),
            world(place, options.dossiers, options.requests, options.small),
        ]
        place.checkpoint()
        one = measure(worlds, 1, options.requests, options.turns)
        many = measure(worlds, MANY, options.requests, options.turns)
    table(worlds, one, many)


if __name__ == "__main__":
    try:
        main()
    except WrongAnswer as wrong:
        sys.exit(str(wrong))
