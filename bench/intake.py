"""One claim: an intake over HTTP with everything on reaches 40 % of a bare view that makes the same inserts.

Eight signed-in clients send the real intake form of one desk, with session, CSRF token and all middlewares, to Granian
over the durable embedded PostgreSQL, while the worker gives positions and counts as it always does. The peer
(bench/bare) gets the same bytes on the same kind of server and database: sessions, users, and plain inserts of the same
rows into copies of the tables. What lies between the two is our law, form handling, sealing, chain and order.

The two take turns. At the end as many dossiers exist as were accepted, and `motcua verify` says that the log is sound.
"""

import argparse
import json
import re
import statistics
import sys
import time
from itertools import count
from uuid import uuid4

from bare.views import SCHEMA, TABLES
from rig import form, machine
from rig.client import Answer, Stretch, User, WrongAnswer, ask, signed_in
from rig.installation import Installation, installation

from motcua.config.roles import APP

CLIENTS, GOAL, AIM = 8, 40, 350
DATABASE = "bench_intake"
DESKS = ("mau-01", "mau-02", "mau-03")
PATH = "/office/tiep-nhan/1.001193/"  # registering a birth: the most everyday one with several papers
_PLACE = re.compile(rb"@(name|id|command)@")
SERIAL = count(1)
Turns = dict[str, list[Stretch]]
_WORDS = ("An", "Bình", "Chi", "Dũng", "Giang", "Hạnh", "Khánh", "Linh", "Nam", "Oanh", "Phúc", "Quỳnh", "Yến")


def name_of(number: int) -> str:
    """A name of its own for each number; a person's name has no digits."""
    words = []
    while number:
        number, place = divmod(number, len(_WORDS))
        words.append(_WORDS[place])
    return " ".join(("Mẫu", *words))


class Body:
    """The filled form of one client, with places for what differs from dossier to dossier."""

    def __init__(self, user: User) -> None:
        fields, files = form.read(user.get(PATH).text, "intake")
        if "csrfmiddlewaretoken" not in fields:
            sys.exit("the intake page has no form with the id “intake”")
        filled = {
            "owner-name": "@name@", "owner-id_number": "@id@", "owner-phone": "0900000001", "do": "save",
            "owner-address": "Tổ 3, phường Hoa Sen, tỉnh Mẫu", "owner-birth_date": "05/02/1990",
            "command_id": "@command@",
        }  # fmt: skip
        body = form.pack(fields | filled, files)
        self._parts = _PLACE.split(body)

    def request(self, user: User, path: str) -> bytes:
        """The bytes of the next dossier's request; every applicant is another one."""
        number = next(SERIAL)
        new = {"name": name_of(number), "id": f"000{number:09}", "command": str(uuid4())}
        parts = list(self._parts)
        parts[1::2] = [new[name.decode()].encode() for name in self._parts[1::2]]
        return user.request("POST", path, b"".join(parts), form.KIND)


