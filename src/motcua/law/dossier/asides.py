"""Decide about what happens beside the road of a dossier: money, opinions, signatures, scans, remarks, corrections."""

from dataclasses import replace

from motcua.law.dossier import commands as c
from motcua.law.dossier import events as e
from motcua.law.dossier import reckoning
from motcua.law.dossier.citing import is_number, is_order
from motcua.law.dossier.refusing import RefusedError
from motcua.law.dossier.state import Consultation, State
from motcua.law.dossier.vocabulary import Component

_CONSULT = "NĐ 61/2018, Điều 19.5"

Events = tuple[e.Event, ...]


def check_counts(components: tuple[Component, ...]) -> None:
    """Raises RefusedError for a paper counted below nothing."""
    if any(min(item.originals, item.certified, item.copies) < 0 for item in components):
        raise RefusedError("negative_count", "TT 01/2018, Mẫu 01")


def pay(state: State, command: c.Pay, ctx: c.Context) -> Events:
    """Money came; when all that the dossier waited for is paid, the work goes on."""
    if command.amount <= 0:
        raise RefusedError("payment_needs_amount")
    if command.receipt is not None and not is_number(command.receipt):
        raise RefusedError("number_needs_letters_and_digits")
    paid = e.Paid(command.amount, command.method, command.receipt)
    if state.payment_due is None or command.amount < state.payment_due:
        return (paid,)
    return paid, reckoning.resumed(state, ctx, ())


def consult(state: State, command: c.Consult, ctx: c.Context) -> Events:
    """Ask another body, with the time by which its answer is needed: within the dossier's own time (Art. 19.5)."""
    if (command.agency is None) == (command.body is None):
        raise RefusedError("ask_one_body", _CONSULT)
    if command.agency is not None and command.agency == state.holder_agency:
        raise RefusedError("own_agency_asked", _CONSULT)
    if command.answer_due_at <= ctx.at:
        raise RefusedError("answer_time_is_over", _CONSULT)
    if state.due_at_current is not None and ctx.at <= state.due_at_current < command.answer_due_at:
        raise RefusedError("answer_after_the_dossier", _CONSULT, due_at=reckoning.local(state.due_at_current))
    due = command.answer_due_at.replace(second=0, microsecond=0)
    number = (state.consulted or 0) + 1
    return (e.Consulted(number, command.question, due, command.agency, command.body),)


def answer(state: State, command: c.AnswerConsultation, ctx: c.Context) -> Events:
    """The body that was asked answers, in time or not."""
    asked = next((each for each in state.consultations or () if each.number == command.number), None)
    if asked is None:
        raise RefusedError("no_such_consultation", _CONSULT, number=command.number)
    if not _may_answer(asked, state, ctx):
        raise RefusedError("not_your_agency", _CONSULT)
    kept = reckoning.kept_minute(ctx, asked.answer_due_at)
    return (e.ConsultationAnswered(command.number, command.answer, kept, command.document),)


def _may_answer(asked: Consultation, state: State, ctx: c.Context) -> bool:
    """Whether it is the body that was asked, or the lead agency that writes down what came on paper."""
    return ctx.actor.is_system or ctx.actor.is_of(asked.agency) or ctx.actor.is_of(state.intake.competent_agency)


def sign(_: State, command: c.Sign, __: c.Context) -> Events:
    """A paper was signed; whether the signature holds is the papers' to say."""
    return (e.Signed(command.document, command.by),)


def digitise(state: State, command: c.Digitise, _: c.Context) -> Events:
    """Scans came to papers that had none, or to the result."""
    if command.result is None and all(item.file is None for item in command.components):
        raise RefusedError("nothing_changes", "NĐ 61/2018, Điều 17.1")
    check_counts(command.components)
    scanned = {item.number: item for item in command.components}
    unknown = scanned.keys() - {item.number for item in state.intake.components}
    if unknown:
        raise RefusedError("no_such_paper", "NĐ 61/2018, Điều 17.1", number=min(unknown))
    whole = tuple(
        replace(item, file=scanned[item.number].file or item.file) if item.number in scanned else item
        for item in state.intake.components
    )
    return (e.Digitised(whole if scanned else (), command.result),)


def annotate(_: State, command: c.Annotate, __: c.Context) -> Events:
    """A remark."""
    return (e.Annotated(command.note),)


def correct(_: State, command: c.Correct, __: c.Context) -> Events:
    """A record that was typed wrongly gives way to another."""
    if command.owner is command.submitter is command.request is None:
        raise RefusedError("nothing_changes")
    return (e.Corrected(command.owner, command.submitter, command.request),)


def correct_error(state: State, command: c.CorrectError, _: c.Context) -> Events:
    """The agency puts its own error right (Art. 21); the timeliness that was fixed stays."""
    return (e.ErrorCorrected(command.reason, state.closed_at is not None, command.document),)


def relocate(state: State, command: c.Relocate, ctx: c.Context) -> Events:
    """The dossier follows an agency's merger or move, by order."""
    came = state.intake
    if command.from_agency not in (came.receiving_agency, came.competent_agency):
        raise RefusedError("not_at_that_agency")
    if command.from_agency == command.to_agency:
        raise RefusedError("nothing_changes")
    if not ctx.actor.is_system and (
        command.from_agency not in ctx.actor.stands_for or command.to_agency != ctx.actor.agency
    ):
        raise RefusedError("not_the_successor")
    if not is_order(command.order):
        raise RefusedError("order_needs_number")
    before = (came.receiving_agency, came.competent_agency)
    return (e.Relocated(command.from_agency, command.to_agency, command.order, *before),)


def erase(_: State, command: c.Erase, __: c.Context) -> Events:
    """What is held about people goes by an order that names no person."""
    if not is_order(command.order):
        raise RefusedError("order_needs_number")
    return (e.Erased(command.order, command.parts, command.early, command.again),)
