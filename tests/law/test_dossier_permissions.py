"""In which status and by whom each command may be given, against tables written from the law and not from the code."""

from dataclasses import replace

import pytest

from law.dossier_world import (
    BOTH,
    CALENDAR,
    CASE,
    CHANGED,
    COLLEAGUE,
    DESK,
    ELSEWHERE,
    HERE,
    IMPORTED,
    LEADER,
    PAYMENT,
    PORTAL,
    RETURN,
    STRANGER,
    SUPPLEMENT,
    SUSPEND,
    SYSTEM,
    THERE,
    Story,
    at,
    in_every_status,
    intake,
    limit,
    received,
    ref,
)
from motcua.law.dossier import commands as c
from motcua.law.dossier import decide, is_order, possible
from motcua.law.dossier.state import Consultation
from motcua.law.dossier.vocabulary import TERMINAL, Channel, Component, PaidBy, Refusal, Result, SignedBy, Status
from motcua.law.process import Function

# Statuses of the national list; 5a and 6a wait for the applicant before the dossier was accepted, 5 and 6 after it.
MAY_BE_GIVEN = """
                    1  2  3  4  4b 5  5a 6  6a 7  8  9  10 11
Register            -  -  -  -  -  -  -  -  -  -  -  -  -  -
Receive             -  -  -  -  -  -  -  -  -  -  -  -  -  -
Accept              x  -  -  -  -  -  -  -  -  -  -  -  -  -
RefuseIntake        x  -  -  -  -  -  x  -  x  -  -  -  -  -
Transfer            -  x  -  -  -  -  -  -  -  -  -  -  -  -
HandOver            -  -  -  x  -  -  -  -  -  -  -  -  -  -
Approve             -  -  -  x  -  -  -  -  -  -  -  -  -  -
RefuseResult        -  -  -  x  -  -  -  -  -  -  -  -  -  -
MakeReady           -  -  -  -  x  -  -  -  -  -  -  -  -  -
Assign              -  -  -  x  x  -  -  -  -  -  -  -  -  -
PauseFor            x  x  -  x  -  -  -  -  -  -  -  -  -  -
Suspend             -  x  -  x  x  -  -  -  -  -  -  -  -  -
Resume              -  -  -  -  -  x  x  x  x  -  -  -  -  x
Pay                 x  x  -  x  x  x  x  x  x  -  -  x  x  x
Consult             -  -  -  x  -  -  -  -  -  -  -  -  -  -
AnswerConsultation  -  -  -  x  x  x  x  x  x  -  -  -  -  x
AppointAgain        -  x  -  x  x  -  -  -  -  -  -  -  -  -
Recount             -  x  -  x  x  -  -  -  -  -  -  -  -  -
Sign                x  x  x  x  x  x  x  x  x  -  x  x  x  x
Digitise            x  x  -  x  x  x  x  x  x  -  -  x  x  x
Annotate            x  x  -  x  x  x  x  x  x  -  -  x  x  x
Return              -  -  -  -  -  -  -  -  -  -  -  x  -  -
CorrectError        -  -  -  -  -  -  -  -  -  -  -  x  x  -
Withdraw            x  x  -  x  x  x  x  x  x  -  -  -  -  x
Stop                -  x  -  x  x  x  x  x  x  -  -  -  -  x
Correct             x  x  -  x  x  x  x  x  x  -  -  x  x  x
Relocate            x  x  -  x  x  x  x  x  x  -  -  x  x  x
NoteActivity        -  x  -  -  -  -  -  -  -  -  -  x  -  -
FinishImported      -  x  -  -  -  -  -  -  -  -  -  -  -  -
Erase               -  -  x  -  -  -  -  -  -  x  x  -  x  -
"""
COMMANDS = {type(command).__name__: command for command in (
    c.Register(intake()),
    c.Receive(intake(), limit("5 ngày làm việc")),
    c.Accept(limit("5 ngày làm việc")),
    c.RefuseIntake(ref("no")),
    c.Transfer(),
    c.HandOver("done"),
    c.Approve(),
    c.RefuseResult(ref("no")),
    c.MakeReady(),
    c.Assign(22),
    SUPPLEMENT,
    SUSPEND,
    c.Resume(),
    c.Pay(8_000, PaidBy.CASH, "0001234"),
    c.Consult(ref("question"), at("2024-03-07 17:00"), ELSEWHERE),
    c.AnswerConsultation(1, ref("answer")),
    c.Sign(ref("signed file"), SignedBy.PERSON),
    c.Digitise((Component(1, file=ref("scan")),)),
    c.Annotate(ref("remark")),
    c.AppointAgain(received("2024-03-20 09:00").state.due_at_original, ref("sorry")),
    c.Recount(),
    RETURN,
    c.CorrectError(ref("a wrong year")),
    c.Withdraw(),
    c.Stop(ref("stop")),
    c.Correct(owner=ref("other")),
    c.Relocate(THERE, ELSEWHERE, "12/QĐ-UBND"),
    c.NoteActivity("T02"),
    c.FinishImported(Result.GRANTED),
    c.Erase("12/QĐ-UBND"),
)}  # fmt: skip


