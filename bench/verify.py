"""One claim: a million events are verified in under a minute on two cores, and a proof against the log takes moments.

`motcua verify` recomputes every hash, folds every dossier, compares rows, order and tallies, and rebuilds the tree over
all positions against its tiles and signed heads, in as many processes as there are CPUs. Beside it, on the same
database and in turns: the chains alone, recomputed on one core by the script of docs/developer/log.md (psycopg and
hashlib), and pg_dump without compression to nowhere, which is reading everything once and no more. The dossiers are
the demonstration's.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg import Connection
from rig import machine
from rig.installation import Installation, installation

EVENTS, A_DOSSIER, GOAL_SECONDS = 1_000_000, 7.45, 60
COLUMNS = """dossier_id, seq, type, version, recorded_at, happened_at, ground,
             actor_staff, actor_agency, command_id, data, hash"""


def made(place: Installation, dossiers: int) -> str:
    """The database with so many dossiers; made when missing, and named only when whole."""
    name, draft = f"verify_{dossiers}", f"verify_{dossiers}_draft"
    if not place.has(name):
        place.drop(draft)
        place.make(draft)
        place.inside(draft, "fill", str(dossiers), "0")
        with place.connect(draft) as connection:
            connection.execute("VACUUM (ANALYZE)")
        place.rename(draft, name)
    return name


def plain(value: Any) -> Any:
    """A moment as the canonical form writes it; anything else as it is."""
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def chains(connection: Connection) -> int:
    """The peer: every chain recomputed on one core; ends the program when one does not hold."""
    heads: dict[Any, bytes] = {}
    with connection.transaction(), connection.cursor("bench") as cursor:
        cursor.itersize = 5000
        cursor.execute(f"SELECT {COLUMNS} FROM dossiers_event ORDER BY dossier_id, seq")
        for row in cursor:
            dossier, *rest, command, data, stored = row
            values = [str(dossier), *map(plain, rest), str(command), data]
            canonical = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
            heads[dossier] = hashlib.sha256(heads.get(dossier, bytes(32)) + canonical).digest()
            if heads[dossier] != stored:
                sys.exit(f"dossier {dossier}, event {row[1]}: the hash differs")
    return len(heads)


def verified(place: Installation, name: str) -> dict[str, Any]:
    """What `motcua verify` reports; ends the program when it is not sound (exit code 1)."""
    report: dict[str, Any] = json.loads(place.motcua(name, "verify", "--json"))
    return report


def in_turns(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The shortest of several rounds of each in seconds, processes started and ended included."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            begun = time.perf_counter()
            work()
            found[name].append(time.perf_counter() - begun)
    return {name: min(taken) for name, taken in found.items()}


def proofs(place: Installation, name: str, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of proofs over the whole log, without HTTP and process start."""
    found: dict[str, list[float]] = place.inside(name, "prove", str(rounds))
    return found


def main() -> None:
    """Makes or finds the database, measures and prints; exit code 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=EVENTS, help="about how many events the log has")
    parser.add_argument("--home", type=Path, help="a data folder to keep the database in, and to find it again")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each, of which the shortest counts")
    parser.add_argument("--quick", action="store_true", help="only show that it works; the figures mean nothing")
    options = parser.parse_args()
    if options.quick:
        options.events, options.rounds = 1500, 1
    print(machine.line("psycopg", "cryptography"))
    with installation(options.home) as place:
        name = made(place, round(options.events / A_DOSSIER))
        place.motcua(name, "sign-head")
        place.checkpoint()
        report = verified(place, name)
        with place.connect(name) as connection:
            if chains(connection) != report["dossiers"]:
                sys.exit("the peer found another number of dossiers")
            works: dict[str, Callable[[], object]] = {
                "motcua verify": lambda: verified(place, name),
                "chains alone, one core": lambda: chains(connection),
                "pg_dump to nowhere": lambda: place.pg_dump(name),
            }
            seconds = in_turns(works, options.rounds)
        times = proofs(place, name, 200 if not options.quick else 3)
    show(report, seconds, times)
    if not options.quick and seconds["motcua verify"] * EVENTS / report["events"] > GOAL_SECONDS:
        sys.exit("goal MISSED")


def show(report: dict[str, Any], seconds: dict[str, float], times: dict[str, list[float]]) -> None:
    """The table."""
    events, ours = report["events"], seconds["motcua verify"]
    print(f"{report['dossiers']:,} dossiers, {events:,} events, {report['heads']} signed heads: sound")
    print(f"{'':32}{'seconds':>10}{'events/s':>12}{'verify is … x':>16}")
    for name, took in seconds.items():
        print(f"{name:32}{took:>10.3f}{events / took:>12,.0f}{ours / took:>16.2f}")
    for name, taken in times.items():
        middle, slow = machine.percentile(taken, 50), machine.percentile(taken, 95)
        print(f"{name:32}{'p50':>5}{middle:>7.1f} ms{'p95':>6}{slow:>7.1f} ms")
    reached = machine.judged(ours * EVENTS / events <= GOAL_SECONDS)
    print(
        f"a million events in {ours * EVENTS / events:.0f} s with {os.cpu_count()} CPUs, goal {GOAL_SECONDS}: {reached}"
    )


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failed:
        sys.exit(str(failed))
