"""Who may give which command in which status, and why not otherwise."""

from motcua.law.dossier import commands as c
from motcua.law.dossier import events as e
from motcua.law.dossier.refusing import RefusedError
from motcua.law.dossier.state import AT_DESK_AGAIN, State
from motcua.law.dossier.vocabulary import FINISHED, OPEN, PAUSED, TERMINAL, Channel, Status
from motcua.law.process import Function, Place, Step

_S = Status
_LIVE = OPEN | FINISHED
_COUNTED = frozenset({_S.ACCEPTED, _S.PROCESSING})
# Command -> the statuses in which it may be given, and the article that says so.
ALLOWED: dict[type, tuple[frozenset[Status], str]] = {
    c.Accept: (frozenset({_S.REGISTERED}), "NĐ 61/2018, Điều 17.1"),
    c.RefuseIntake: (PAUSED | {_S.REGISTERED}, "NĐ 61/2018, Điều 17.1"),
    c.Transfer: (frozenset({_S.ACCEPTED}), "NĐ 61/2018, Điều 18"),
    c.HandOver: (frozenset({_S.PROCESSING}), "NĐ 61/2018, Điều 19"),
    c.Approve: (frozenset({_S.PROCESSING}), "NĐ 61/2018, Điều 19"),
    c.RefuseResult: (frozenset({_S.PROCESSING}), "NĐ 61/2018, Điều 19.8"),
    c.MakeReady: (frozenset({_S.PROCESSING}), "NĐ 61/2018, Điều 20"),
    c.Assign: (frozenset({_S.PROCESSING}), "NĐ 61/2018, Điều 19.1"),
    c.PauseFor: (frozenset({_S.REGISTERED, _S.ACCEPTED, _S.PROCESSING}), "NĐ 61/2018, Điều 17.1, 19.4"),
    c.Suspend: (_COUNTED, "NĐ 61/2018, Điều 19"),
    c.Resume: (PAUSED, "NĐ 61/2018, Điều 19.4"),
    c.Pay: (_LIVE, "NĐ 61/2018, Điều 17"),
    c.Consult: (frozenset({_S.PROCESSING}), "NĐ 61/2018, Điều 19.5"),
    c.AnswerConsultation: (PAUSED | {_S.PROCESSING}, "NĐ 61/2018, Điều 19.5"),
    c.AppointAgain: (_COUNTED, "NĐ 61/2018, Điều 19.9"),
    c.Recount: (_COUNTED, "BLDS 2015, Điều 148"),
    # A refusal or a notice of a stop is signed when the dossier has ended by it.
    c.Sign: (_LIVE | {_S.REFUSED_AT_INTAKE, _S.STOPPED}, "TT 01/2018, Điều 10"),
    c.Digitise: (_LIVE, "NĐ 61/2018, Điều 17.1"),
    c.Annotate: (_LIVE, ""),
    c.Return: (frozenset({_S.RESOLVED}), "NĐ 61/2018, Điều 20"),
    c.CorrectError: (FINISHED, "NĐ 61/2018, Điều 21"),
    c.Withdraw: (OPEN, "NĐ 61/2018, Điều 16"),
    c.Stop: (_COUNTED | PAUSED, "NĐ 118/2025"),
    c.Correct: (_LIVE, "NĐ 61/2018, Điều 21"),
    c.Relocate: (_LIVE, ""),
    c.NoteActivity: (frozenset({_S.ACCEPTED, _S.RESOLVED}), ""),
    c.FinishImported: (frozenset({_S.ACCEPTED}), ""),
    c.Erase: (TERMINAL, ""),
}
_AT_DESK = (Place.RECEIVING, Function.DESK_OFFICER)
_LEADS = (Place.COMPETENT, Function.LEADER)
# Command -> the place and function that may give it; commands on a step are checked against the step instead.
BY: dict[type, tuple[Place, Function]] = {
    c.Accept: _AT_DESK,
    c.RefuseIntake: _AT_DESK,
    c.Transfer: _AT_DESK,
    c.MakeReady: _AT_DESK,
    c.Resume: _AT_DESK,
    c.Pay: _AT_DESK,
    c.Return: _AT_DESK,
    c.Withdraw: _AT_DESK,
    c.Correct: _AT_DESK,
    c.AppointAgain: _LEADS,
    c.Recount: _LEADS,
    c.Suspend: _LEADS,
    c.CorrectError: _LEADS,
    c.Stop: _LEADS,
    c.Erase: _LEADS,
}
ON_STEP = frozenset({c.HandOver, c.Approve, c.RefuseResult, c.PauseFor, c.Assign, c.Consult})
# Command -> functions that may give it at the receiving or the competent agency.
EITHER: dict[type, frozenset[Function]] = {
    c.Sign: frozenset(Function),
    c.Digitise: frozenset({Function.DESK_OFFICER, Function.CASE_OFFICER}),
    c.Annotate: frozenset(Function),
}
# What the system that filed for the applicant may hand on from them: what they brought or paid, and that they take it
# back.
BY_FILER = frozenset({c.Resume, c.Pay, c.Withdraw})


def check_status(state: State | None, command: c.Command) -> None:
    """Raises RefusedError when the dossier's status does not allow the command."""
    begins = isinstance(command, c.Register | c.Receive)
    if begins != (state is None):
        raise RefusedError("already_begun" if begins else "not_begun")
    if state is not None and not (isinstance(command, c.Erase) and command.again):
        check_status_of(state, type(command))