def rows(table):
    header, *lines = (line.split() for line in table.strip().splitlines())
    return [(line[0], column, cell) for line in lines for column, cell in zip(header, line[1:], strict=True)]


@pytest.fixture(scope="module")
def stories():
    return {name.replace(" before", "a").replace(" back", "b"): story for name, story in in_every_status().items()}


def fitted(story, name):
    """The story's state, with what the command speaks about: it is made for that, the law is asked all the same."""
    asked = Consultation(1, at("2024-03-07 17:00"), ELSEWHERE)
    if name == "Recount":  # the plain story's due time does not move under the changed calendar; this one's does
        return replace(story.state, counted_from=received("2024-03-11 09:00").state.received_at)
    if name == "AnswerConsultation":
        return replace(story.state, consultations=(asked,), consulted=1)
    at_handle = name == "Approve" and story.state.step == "handle"
    return replace(story.state, step="sign", holder_function=Function.LEADER) if at_handle else story.state


def changed_context(story, actor=SYSTEM):
    """The story's circumstances after an official change of the calendar, with a claim that lets imports speak."""
    # The change must move the due day, so the dossier counts as received just before the day that became free.
    context = story.context(actor, c.Claim(story.now, IMPORTED))
    return replace(context, calendar=CHANGED, former_calendar=CALENDAR)


def test_the_table_names_every_command_and_every_status(stories):
    assert {row for row, _, _ in rows(MAY_BE_GIVEN)} == {kind.__name__ for kind in c.Command.__args__} == set(COMMANDS)
    assert {int(column.rstrip("ab")) for _, column, _ in rows(MAY_BE_GIVEN)} == {int(status) for status in Status}
    assert {name: int(story.state.status) for name, story in stories.items()} == {
        name: int(name.rstrip("ab")) for name in stories
    }


@pytest.mark.parametrize(("name", "status", "cell"), rows(MAY_BE_GIVEN))
def test_a_command_is_accepted_in_the_statuses_of_the_table_and_in_no_other(stories, name, status, cell):
    story = stories[status]
    context = changed_context(story)
    state = fitted(story, name)
    decision = decide(state, COMMANDS[name], context)
    if cell == "x":
        assert not isinstance(decision, Refusal), decision
        assert type(COMMANDS[name]) in possible(state, context)
    else:
        assert isinstance(decision, Refusal)
        begun = "already_begun" if name in ("Register", "Receive") else "not_in_this_status"
        assert decision.code in (begun, {"4": "no_result_yet", "4b": "result_on_its_way"}.get(status, begun))
        assert type(COMMANDS[name]) not in possible(state, context)


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_a_terminal_dossier_accepts_its_erasure_and_a_returned_one_what_puts_it_right(stories, status):
    story = stories[str(int(status))]
    may = possible(story.state, changed_context(story))
    afterwards = {c.Correct, c.CorrectError, c.Annotate, c.Digitise, c.Pay, c.Sign, c.Relocate}
    letters = {c.Sign} if status in (Status.REFUSED_AT_INTAKE, Status.STOPPED) else set()
    assert may == {c.Erase} | letters | (afterwards if status == Status.RETURNED else set())


