"""What a decision needs besides state and command: who asks, which calendar, which process, which rules."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader, for_system
from motcua.dossiers.rules import rules_of
from motcua.law.dossier.commands import Actor, Claim, Context
from motcua.law.dossier.state import State
from motcua.law.process import Function, Process
from motcua.law.worktime import WorkCalendar
from motcua.procedures import queries as procedures


class NoSuchDossier(LookupError):  # noqa: N818 - answers 404
    """There is no dossier of that id, or the reader may not know of it."""

    message = _("Không có hồ sơ này.")


def actor(reader: Reader, state: State | None = None) -> Actor:
    """The reader as the law sees them: agency, staff, functions; the system has none of these.

    An elevation lets somebody act for another agency: for a dossier that has nothing to do with the own one, and
    belongs to that agency, the actor is of that agency.
    """
    if reader.kind != "staff":
        return Actor()
    concerned = {state.intake.receiving_agency, state.intake.competent_agency} if state else set()
    seat = reader.seat_elsewhere(concerned)
    if seat:
        return Actor(seat.agency_id, reader.staff_id, _functions(seat.roles), seat.own - {seat.agency_id})
    return Actor(reader.agency_id, reader.staff_id, _functions(reader.functions), reader.predecessor_agency_ids)


def _functions(held: Collection[str]) -> frozenset[Function]:
    return frozenset(function for function in Function if function.value in held)


_PROCESSES: dict[tuple[str, int], Process] = {}  # published versions never change, so each is read once


def process(version_id: int) -> Process:
    """A published process; raises LookupError for an unknown one."""
    found = processes([version_id])
    if version_id not in found:
        raise LookupError(f"process version {version_id}")
    return found[version_id]


def processes(version_ids: Iterable[int]) -> dict[int, Process]:
    """Published processes by version: at most one statement, none when this program has read them all before."""
    wanted, database = set(version_ids), str(connection.settings_dict["NAME"])
    missing = {version for version in wanted if (database, version) not in _PROCESSES}
    if missing:
        for version, view in procedures.process_versions(for_system("process of a dossier"), missing).items():
            _PROCESSES[database, version] = Process.from_data(view.definition)
    return {version: _PROCESSES[database, version] for version in wanted if (database, version) in _PROCESSES}


def former_calendar(agency_id: int, calendar_id: str | None) -> WorkCalendar | None:
    """The version of the agency's calendar that an appointment was counted by."""
    if calendar_id is None:
        return None
    code, _at, version = calendar_id.rpartition("@")
    for known in agencies.calendar_versions(code):
        calendar = agencies.calendar_version(known.id)
        if calendar.version == version:
            return calendar
    return None


def context_for(reader: Reader, state: State, now: datetime, claim: Claim | None = None) -> Context:
    """The circumstances of a command on an existing dossier."""
    calendar, _version = agencies.calendar_for(state.intake.competent_agency)
    counted_by = state.appointment.calendar if state.appointment else None
    changed = counted_by is not None and counted_by != f"{calendar.code}@{calendar.version}"
    return Context(
        recorded_at=now,
        calendar=calendar,
        actor=actor(reader, state),
        process=process(state.process_version) if state.process_version else None,
        process_version=state.process_version or 0,
        rules=rules_of(state.rules, state.received_at or state.opened_at),
        claim=claim,
        former_calendar=former_calendar(state.intake.competent_agency, counted_by) if changed else None,
    )
