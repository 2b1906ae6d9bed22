"""Lives drawn by Hypothesis, written into a database with three bare agencies, and how they stood at any moment.

The oracle reads nothing of the reports' room: it folds each story with the law's own `evolve`, up to the moment asked
for, and counts in plain Python.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from law.dossier_lives import Life
from law.dossier_world import ref
from motcua.agencies.models import Agency
from motcua.dossiers import bulk
from motcua.dossiers.bulk import Story, database_now
from motcua.dossiers.commands import new_id
from motcua.dossiers.record import Act, chain
from motcua.dossiers.worker import catch_up
from motcua.law.dossier import decide, evolve
from motcua.law.dossier.commands import Claim
from motcua.law.dossier.events import Event, Finished, Intake, Stopped, Withdrawn
from motcua.law.dossier.reckoning import local
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Channel, Ground, Refusal
from motcua.law.reporting import Period
from motcua.law.timeliness import Timeliness, minute, timeliness
from motcua.persons.models import Record
from motcua.procedures.models import Procedure, ProcedureVersion
from motcua.reports.followers import FOLLOWERS

FIELDS = {7: "Hộ tịch", 8: "Đất đai", 9: ""}  # by the version's number: the last one has no field
AGENCIES = (1, 2, 3)
Told = list[tuple[Event, datetime]]


@dataclass(frozen=True)
class Written:
    """A dossier in the database with its story as it was told."""

    id: UUID
    story: Told
    actors: list[tuple[int | None, int | None]]


class Drawn(Life):
    """A life of one of three procedures, with a code of its own."""

    number = 0

    def _intake(self) -> Intake:
        drawn = super()._intake()
        return replace(drawn, procedure_version=7 + self.dice.pick([0, 1, 2]), code=f"H55.242-240304-{self.number:04}")


def bare_agencies() -> None:
    """The agencies, procedures and records that drawn lives name."""
    for pk in AGENCIES:
        Agency.objects.create(pk=pk, code=f"A{pk}", name=f"Cơ quan {pk}", short_name="x", kind="other", identifier="H9")
    for name in ("owner", "note"):
        Record.objects.create(pk=ref(name).id, kind="note", sealed=b"x", key_id="x")
    procedure = Procedure.objects.create(code="1.000894", name="Thủ tục")
    for pk, field in FIELDS.items():
        ProcedureVersion.objects.create(
            pk=pk, procedure=procedure, number=pk, valid_from="2020-01-01", valid_to="2030-01-01",
            content={"name": "Thủ tục", "field": field}, content_hash=str(pk), source="starter", rank=1,
        )  # fmt: skip


def told(seed: int, lives: int = 8, steps: int = 40) -> list[Written]:
    """So many lives out of a seed, told and not written."""
    return [each for each, _story in _told(seed, lives, steps)]


def write(seed: int, lives: int = 8, steps: int = 40) -> list[Written]:
    """The same, written, and read by the followers."""
    found = _told(seed, lives, steps)
    bulk.write([story for _each, story in found])
    catch_up(FOLLOWERS)
    return [each for each, _story in found]


def _told(seed: int, lives: int, steps: int) -> list[tuple[Written, Story]]:
    dice, found = random.Random(seed), []
    for number in range(lives):
        life = Drawn(dice.randbytes(900))  # evenly: drawn bytes would mostly be nought, and lives end at once
        life.number = number
        story, actors = _live(life, steps)
        if life.log:
            found.append((Written(story.head.dossier_id, life.log, actors), story))
    return found


def _live(life: Drawn, steps: int) -> tuple[Story, list[tuple[int | None, int | None]]]:
    story, recorded_at, actors = Story.of(new_id(), f"H55.242-240304-{life.number:04}"), database_now(), []
    for _ in range(steps):
        command, context = life.next_question()
        decision = decide(life.state, command, context)
        if isinstance(decision, Refusal):
            continue
        for event in decision:
            life.state = evolve(life.state, event, context.at)
            life.log.append((event, context.at))
            actors.append((context.actor.staff, context.actor.agency))
        claim = Claim(context.at, Ground.DEMONSTRATION)  # told now of then; the law has decided already
        act = Act(new_id(), type(command).__name__, context.actor, recorded_at, claim)
        chained = chain(story.head, decision, act)
        story.acts.append((act, chained))
        story.head = chained.head
    return story, actors


def period_of(written: Sequence[Written], first: int, second: int) -> Period:
    """A period that begins and ends on days on which something happened, chosen by two numbers."""
    days = sorted({local(at).date() for each in written for _event, at in each.story})
    chosen = days[first % len(days)], days[second % len(days)]
    return Period(min(chosen), max(chosen))


# -- the oracle -----------------------------------------------------------------------------------------------------

COLUMNS = ("3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13")


@dataclass(frozen=True)
class Stand:
    """What a dossier was before a moment: its state when it ended or then, and how it ended."""

    state: State
    ended_at: datetime | None
    how: str
    timeliness: Timeliness | None


def stand(story: Told, before: datetime, *, current: bool = False) -> Stand | None:
    """How a dossier stood just before a moment; None when it had not been accepted by then."""
    state: State | None = None
    for event, at in story:
        if at >= before:
            break
        former, state = state, evolve(state, event, at)
        if isinstance(event, Finished):
            return Stand(state, at, "finished", state.timeliness_current if current else state.timeliness)
        if isinstance(event, Withdrawn | Stopped):
            if former is None or former.received_at is None:
                return None
            due = former.due_at_current if current else former.due_at_original
            in_hours = former.appointment.in_hours if former.appointment else False
            found = due and timeliness(local(former.paused_at or at), local(due), in_hours=in_hours)
            return Stand(state, at, "withdrawn" if isinstance(event, Withdrawn) else "stopped", found or None)
    return None if state is None or state.received_at is None else Stand(state, None, "", None)


def columns(
    story: Told,
    agency: int,
    period: Period,
    now: datetime,
    *,
    current: bool = False,
    without: frozenset[str] = frozenset(),
) -> Iterator[str]:
    """The columns of the form that a dossier counts in for an agency and a period."""
    found = stand(story, period.ends, current=current)
    if found is None or found.state.intake.competent_agency != agency or found.how in without:
        return
    if found.ended_at is not None and found.ended_at < period.begins:
        return
    state = found.state
    yield "3"
    if state.received_at < period.begins:
        yield "6"
    else:
        yield "4" if state.intake.channel is Channel.ONLINE else "5"
    if found.ended_at is not None:
        yield "7"
        yield {Timeliness.EARLY: "8", Timeliness.OVERDUE: "10"}.get(found.timeliness, "9")
        return
    yield "11"
    due = state.due_at_current if current else state.due_at_original
    judged = state.paused_at or min(period.ends, now)
    late = due is not None and minute(judged) > minute(due)
    yield "13" if late else "12"


def expected(
    written: Sequence[Written], agency: int, period: Period, now: datetime, **reading
) -> dict[str, Counter[str]]:
    """The whole report, by field."""
    found: dict[str, Counter[str]] = {}
    for each in written:
        names = list(columns(each.story, agency, period, now, **reading))
        if names:
            state = stand(each.story, period.ends).state
            field = FIELDS.get(state.intake.procedure_version) or "Chưa xếp lĩnh vực"
            found.setdefault(field, Counter()).update(names)
    return found