def test_a_correction_after_the_return_changes_the_record_and_nothing_of_the_measure(stories):
    before = stories["10"].state
    after = Story()
    after.state, after.now = before, stories["10"].now
    after.do(c.Correct(owner=ref("right name")), DESK)
    assert after.state == replace(
        before, intake=replace(before.intake, owner=ref("right name")), last_at=after.state.last_at
    )


# Who: D, C, L are desk officer, case officer, leader of the receiving agency (r), the competent one (c), another (o).
# s is the agency that took the competent one's place, and a the body that was asked for its opinion.
WHO_MAY = """
                    Dr Cr Lr Dc Cc Lc Do Co Lo Ls Ca
Register            x  -  -  -  -  -  -  -  -  -  -
Receive             x  -  -  -  -  -  -  -  -  -  -
Accept              x  -  -  -  -  -  -  -  -  -  -
RefuseIntake        x  -  -  -  -  -  -  -  -  -  -
Transfer            x  -  -  -  -  -  -  -  -  -  -
HandOver            -  -  -  -  x  -  -  -  -  -  -
Approve             -  -  -  -  -  x  -  -  -  x  -
RefuseResult        -  -  -  -  x  -  -  -  -  -  -
MakeReady           x  -  -  -  -  -  -  -  -  -  -
Assign              -  -  -  -  x  x  -  -  -  x  -
PauseFor            -  -  -  -  x  -  -  -  -  -  -
Suspend             -  -  -  -  -  x  -  -  -  x  -
Resume              x  -  -  -  -  -  -  -  -  -  -
Pay                 x  -  -  -  -  -  -  -  -  -  -
Consult             -  -  -  -  x  -  -  -  -  -  -
AnswerConsultation  -  -  -  -  x  x  -  -  -  x  x
AppointAgain        -  -  -  -  -  x  -  -  -  x  -
Recount             -  -  -  -  -  x  -  -  -  x  -
Sign                x  x  x  x  x  x  -  -  -  x  -
Digitise            x  x  -  x  x  -  -  -  -  -  -
Annotate            x  x  x  x  x  x  -  -  -  x  -
Return              x  -  -  -  -  -  -  -  -  -  -
CorrectError        -  -  -  -  -  x  -  -  -  x  -
Withdraw            x  -  -  -  -  -  -  -  -  -  -
Stop                -  -  -  -  -  x  -  -  -  x  -
Correct             x  -  -  -  -  -  -  -  -  -  -
Relocate            -  -  -  -  -  -  -  -  -  x  -
NoteActivity        -  -  -  -  -  -  -  -  -  -  -
FinishImported      -  -  -  -  -  -  -  -  -  -  -
Erase               -  -  -  -  -  x  -  -  -  x  -
"""
GIVEN_IN = {"Accept": "1", "RefuseIntake": "1", "Transfer": "2", "MakeReady": "4b", "Resume": "5", "Return": "9",
            "CorrectError": "10", "Withdraw": "4", "NoteActivity": "2", "FinishImported": "2",
            "Erase": "10"}  # fmt: skip
FUNCTIONS = {"D": Function.DESK_OFFICER, "C": Function.CASE_OFFICER, "L": Function.LEADER}
ASKED, SUCCESSOR = 4, 5
AGENCIES = {"r": HERE, "c": THERE, "o": ELSEWHERE, "s": SUCCESSOR, "a": ASKED}