def scratch(place: Installation) -> None:
    """Copies of the tables, with defaults, checks and indexes, for the peer to write in."""
    with place.connect(DATABASE) as connection:
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in TABLES:
            connection.execute(f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)")
        connection.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {APP}")
        connection.execute(f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {SCHEMA} TO {APP}")


def settled(place: Installation) -> None:
    """Waits until the worker has placed and counted everything, then lets the database write out."""
    pending = """
        SELECT (SELECT count(*) FROM dossiers_unplaced)
             + (SELECT coalesce(max(position), 0) FROM dossiers_position)
             - (SELECT coalesce(max(position), 0) FROM dossiers_bookmark)"""
    deadline = time.monotonic() + 120
    with place.connect(DATABASE) as connection:
        while connection.execute(pending).fetchone() != (0,):
            if time.monotonic() > deadline:
                sys.exit("the worker does not keep up: events still wait after two minutes")
            time.sleep(0.1)
    place.checkpoint()


def accepted(answer: Answer) -> bool:
    """Whether the dossier was taken in: only then the answer leads to its receipt."""
    return answer.leads_to("/tiep-nhan/xong/")


def counted(place: Installation, table: str) -> int:
    """The rows of a table."""
    with place.connect(DATABASE) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def ceiling(users: list[User], duration: float) -> Stretch:
    """How fast the client can ask at all: the smallest static file, which costs the server next to nothing."""
    found = re.search(r'"(/static/[^"]*mark[^"]*\.svg)"', users[0].get(PATH).text)
    if found is None:
        sys.exit("the intake page names no mark.svg to measure the client with")
    path = found[1]
    return ask(users, lambda user: user.request("GET", path), lambda answer: answer.status == 200, duration)


def measure(place: Installation, ours: list[User], theirs: list[User], options: argparse.Namespace) -> Turns:
    """Turns of both, ours first; each begins with everything written out."""
    bodies = [Body(user) for user in ours]
    chosen = {id(user): body for users in (ours, theirs) for user, body in zip(users, bodies, strict=True)}
    sides = {
        "Motcua": (ours, lambda user: chosen[id(user)].request(user, PATH), accepted),
        "bare view": (theirs, lambda user: chosen[id(user)].request(user, "/intake/"), lambda a: a.leads_to("/done/")),
    }
    stretches: Turns = {name: [] for name in sides}
    for turn in range(-1, options.pairs):
        for name, (users, make, good) in sides.items():
            settled(place)
            stretch = ask(users, make, good, options.seconds if turn >= 0 else options.warm)
            stretches[name].append(stretch)
    return stretches


def check(place: Installation, stretches: Turns) -> None:
    """As many rows as accepted requests on both sides, and a sound log; ends the program otherwise."""
    settled(place)
    for name, table in (("Motcua", "dossiers_dossier"), ("bare view", f"{SCHEMA}.dossiers_dossier")):
        sent, kept = sum(len(each.seconds) for each in stretches[name]), counted(place, table)
        if sent != kept:
            sys.exit(f"{name}: {sent} accepted, but {kept} dossiers exist")
    report = json.loads(place.motcua(DATABASE, "verify", "--json"))
    events = counted(place, f"{SCHEMA}.dossiers_event")
    print(
        f"verify: {report['dossiers']:,} dossiers, {report['events']:,} events, {report['unplaced']} without position, "
        f"{'sound' if report['sound'] else 'NOT SOUND'}; the bare view wrote {events:,} events"
    )
    if not report["sound"]:
        sys.exit("the log is not sound")


def table(stretches: Turns) -> None:
    """Prints both sides: the median of the turns' rates, latencies over all of them, and the goal."""
    print(f"{'':12}{'a second':>10}{'lowest':>9}{'highest':>9}{'p50 ms':>9}{'p95 ms':>9}{'requests':>10}")
    for name, found in stretches.items():
        rates = [each.rate for each in found]
        every = [seconds for each in found for seconds in each.seconds]
        print(
            f"{name:12}{statistics.median(rates):>10.0f}{min(rates):>9.0f}{max(rates):>9.0f}"
            f"{machine.percentile(every, 50):>9.1f}{machine.percentile(every, 95):>9.1f}{len(every):>10,}"
        )
    pairs = zip(stretches["Motcua"], stretches["bare view"], strict=True)
    share = statistics.median(100 * mine.rate / theirs.rate for mine, theirs in pairs)
    rate = statistics.median(each.rate for each in stretches["Motcua"])
    print(f"Motcua at {share:.0f} % of the bare view; goal at least {GOAL} %: {machine.judged(share >= GOAL)}")
    print(f"aim above {AIM} a second: {machine.judged(rate > AIM)}")


def main() -> None:
    """Measures and prints; a wrong answer, a missing dossier or an unsound log ends it with exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10, help="how long each turn is")
    parser.add_argument("--pairs", type=int, default=5, help="how many turns each side has")
    parser.add_argument("--desks", type=int, default=1, choices=(1, 2, 3), help="over how many wards the clients sit")
    parser.add_argument("--quick", action="store_true", help="only show that it works; the figures mean nothing")
    options = parser.parse_args()
    options.warm = 5.0
    if options.quick:
        options.seconds, options.pairs, options.warm = 0.3, 1, 0.2
    print(machine.line("django", "granian", "psycopg"))
    with installation() as place:
        place.make(DATABASE)
        scratch(place)
        place.work(DATABASE)
        port, bare = place.serve(DATABASE), place.serve(DATABASE, "bare.settings")
        names = [f"tiepnhan.{DESKS[number % options.desks]}" for number in range(CLIENTS)]
        ours, theirs = [], []
        for name in names:
            place.forget_tries(DATABASE)
            ours.append(signed_in(port, name, place.password))
            theirs.append(signed_in(bare, name, place.password, "/enter/"))
        top = ceiling(ours, options.warm)
        stretches = measure(place, ours, theirs, options)
        check(place, stretches)
    measured = {name: found[1:] for name, found in stretches.items()}
    busy = 100 * sum(each.client for each in measured["Motcua"]) / sum(each.wall for each in measured["Motcua"])
    print(
        f"{CLIENTS} clients at {options.desks} desk(s), {options.pairs} turns of {options.seconds:g} s each, in pairs"
    )
    print(f"client: {top.rate:,.0f} static files a second at most; {busy:.0f} % of one core during our turns")
    table(measured)


if __name__ == "__main__":
    try:
        main()
    except WrongAnswer as wrong:
        sys.exit(str(wrong))
