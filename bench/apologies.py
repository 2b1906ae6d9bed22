"""One claim: 10,000 apologies are drafted, rendered and queued in less than 60 s on two cores.

Drafted: the worker's duty finds the dossiers and proposes a new time for each. Rendered: each letter by form 04, 500 in
a PDF. Queued: the follower notes each applicant's message. Between the last two stands the leader's decision, an act
for each dossier in a transaction of its own; it is shown too. The peer, in the same run: letters made one by one, as a
dossier's page makes them.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from rig import machine
from rig.installation import Installation, installation

APOLOGIES, GOAL_SECONDS = 10_000, 60
NAME = "apologies"


def measured(place: Installation, count: int) -> dict[str, Any]:
    """The parts, in a database made for it."""
    place.make(NAME)
    os.environ["MOTCUA_SMTP"] = "smtp://127.0.0.1:9"  # a channel is connected; nothing is sent here
    try:
        return place.run(NAME, "rig.lateness", str(count + count // 2))
    finally:
        place.drop(NAME)


def main() -> None:
    """Measures and prints; exit code 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--apologies", type=int, default=APOLOGIES)
    parser.add_argument("--home", type=Path, help="a data folder to keep, and to find again")
    parser.add_argument("--quick", action="store_true", help="only show that it works; the figures mean nothing")
    options = parser.parse_args()
    count = 40 if options.quick else options.apologies
    print(machine.line("psycopg", "typst"))
    with installation(options.home) as place:
        found = measured(place, count)
    share = count / found["dossiers"]
    total = sum(found[part] for part in ("drafted", "rendered", "queued")) * share
    size = found["bytes"] / 2**20
    print(f"{found['dossiers']:,} dossiers, {found['waiting']:,} messages wait, {size:.1f} MB of letters")
    for part in ("drafted", "rendered", "recorded", "queued"):
        print(
            f"{part:<12}{found[part] * share:>8.1f} s for {count:,}{count / max(found[part] * share, 1e-9):>10,.0f}/s"
        )
    ratio = found["peer"] * found["dossiers"] / found["rendered"]
    print(f"letters one by one, in one process: {1 / found['peer']:,.0f}/s; together they take 1/{ratio:.1f} of that")
    if found["waiting"] != found["dossiers"]:
        sys.exit("not every applicant is told")
    print(f"drafted, rendered, queued: {total:.1f} s; goal {GOAL_SECONDS} s: {machine.judged(total < GOAL_SECONDS)}")
    sys.exit(0 if options.quick or total < GOAL_SECONDS else 1)


if __name__ == "__main__":
    main()