@pytest.mark.parametrize(("name", "who", "cell"), rows(WHO_MAY))
def test_a_command_is_given_by_the_people_of_the_table_and_by_nobody_else(stories, name, who, cell):
    stands_for = frozenset({THERE} if who[1] == "s" else ())
    actor = c.Actor(AGENCIES[who[1]], 22, frozenset({FUNCTIONS[who[0]]}), stands_for)
    command = c.Relocate(THERE, SUCCESSOR, "12/QĐ-UBND") if name == "Relocate" else COMMANDS[name]
    if name in ("Register", "Receive"):
        decision = Story().ask(command, actor)
        assert isinstance(decision, Refusal) == (cell == "-")
        return
    story = stories[GIVEN_IN.get(name, "4")]
    context = changed_context(story, actor)
    state = fitted(story, name)
    if name == "AnswerConsultation":
        state = replace(state, consultations=(replace(state.consultations[0], agency=ASKED),))
    if name == "Assign" and who[0] == "L":
        command = c.Assign(21)  # a leader gives the step to somebody of the right function, not to oneself
    decision = decide(state, command, context)
    assert (not isinstance(decision, Refusal)) == (cell == "x"), decision
    assert (type(command) in possible(state, context)) == (cell == "x")
    if cell == "-":
        assert decision.code in ("not_your_function", "not_your_agency", "not_the_successor", "only_by_import")


@pytest.mark.parametrize("functions", [frozenset(), frozenset(Function) - {Function.DESK_OFFICER}])
def test_the_desk_alone_asks_for_papers_before_the_first_step(stories, functions):
    for status in ("1", "2"):
        story = stories[status]
        for agency in (HERE, THERE):
            refused = decide(story.state, SUPPLEMENT, story.context(c.Actor(agency, 11, functions)))
            assert refused == Refusal("not_your_function", "", (("function", "desk_officer"),))
        assert not isinstance(decide(story.state, SUPPLEMENT, story.context(DESK)), Refusal)


@pytest.mark.parametrize(
    ("outcomes", "right", "wrong"),
    [((), DESK, CASE), (("sent",), CASE, DESK), (("sent", "done"), DESK, CASE)],
)
def test_a_step_is_done_at_its_place_by_its_function(outcomes, right, wrong):
    story = received(process=BOTH)
    for outcome in outcomes:
        story.do(c.HandOver(outcome))
    outcome = story.process.step(story.state.step).outcomes[0].code
    for command in (c.HandOver(outcome), PAYMENT, c.Assign(right.staff)):
        assert not isinstance(story.ask(command, right), Refusal)
        for actor in (wrong, LEADER if right is DESK else replace(LEADER, agency=HERE), replace(right, agency=9)):
            assert isinstance(story.ask(command, actor), Refusal)


def test_what_one_person_holds_no_other_hands_over_but_may_take():
    story = received().do(c.Assign(CASE.staff), CASE)
    for command in (c.HandOver("done"), SUPPLEMENT):
        refused = story.ask(command, COLLEAGUE)
        assert refused == Refusal("held_by_another", "", (("staff", "21"),))
        assert type(command) not in possible(story.state, story.context(COLLEAGUE))
        assert not isinstance(story.ask(command, CASE), Refusal)
    story.do(c.Assign(COLLEAGUE.staff), COLLEAGUE)
    assert not isinstance(story.ask(c.HandOver("done"), COLLEAGUE), Refusal)


def test_one_agency_that_receives_and_decides_needs_the_functions_all_the_same():
    alone = intake(competent_agency=HERE)
    story = Story().do(c.Receive(alone, limit("5 ngày làm việc")), DESK)
    assert story.ask(c.HandOver("done"), DESK) == Refusal("not_your_function", "", (("function", "case_officer"),))
    both = replace(DESK, functions=frozenset({Function.DESK_OFFICER, Function.CASE_OFFICER}))
    story.do(c.HandOver("done"), both)
    assert story.ask(c.HandOver("signed"), both).code == "not_your_function"


