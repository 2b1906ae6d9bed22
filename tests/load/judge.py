"""Judges a log after the soak: every acknowledged act once, no number missing or double, no follower out of count."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping

import psycopg

from load.clients import Acknowledged
from load.counter import TABLE

_CODE = re.compile(r"(.+)-(\d+)")
_ONCE = """
SELECT c.command_id::text, c.kind, c.dossier_id::text, (
    SELECT count(*) FROM dossiers_event e WHERE e.dossier_id = c.dossier_id AND e.command_id = c.command_id)
FROM dossiers_command c WHERE c.command_id = ANY(%s::uuid[])
"""
_BEGUN = "SELECT dossier_id::text, count(*) FROM dossiers_command WHERE kind = 'Receive' GROUP BY dossier_id"
_SEEN = (
    f"SELECT count(*), count(DISTINCT position), coalesce(min(position), 0), coalesce(max(position), 0) FROM {TABLE}"
)
_WAITING = """
SELECT (SELECT count(*) FROM dossiers_unplaced) + (SELECT coalesce(max(position), 0) FROM dossiers_position)
     - (SELECT coalesce(min(position), 0) FROM dossiers_bookmark)
"""


def is_settled(connection: psycopg.Connection) -> bool:
    """Whether every event has its position and every follower has read to the end."""
    return connection.execute(_WAITING).fetchone() == (0,)


def judge(connection: psycopg.Connection, acts: Iterable[Acknowledged]) -> list[str]:
    """Everything that is not as it should be, one line each."""
    acts = list(acts)
    return [*_acts(connection, acts), *_codes(connection), *_followers(connection)]


def verified(environment: Mapping[str, str]) -> list[str]:
    """What `motcua verify` finds."""
    command = [sys.executable, "-m", "motcua", "verify", "--records", "--json"]
    done = subprocess.run(command, env=dict(environment), check=False, capture_output=True, text=True)
    report = json.loads(done.stdout)
    return [f"verify: {fault}" for fault in report["faults"]]


def _acts(connection: psycopg.Connection, acts: list[Acknowledged]) -> list[str]:
    rows = connection.execute(_ONCE, [[act.command for act in acts]]).fetchall()
    kept = {command: (kind, dossier, events) for command, kind, dossier, events in rows}
    faults = []
    for act in acts:
        kind, dossier, events = kept.get(act.command, ("", "", 0))
        if not kind:
            faults.append(f"{act.kind} on {act.dossier} was acknowledged and is gone")
        elif dossier != act.dossier or not events:
            faults.append(f"{act.kind} on {act.dossier} was acknowledged and stands on {dossier} with {events} events")
    begun = dict(connection.execute(_BEGUN).fetchall())
    taken_in = {act.dossier for act in acts if act.kind == "Receive"}
    faults += [
        f"{dossier} was taken in {begun.get(dossier, 0)} times" for dossier in taken_in if begun.get(dossier) != 1
    ]
    if len(taken_in) != sum(act.kind == "Receive" for act in acts):
        faults.append("two intakes were acknowledged with the same dossier")
    return faults


def _codes(connection: psycopg.Connection) -> list[str]:
    """In each series of codes the numbers run from 1 without gap and none stands twice."""
    series: defaultdict[str, list[int]] = defaultdict(list)
    for (code,) in connection.execute("SELECT code FROM dossiers_dossier"):
        found = _CODE.fullmatch(code)
        if found is None:
            return [f"the code {code} has no number"]
        series[found[1]].append(int(found[2]))
    return [
        f"codes of {name}: {sorted(numbers)}" for name, numbers in series.items()
        if sorted(numbers) != list(range(1, len(numbers) + 1))
    ]  # fmt: skip


def _followers(connection: psycopg.Connection) -> list[str]:
    last = connection.execute("SELECT coalesce(max(position), 0) FROM dossiers_position").fetchone()
    seen = connection.execute(_SEEN).fetchone()
    faults = []
    if last is None or seen != (last[0], last[0], 1, last[0]):
        faults.append(f"the follower saw (rows, different, first, last) {seen} of {last} positions")
    aside = connection.execute("SELECT follower, position, error FROM dossiers_followerfault").fetchall()
    return faults + [f"{follower} set position {position} aside: {error}" for follower, position, error in aside]
