"""One claim: handing over, over HTTP with everything on, reaches 70 % of the rate of taking in.

Eight signed-in clerks of one desk take dossiers in, then eight case officers of the same ward hand just these over to
the next step by the form of a dossier's page, in turns; with session, CSRF token and all middlewares, to Granian over
the durable embedded PostgreSQL, while the worker gives positions and counts. The peer is the intake of the same run. At
the end every dossier that was accepted has left its first step once, and `motcua verify` says that the log is sound.
"""

import argparse
import json
import re
import statistics
import sys
from uuid import uuid4

from intake import CLIENTS, DATABASE, DESKS, PATH, Body, accepted, counted, settled
from rig import form, machine
from rig.client import Answer, Stretch, User, WrongAnswer, ask, signed_in, token_of
from rig.installation import Installation, installation

GOAL = 70
Pair = tuple[Stretch, Stretch]  # a turn of taking in, and the turn that hands over what it took
_OUTCOME = re.compile(r'name="outcome" value="([^"]+)"')
_WAITING = """
SELECT id::text, seq FROM dossiers_dossier
WHERE status = 4 AND seq = 2 AND holder_function = 'case_officer' ORDER BY id LIMIT %s
"""


class Work:
    """The dossiers that wait to be handed over, and the bytes that do it."""

    def __init__(self, users: list[User]) -> None:
        self._tokens: dict[int, str] = {}
        self._users = users
        self._outcome = ""
        self.waiting: list[tuple[str, int]] = []

    def fill(self, place: Installation, most: int) -> int:
        """Note the dossiers that wait now; how many."""
        with place.connect(DATABASE) as connection:
            self.waiting = [(str(row[0]), int(row[1])) for row in connection.execute(_WAITING, [most])]
        if self.waiting and not self._outcome:
            for user in self._users:
                page = user.get(f"/office/ho-so/{self.waiting[0][0]}/")
                self._tokens[id(user)] = token_of(page)
            found = _OUTCOME.search(page.text)
            if found is None:
                sys.exit("the page of a dossier offers no outcome to hand over by")
            self._outcome = found[1]
        return len(self.waiting)

    def request(self, user: User) -> bytes:
        """The next hand-over: each dossier once."""
        dossier, seq = self.waiting.pop()
        fields = {
            "csrfmiddlewaretoken": self._tokens[id(user)], "command_id": str(uuid4()), "seen_seq": str(seq),
            "note": "", "to_staff": "", "kept": "", "outcome": self._outcome,
        }  # fmt: skip
        return user.request("POST", f"/office/ho-so/{dossier}/chuyen/", form.pack(fields, ["document"]), form.KIND)


def handed_over(answer: Answer) -> bool:
    """Whether the dossier went on: only then the answer leads back to its page."""
    return answer.leads_to("/office/ho-so/")


def measure(place: Installation, clerks: list[User], officers: list[User], options: argparse.Namespace) -> list[Pair]:
    """Turns of both: what one turn takes in the next hands over."""
    bodies = {id(user): Body(user) for user in clerks}
    work, found = Work(officers), []
    for turn in range(-1, options.pairs):
        settled(place)
        seconds = options.seconds if turn >= 0 else options.warm
        came = ask(clerks, lambda user: bodies[id(user)].request(user, PATH), accepted, seconds)
        settled(place)
        each = work.fill(place, 10**6) // CLIENTS
        if not each:
            sys.exit("nothing waits to be handed over")
        went = ask(officers, work.request, handed_over, 10**6, each)
        found.append((came, went))
    return found[1:]


def check(place: Installation) -> None:
    """A sound log in which each hand-over is there once; ends the program otherwise."""
    settled(place)
    report = json.loads(place.motcua(DATABASE, "verify", "--json"))
    with place.connect(DATABASE) as connection:
        twice = connection.execute(
            "SELECT count(*) FROM (SELECT FROM dossiers_event WHERE type = 'handed_over' AND data ? 'from_step' "
            "GROUP BY dossier_id HAVING count(*) > 1) t"
        ).fetchone()
    print(f"verify: {report['events']:,} events, {'sound' if report['sound'] else 'NOT SOUND'}")
    if not report["sound"] or twice != (0,):
        sys.exit("the log is not sound, or a dossier left its first step twice")


def table(found: list[Pair]) -> None:
    """Prints both sides, and the goal."""
    print(f"{'':12}{'a second':>10}{'lowest':>9}{'highest':>9}{'p50 ms':>9}{'p95 ms':>9}{'requests':>10}")
    for name, side in (("intake", 0), ("hand-over", 1)):
        rates = [pair[side].rate for pair in found]
        every = [seconds for pair in found for seconds in pair[side].seconds]
        print(
            f"{name:12}{statistics.median(rates):>10.0f}{min(rates):>9.0f}{max(rates):>9.0f}"
            f"{machine.percentile(every, 50):>9.1f}{machine.percentile(every, 95):>9.1f}{len(every):>10,}"
        )
    share = statistics.median(100 * went.rate / came.rate for came, went in found)
    print(f"hand-over at {share:.0f} % of intake; goal at least {GOAL} %: {machine.judged(share >= GOAL)}")


def main() -> None:
    """Measures and prints; a wrong answer or an unsound log ends it with exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10, help="how long each turn of taking in is")
    parser.add_argument("--pairs", type=int, default=5, help="how many turns each side has")
    parser.add_argument("--quick", action="store_true", help="only show that it works; the figures mean nothing")
    options = parser.parse_args()
    options.warm = 5.0
    if options.quick:
        options.seconds, options.pairs, options.warm = 1.0, 1, 1.0
    print(machine.line("django", "granian", "psycopg"))
    with installation() as place:
        place.make(DATABASE)
        place.work(DATABASE)
        port = place.serve(DATABASE)
        clerks, officers = [], []
        for _ in range(CLIENTS):
            place.forget_tries(DATABASE)
            clerks.append(signed_in(port, f"tiepnhan.{DESKS[0]}", place.password))
            officers.append(signed_in(port, f"thuly.{DESKS[0]}", place.password))
        found = measure(place, clerks, officers, options)
        check(place)
        dossiers = counted(place, "dossiers_dossier")
    print(f"{CLIENTS} clients, {options.pairs} turns, {dossiers:,} dossiers")
    table(found)


if __name__ == "__main__":
    try:
        main()
    except WrongAnswer as wrong:
        sys.exit(str(wrong))
