"""What a bench does with Django on one database, in a process of its own: `python -m rig.inside VERB …` prints JSON."""

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from motcua.cli.django import setup

PERMITTED = 500


def starter() -> None:
    """Tables, rights, static files, calendar, procedures and the demo province."""
    setup(owner=True)
    from motcua.agencies.commands import publish_calendar
    from motcua.config import database, migrating, static
    from motcua.starter import procedures, province
    from motcua.starter.calendar import starter_calendar
    from motcua.starter.loading import facts

    migrating.bring_up_to_date()
    database.use("app")
    procedures.load()
    publish_calendar(province.CALENDAR, starter_calendar().to_data(), "bench", name="bench")
    province.load(tuple(record.code for record in procedures.records(facts("procedures.json"))))
    static.collect()
    from django.db import connection

    connection.close()


def demo(count: str, piece: str) -> dict[str, float]:
    """Make dossiers in pieces of `piece`; gives the seconds of making and those of placing and counting."""
    setup()
    from motcua.dossiers.worker import catch_up
    from motcua.starter import demonstration

    wanted, size, seed = int(count), int(piece), 0
    begun = time.perf_counter()
    while wanted:
        seed += 1
        wanted -= demonstration.make(min(wanted, size), seed=seed, progress=_shown(wanted))
    made = time.perf_counter()
    catch_up()
    return {"making": made - begun, "placing": time.perf_counter() - made}


def _shown(total: int) -> Callable[[int], None]:
    """A line on standard error that grows, where somebody watches."""
    done, begun = 0, time.perf_counter()

    def show(more: int) -> None:
        nonlocal done
        done += more
        if sys.stderr.isatty():
            passed = time.perf_counter() - begun
            print(f"\r{done:,} of {total:,} dossiers, {passed:.0f} s", end="", file=sys.stderr, flush=True)

    return show


def permit(*usernames: str) -> dict[str, int]:
    """Give each of these posts 500 procedures: all that the demo desks offer, filled up with invented codes."""
    setup()
    from motcua.agencies import commands, queries
    from motcua.agencies.access import for_system
    from motcua.procedures.queries import offerings

    reader = for_system("bench")
    agencies = queries.agencies(reader)
    offered = sorted(frozenset().union(*(offerings(reader, agency.id) for agency in agencies)))
    codes = [*offered, *(f"9.{number:06}" for number in range(PERMITTED - len(offered)))]
    posts = {person.username: person.id for agency in agencies for person in queries.staff_of(reader, agency.id)}
    for username in usernames:
        commands.permit_procedures(posts[username], codes)
    return {"offered": len(offered), "permitted": len(codes)}


def inbox(username: str, tab: str, deep: str, rounds: str) -> dict[str, Any]:
    """The queries behind the inbox of one clerk, without HTTP: seconds of each round, the mark of the page `deep`."""
    setup()
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from motcua.agencies.access import for_staff
    from motcua.dossiers import queries
    from motcua.dossiers.queries import Filters

    reader = for_staff(get_user_model().objects.get(username=username))
    filters, now = Filters(bucket=int(tab)), timezone.now()
    mark, page = "", 1
    first = found = queries.inbox(reader, filters)
    while page < int(deep) and found.after:
        mark, page = found.after, page + 1
        found = queries.inbox(reader, filters, after=mark)
    asked: dict[str, Callable[[], object]] = {
        "first": lambda: queries.inbox(reader, filters),
        "deep": lambda: queries.inbox(reader, filters, after=mark),
        "counts": lambda: queries.counts(reader, now, now + timedelta(hours=6)),
    }
    seconds = {name: _timed(work, int(rounds)) for name, work in asked.items()}
    return {"mark": mark, "page": page, "rows": len(first.rows), "deep_rows": len(found.rows), "seconds": seconds}


def _timed(work: Callable[[], object], rounds: int) -> list[float]:
    work()
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return found


VERBS: dict[str, Callable[..., object]] = {"starter": starter, "demo": demo, "permit": permit, "inbox": inbox}

if __name__ == "__main__":
    random.seed(1)
    print(json.dumps(VERBS[sys.argv[1]](*sys.argv[2:])))
