"""To whom a step can be given: the law checks functions and agencies, this checks the person."""

from __future__ import annotations

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader
from motcua.agencies.queries import StaffView
from motcua.dossiers.queries import Detail
from motcua.law.process import Step


def able(reader: Reader, detail: Detail, outcome: str = "") -> tuple[StaffView, ...]:
    """The colleagues who can do the present step or, with an outcome, the step that it leads to."""
    step = _step(detail, outcome)
    if step is None or reader.agency_id is None:
        return ()
    team = agencies.staff_of(reader, reader.agency_id, procedure=detail.row.procedure_code)
    return tuple(each for each in team if step.function in each.functions)


def _step(detail: Detail, outcome: str) -> Step | None:
    process, state = detail.process, detail.state
    step = process.step(state.step) if process and state.step else None
    if not outcome or step is None or process is None:
        return step
    chosen = step.outcome(outcome)
    return process.step(chosen.to) if chosen and chosen.end is None else None
