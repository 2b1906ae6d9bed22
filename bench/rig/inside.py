"""What a bench does with Django on one database, in a process of its own: `python -m rig.inside VERB …` prints JSON."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from motcua.cli.django import setup

PERMITTED, PIECE = 500, 2500


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


def fill(count: str, young: str, *usernames: str) -> dict[str, float]:
    """Make dossiers, the `young` of them first in small pieces, and give 500 procedures to the posts of `usernames`.

    The demonstration spreads many over three years, and few over sixty days, half of them over the last week. Gives the
    seconds of making and those of placing and counting.
    """
    setup()
    from motcua.dossiers.worker import catch_up_with_much
    from motcua.starter import demonstration

    rest, begun = int(count), time.perf_counter()
    recent, show = min(int(young), rest), _shown(rest)
    pieces = [min(PIECE, recent - first) for first in range(0, recent, PIECE)]
    for seed, size in enumerate([*pieces, rest - recent], start=1):
        demonstration.make(size, seed=seed, progress=show)
    made = time.perf_counter()
    catch_up_with_much()
    placed = time.perf_counter()
    _permit(usernames)
    return {"making": made - begun, "placing": placed - made}


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


def _permit(usernames: Sequence[str]) -> None:
    """500 procedures for each of these posts: all that the demo desks offer, filled up with invented codes."""
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


def look(deep: str, rounds: str, sessions: str, *asked: str) -> dict[str, Any]:
    """For each `username:bucket` asked for, what `_inbox` tells of it, and `sessions` keys of sessions."""
    setup()
    from django.contrib.auth import get_user_model

    found: dict[str, Any] = {}
    for each in asked:
        username, _, bucket = each.partition(":")
        user = get_user_model().objects.get(username=username)
        found[username] = _inbox(user, int(bucket), int(deep), int(rounds))
        found[username]["sessions"] = [_session(user) for _ in range(int(sessions))]
    return found


def _inbox(user: Any, bucket: int, deep: int, rounds: int) -> dict[str, Any]:
    """The queries behind a clerk's inbox, without HTTP: the seconds of each round, and the mark of the page `deep`."""
    from django.utils import timezone

    from motcua.agencies.access import for_staff
    from motcua.dossiers import queries
    from motcua.dossiers.queries import Filters

    reader, filters, now = for_staff(user), Filters(bucket=bucket), timezone.now()
    mark, page = "", 1
    first = found = queries.inbox(reader, filters)
    while page < deep and found.after:
        mark, page = found.after, page + 1
        found = queries.inbox(reader, filters, after=mark)
    works: dict[str, Callable[[], object]] = {
        "first": lambda: queries.inbox(reader, filters),
        "deep": lambda: queries.inbox(reader, filters, after=mark),
        "counts": lambda: queries.counts(reader, now, now + timedelta(hours=6)),
    }
    seconds = {name: _timed(work, rounds) for name, work in works.items()}
    return {"mark": mark, "page": page, "rows": len(first.rows), "deep_rows": len(found.rows), "seconds": seconds}


def _session(user: Any) -> str:
    """The key of a session as the sign-in page makes it: sixteen people would meet that page's limit a minute."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from motcua.agencies.session_store import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def _timed(work: Callable[[], object], rounds: int) -> list[float]:
    work()
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return found


def prove(rounds: str) -> dict[str, list[float]]:
    """The seconds of proofs under the last head, each of another position, and of holding the log against that head."""
    setup()
    import random

    from motcua.proofs import queries

    head = queries.latest()
    if head is None:
        sys.exit("there is no signed head")
    dice = random.Random(6)
    positions = [dice.randrange(1, head.size + 1) for _ in range(int(rounds))]
    return {
        "proof of a position": [_once(partial(queries.inclusion, position)) for position in positions],
        "is the log what was signed": [_once(lambda: queries.alarm(head)) for _ in positions],
    }


def _once(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def report(username: str, rounds: str) -> dict[str, Any]:
    """Report II.06a as this leader gets it, behind row-level security: the totals of this year, and seconds of each."""
    setup()
    from django.utils import timezone

    from motcua.agencies import walls
    from motcua.agencies.access import for_staff
    from motcua.agencies.models import User
    from motcua.law.reporting import Column, months
    from motcua.reports import queries, scores
    from motcua.reports.queries import Asked

    now, user = timezone.now(), User.objects.get(username=username)
    year, quarter = months(now.year, 1, 12), months(now.year - 1, 4, 3)
    with walls.guarding():
        reader = for_staff(user)
        listed = queries.agencies_to_report(reader)
        everybody = frozenset(each.id for each in listed)
        one = frozenset({next(each.id for each in listed if each.id != reader.agency_id)})
        works: dict[str, Callable[[], object]] = {
            "a province, this year": lambda: queries.report(reader, Asked(everybody, year, now)),
            "a province, a quarter of last year": lambda: queries.report(reader, Asked(everybody, quarter, now)),
            "a ward, this year": lambda: queries.report(reader, Asked(one, year, now)),
            "a ward, a quarter of last year": lambda: queries.report(reader, Asked(one, quarter, now)),
            "the list behind a number": lambda: queries.behind(
                reader, Asked(everybody, year, now), Column.OVERDUE, "Hộ tịch"
            ),
            "nine indicators of a province's agencies": lambda: scores.of_agencies(reader, everybody, year, now),
        }
        total = queries.report(reader, Asked(everybody, year, now)).total
        seconds = {name: min(_once(work) for _ in range(int(rounds))) for name, work in works.items()}
    return {
        "at": now.isoformat(),
        "agencies": sorted(everybody),
        "total": {column.name: total[column] for column in Column},
        "seconds": seconds,
    }


VERBS: dict[str, Callable[..., object]] = {
    "starter": starter,
    "fill": fill,
    "look": look,
    "prove": prove,
    "report": report,
}

if __name__ == "__main__":
    print(json.dumps(VERBS[sys.argv[1]](*sys.argv[2:])))