def check_status_of(state: State, kind: type) -> None:
    """The same for a kind of command, whatever its content."""
    statuses, article = ALLOWED[kind]
    # What the desk asked for may never come: a dossier can be refused while it waits, but never once it was accepted.
    if state.status not in statuses or (kind is c.RefuseIntake and state.received_at is not None):
        raise RefusedError("not_in_this_status", article, status=int(state.status))
    if (kind is c.MakeReady) != (state.step == AT_DESK_AGAIN) and kind in (*ON_STEP - {c.Assign}, c.MakeReady):
        raise RefusedError("result_on_its_way" if kind is not c.MakeReady else "no_result_yet", article)
    if kind is c.Erase and state.erased_at is not None and state.erased_at == state.last_at:
        raise RefusedError("already_erased", order=state.erased_by)
    if kind is not c.Erase and state.is_terminal and state.erased_at is not None:
        raise RefusedError("already_erased", order=state.erased_by)
    if kind is c.AnswerConsultation and not state.consultations:
        raise RefusedError("nobody_was_asked", article)


def check_actor(state: State | None, command: c.Command, ctx: c.Context) -> None:
    """Raises RefusedError when another function or another agency does this."""
    if isinstance(command, c.Register | c.Receive):
        if isinstance(command, c.Register) and _is_filer(command.intake, ctx):
            return
        if not ctx.actor.is_system and (
            not ctx.actor.is_of(command.intake.receiving_agency) or Function.DESK_OFFICER not in ctx.actor.functions
        ):
            raise RefusedError("not_your_desk", "NĐ 61/2018, Điều 17")
    elif state is not None:
        check_place(state, type(command), ctx)


def check_place(state: State, kind: type, ctx: c.Context) -> None:
    """The same for a kind of command on a dossier that has begun, whatever its content."""
    if ctx.actor.is_system or (kind in BY_FILER and _is_filer(state.intake, ctx)):
        return
    if kind is c.Resume and state.status == Status.SUSPENDED:
        _check_function(state, ctx, *_LEADS)
    elif kind in BY:
        _check_function(state, ctx, *BY[kind])
    elif kind is c.PauseFor and state.step is None:
        _check_function(state, ctx, *_AT_DESK)
    elif kind in ON_STEP:
        _check_step_holder(state, kind, ctx)
    elif kind in EITHER:
        _check_either(state, kind, ctx)
    elif kind is c.AnswerConsultation:
        _check_consulted(state, ctx)
    elif kind is c.Relocate:
        _check_successor(state, ctx)
    else:
        raise RefusedError("only_by_import")


def _is_filer(intake: e.Intake, ctx: c.Context) -> bool:
    """Whether the actor's agency filed it online for the applicant (Decree 61/2018, Art. 16.1)."""
    return ctx.actor.is_of(intake.filer) and intake.channel == Channel.ONLINE


def _check_function(state: State, ctx: c.Context, place: Place, function: Function) -> None:
    if not ctx.actor.is_of(agency_at(state, place)) or function not in ctx.actor.functions:
        raise RefusedError("not_your_function", function=function.value)


def _check_step_holder(state: State, kind: type, ctx: c.Context) -> None:
    if state.step == AT_DESK_AGAIN:
        _check_function(state, ctx, *_AT_DESK)
        return
    step = step_of(state, ctx)
    if not ctx.actor.is_of(state.holder_agency):
        raise RefusedError("not_your_agency")
    if kind is c.Assign and Function.LEADER in ctx.actor.functions:
        return
    if step.function not in ctx.actor.functions:
        raise RefusedError("not_your_function", function=step.function.value)
    if kind is not c.Assign and state.holder_staff not in (None, ctx.actor.staff):
        raise RefusedError("held_by_another", staff=state.holder_staff)


def _check_either(state: State, kind: type, ctx: c.Context) -> None:
    if not any(ctx.actor.is_of(agency) for agency in (state.intake.receiving_agency, state.intake.competent_agency)):
        raise RefusedError("not_your_agency")
    if not EITHER[kind] & ctx.actor.functions:
        raise RefusedError("not_your_function", function=min(EITHER[kind]).value)


def _check_consulted(state: State, ctx: c.Context) -> None:
    """The body that was asked answers; the lead agency writes down an answer that came on paper."""
    asked = {each.agency for each in state.consultations or ()} | {state.intake.competent_agency}
    if not any(ctx.actor.is_of(agency) for agency in asked):
        raise RefusedError("not_your_agency", "NĐ 61/2018, Điều 19.5")
    if not ctx.actor.functions & {Function.CASE_OFFICER, Function.LEADER}:
        raise RefusedError("not_your_function", function=Function.CASE_OFFICER.value)


def _check_successor(state: State, ctx: c.Context) -> None:
    concerned = {state.intake.receiving_agency, state.intake.competent_agency, state.holder_agency}
    if not concerned & ctx.actor.stands_for:
        raise RefusedError("not_the_successor")
    if Function.LEADER not in ctx.actor.functions:
        raise RefusedError("not_your_function", function=Function.LEADER.value)


def agency_at(state: State, place: Place) -> int:
    """The agency that does what is done at a place."""
    return state.intake.receiving_agency if place == Place.RECEIVING else state.intake.competent_agency


def step_of(state: State, ctx: c.Context) -> Step:
    """The step at which the dossier stands; raises RefusedError when the process does not know it."""
    step = ctx.process.step(state.step) if ctx.process and state.step else None
    if step is None:
        raise RefusedError("step_unknown", step=state.step)
    return step
