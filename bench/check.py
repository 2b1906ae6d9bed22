"""One claim: `motcua check` finds every defect among a million dossiers in under a minute on two cores.

It goes through all dossiers for each class of defects and keeps the table of them, and says how far the followers are.
Beside it, on the same database and in turns: pg_dump without compression to nowhere, which is reading everything once
and no more. The dossiers are the demonstration's.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rig import machine
from rig.installation import Installation, installation
from verify import in_turns, made

DOSSIERS, GOAL_SECONDS = 1_000_000, 60


def counted(place: Installation, name: str) -> int:
    """How many dossiers are overdue without a timely apology, counted without our search: the answers must agree."""
    with place.connect(name) as connection:
        found = connection.execute(
            """
            SELECT count(*) FROM dossiers_dossier d WHERE d.due_at_original < now() AND (
                (d.timeliness = 'overdue' AND d.ready_at >= now() - interval '366 days')
                OR (d.ready_at IS NULL AND d.closed_at IS NULL AND (d.state -> 'paused_at' IS NULL
                    OR (d.state ->> 'paused_at')::timestamptz > d.due_at_original)))
            AND d.id NOT IN (SELECT dossier_id FROM dossiers_event WHERE type = 'appointed_again'
                AND data ->> 'after_deadline' = 'false')"""
        ).fetchone()
    return int(found[0]) if found else 0


def checked(place: Installation, name: str) -> list[dict[str, Any]]:
    """What `motcua check` says of the defects."""
    report: dict[str, Any] = json.loads(place.motcua(name, "check", "--json"))
    defects: list[dict[str, Any]] = report["defects"]
    return defects


def main() -> None:
    """Makes or finds the database, measures and prints; exit code 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--dossiers", type=int, default=DOSSIERS, help="how many dossiers there are")
    parser.add_argument("--home", type=Path, help="a data folder to keep the database in, and to find it again")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each, of which the shortest counts")
    parser.add_argument("--quick", action="store_true", help="only show that it works; the figures mean nothing")
    options = parser.parse_args()
    if options.quick:
        options.dossiers, options.rounds = 300, 1
    print(machine.line("psycopg"))
    with installation(options.home) as place:
        name = made(place, options.dossiers)
        place.motcua(name, "sign-head")
        place.checkpoint()
        found = {each["kind"]: each["number"] for each in checked(place, name)}
        if found["late_without_apology"] != counted(place, name):
            sys.exit("the search and a plain count of what is late without an apology differ")
        works: dict[str, Callable[[], object]] = {
            "motcua check": lambda: checked(place, name),
            "pg_dump to nowhere": lambda: place.pg_dump(name),
        }
        seconds = in_turns(works, options.rounds)
    show(options.dossiers, found, seconds)
    if not options.quick and seconds["motcua check"] * DOSSIERS / options.dossiers > GOAL_SECONDS:
        sys.exit("goal MISSED")


def show(dossiers: int, found: dict[str, int], seconds: dict[str, float]) -> None:
    """The table."""
    ours = seconds["motcua check"]
    print(f"{dossiers:,} dossiers; {', '.join(f'{kind} {number:,}' for kind, number in found.items())}")
    for name, took in seconds.items():
        print(f"{name:32}{took:>10.3f} s   check is {ours / took:.2f} x")
    spent = ours * DOSSIERS / dossiers
    print(f"a million dossiers in {spent:.0f} s, goal {GOAL_SECONDS}: {machine.judged(spent <= GOAL_SECONDS)}")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failed:
        sys.exit(str(failed))
