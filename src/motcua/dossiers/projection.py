"""A dossier's row: the columns that lists need, each a reading of the state."""

from datetime import UTC, datetime
from typing import Any

from motcua.dossiers.buckets import bucket
from motcua.law import codec
from motcua.law.dossier.state import State

NO_DUE = datetime(9999, 1, 1, tzinfo=UTC)  # sorts after every promise

COLUMNS = (
    "status",
    "bucket",
    "channel",
    "receiving_agency_id",
    "competent_agency_id",
    "procedure_code",
    "procedure_version_id",
    "owner_id",
    "opened_at",
    "received_at",
    "due_at_original",
    "due_at_current",
    "due_sort",
    "step",
    "holder_agency_id",
    "holder_function",
    "holder_staff",
    "ready_at",
    "closed_at",
    "erased_at",
    "timeliness",
    "timeliness_current",
)


def columns(state: State) -> tuple[Any, ...]:
    """The values of COLUMNS, in that order."""
    intake = state.intake
    return (
        int(state.status),
        int(bucket(state.status)),
        intake.channel.value,
        intake.receiving_agency,
        intake.competent_agency,
        intake.procedure,
        intake.procedure_version,
        intake.owner.id,
        state.opened_at,
        state.received_at,
        state.due_at_original,
        state.due_at_current,
        state.due_at_current or state.answer_due_at or NO_DUE,  # an online filing waits for its answer first
        state.step,
        state.holder_agency,
        state.holder_function and state.holder_function.value,
        state.holder_staff,
        state.ready_at,
        state.closed_at,
        state.erased_at,
        state.timeliness and state.timeliness.value,
        state.timeliness_current and state.timeliness_current.value,
    )


def dump(state: State) -> dict[str, Any]:
    """The whole state as it is kept in the row."""
    return codec.to_data(state)


def load(data: dict[str, Any]) -> State:
    """The state of a row."""
    return codec.from_data(State, data)
