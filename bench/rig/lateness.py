"""What the bench of apologies does with Django on one database: `python -m rig.lateness COUNT` prints JSON.

Everything as in an installation: the duty drafts, a leader's acts apologise, the follower notes the messages. Letters
and acts are spread over two processes, one for each core.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any
from uuid import UUID

from motcua.cli.django import setup

PIECE = 500
PEER = 200  # letters made one by one, to compare
_REASON = "Cần xác minh thêm tại nơi cư trú trước đây."


def fill(count: int) -> None:
    """So many dossiers of invented people that came in the last working hour, at agencies that are no demonstration."""
    from django.db import connection
    from django.utils import timezone

    from motcua.dossiers.worker import catch_up_with_much
    from motcua.law import worktime
    from motcua.law.dossier.reckoning import local
    from motcua.starter import demonstration
    from motcua.starter.demonstration import Batch

    calendar, end = demonstration._cast().calendar, local(timezone.now())
    while not calendar.hours_on(end.date()):
        end = datetime.combine(end.date() - timedelta(days=1), datetime.max.time()).replace(second=0, microsecond=0)
    total = worktime.elapsed(calendar, end - timedelta(days=30), end)
    start = worktime.add_minutes(calendar, end - timedelta(days=30), max(0, total - 60))
    for number in range(-(-count // PIECE)):
        demonstration.write_batch(Batch(number, start, end, min(PIECE, count - number * PIECE), 7 + number))
    catch_up_with_much()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_agency SET demo = false")


def drafted() -> tuple[list[UUID], dict[UUID, datetime]]:
    """The duty's own work, at a moment when every promise is near; the drafts with their new times."""
    from django.db.models import Max

    from motcua.dossiers.models import Dossier
    from motcua.notices import drafting
    from motcua.notices.models import ApologyDraft

    latest = Dossier.objects.aggregate(at=Max("due_at_current"))["at"]
    drafting.draft(latest)
    found = dict(ApologyDraft.objects.order_by("dossier_id").values_list("dossier_id", "new_due_at"))
    return list(found), found


def letters(wanted: Sequence[tuple[UUID, datetime]]) -> int:
    """The letters of some dossiers in one PDF; its bytes."""
    from django.utils import timezone

    from motcua.agencies.access import for_system
    from motcua.papers import queries as papers
    from motcua.papers.render import prepare, typeset_many

    made = papers.apologies_ahead(
        for_system("bench"), dict(wanted), _REASON, timezone.now(), lambda token: f"https://motcua.example.vn/t/{token}"
    )
    if len(made) != len(wanted):
        sys.exit(f"{len(made)} letters for {len(wanted)} dossiers")
    return len(typeset_many([prepare(form, draft=True) for form in made.values()], "Phiếu xin lỗi"))


def acts(wanted: Sequence[tuple[UUID, datetime]]) -> int:
    """The apologies themselves, each by the leader of its agency and in a transaction of its own."""
    from django.contrib.auth import get_user_model

    from motcua.agencies.access import Role, for_staff
    from motcua.agencies.models import Staff
    from motcua.dossiers import commands
    from motcua.dossiers.models import Dossier

    leads = {
        post.agency_id: for_staff(get_user_model().objects.get(pk=post.user_id))
        for post in Staff.objects.filter(roles__contains=[Role.LEADER])
    }
    agencies = dict(
        Dossier.objects.filter(pk__in=[each for each, _at in wanted]).values_list("pk", "competent_agency_id")
    )
    for dossier_id, due_at in wanted:
        reader = leads[agencies[dossier_id]]
        commands.appoint_again(reader, dossier_id, due_at, _REASON, command_id=commands.new_id())
    return len(wanted)


def queued() -> int:
    """Places the new events and notes their messages, as the worker does; how many wait."""
    from motcua.dossiers import sequencer
    from motcua.dossiers.followers import follow_all
    from motcua.notices.models import Message
    from motcua.notices.outbox import FOLLOWER

    sequencer.place_all()
    follow_all(FOLLOWER)
    return Message.objects.filter(state=0, occasion="appointed_again", channel="mail").count()


def alone(wanted: Sequence[tuple[UUID, datetime]]) -> float:
    """The seconds of these letters made the way a dossier's page makes one, each a file of its own."""
    begun = time.perf_counter()
    for each in wanted:
        letters([each])
    return time.perf_counter() - begun


def _apart(work: Callable[[Any], int], wanted: Sequence[Any]) -> int:
    from django.db import connections

    connections.close_all()  # the processes come from this one, and a connection is not to be shared
    pieces = [wanted[first : first + PIECE] for first in range(0, len(wanted), PIECE)]
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        return sum(pool.map(work, pieces))


def main(count: int) -> dict[str, float]:
    """Everything in turn; the seconds of each part and what it came to."""
    setup()
    fill(count)
    begun = time.perf_counter()
    _ids, found = drafted()
    wanted = list(found.items())[:count]
    first = time.perf_counter()
    size = _apart(letters, wanted)
    second = time.perf_counter()
    few = wanted[:PEER]
    peer = alone(few)
    resumed = time.perf_counter()
    done = _apart(acts, wanted)
    third = time.perf_counter()
    waiting = queued()
    fourth = time.perf_counter()
    return {
        "dossiers": len(wanted), "drafted": first - begun, "rendered": second - first, "recorded": third - resumed,
        "queued": fourth - third, "bytes": size, "acts": done, "waiting": waiting,
        "peer": peer / len(few),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