def test_a_stranger_with_every_function_may_do_nothing_anywhere(stories):
    for story in stories.values():
        assert possible(story.state, story.context(STRANGER)) == frozenset()


def test_nothing_follows_an_erasure_but_doing_it_again(stories):
    erased = Story()
    erased.state, erased.now = stories["10"].state, stories["10"].now
    erased.do(c.Erase("12/QĐ-UBND"), LEADER)
    assert possible(erased.state, changed_context(erased)) == frozenset()
    for command, actor in ((c.Erase("13/QĐ-UBND"), LEADER), (c.Correct(owner=ref("back")), DESK)):
        assert erased.ask(command, actor) == Refusal("already_erased", "", (("order", "12/QĐ-UBND"),))
    erased.do(c.Erase("12/QĐ-UBND", again=True))
    assert erased.state.erased_by == "12/QĐ-UBND"


def test_what_a_backup_brought_back_is_erased_again_in_whatever_state_the_dossier_is(stories):
    for story in stories.values():
        again = story.ask(c.Erase("12/QĐ-UBND", again=True), SYSTEM)
        assert not isinstance(again, Refusal)


def test_a_part_that_goes_leaves_the_dossier_as_it_is(stories):
    story = Story()
    story.state, story.now = stories["10"].state, stories["10"].now
    story.do(c.Erase("12/QĐ-UBND", (ref("submitter"),)), LEADER)
    assert story.state == replace(stories["10"].state, last_at=story.state.last_at)
    assert not isinstance(story.ask(c.Erase("13/QĐ-UBND"), LEADER), Refusal)


@pytest.mark.parametrize(
    "order",
    [
        "12/QĐ-UBND",
        "Quyết định số 12/2032/QĐ-UBND ngày 05/01/2032",
        "Bản án 3/2031/DS-ST",
        "QĐ 1/QĐ-CT.HĐND",
        "5/CV-TTra",
    ],
)
def test_an_order_is_named_by_its_number(order):
    assert is_order(order)


@pytest.mark.parametrize(
    "text",
    ["", "12", "theo đơn của bà Nguyễn Thị Mẫu", "12/QĐ-UBND bà Mẫu", "079190000012", "079190000012/QĐ", "QĐ-UBND"],
)
def test_what_could_name_a_person_is_no_order(text):
    assert not is_order(text)


# -- a dossier that another agency's system filed online ---------------------------------------------------------------

_FILED = {"channel": Channel.ONLINE, "filer": ELSEWHERE}


@pytest.mark.parametrize(
    ("came", "refusal"),
    [
        (_FILED, None),
        ({"channel": Channel.ONLINE}, "not_your_desk"),
        ({"channel": Channel.DIRECT, "filer": ELSEWHERE}, "not_your_desk"),
        ({"channel": Channel.ONLINE, "filer": THERE}, "not_your_desk"),
    ],
)
def test_a_system_files_online_in_its_own_name_only(came, refusal):
    decision = Story().ask(c.Register(intake(**came)), PORTAL)
    assert (decision.code if isinstance(decision, Refusal) else None) == refusal


@pytest.mark.parametrize("kind", sorted(c.Command.__args__, key=lambda kind: kind.__name__))
def test_who_filed_it_brings_what_was_asked_for_and_takes_it_back_and_no_more(kind):
    story = Story().do(c.Register(intake(**_FILED)), PORTAL).do(SUPPLEMENT, DESK)
    possible_now = possible(story.state, story.context(PORTAL))
    assert (kind in possible_now) == (kind in {c.Resume, c.Pay, c.Withdraw})
    of_another = Story().do(c.Register(intake(channel=Channel.ONLINE)), DESK).do(SUPPLEMENT, DESK)
    assert kind not in possible(of_another.state, of_another.context(PORTAL))
