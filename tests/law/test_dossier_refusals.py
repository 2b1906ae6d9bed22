"""Each reason for which the law refuses a command, with the article it names and a case that produces it."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from law.dossier_world import (
    CASE,
    CITED,
    DESK,
    ELSEWHERE,
    IMPORTED,
    LEADER,
    PAYMENT,
    RETURN,
    SUPPLEMENT,
    SUSPEND,
    SYSTEM,
    Story,
    at,
    finish,
    intake,
    limit,
    received,
    ref,
)
from motcua.law.dossier import commands as c
from motcua.law.dossier import decide
from motcua.law.dossier.events import Finished
from motcua.law.dossier.vocabulary import Component, Ground, PaidBy, Pause, Refusal, Result, Status
from motcua.law.process import OutcomeAct, Process

FIVE = limit("5 ngày làm việc")
SORRY = ref("sorry")
ASK = c.Consult(ref("question"), at("2024-03-08 17:00"), ELSEWHERE)
AGAIN = at("2024-03-20 09:00")


def claimed(story, command, minutes, ground=Ground.OFFLINE_COUNTER, actor=DESK):
    return story.ask(command, actor, c.Claim(story.now + timedelta(minutes=minutes), ground))


def other_process(story):
    context = story.context(CASE)
    return decide(story.state, c.HandOver("done"), replace(context, process=Process("x", "x", "x", ())))


def without_process(command, state=None):
    return decide(state, command, replace(Story().context(DESK), process=None))


def sent_back():
    return received().do(c.HandOver("done")).do(c.HandOver("signed"))


def registered():
    return Story().do(c.Register(intake()))


CASES = [
    ("in_the_future", "", lambda: claimed(received(), c.Withdraw(), 1)),
    ("before_last_event", "", lambda: claimed(received(), c.Withdraw(), -1)),
    ("already_begun", "", lambda: received().ask(c.Receive(intake(), FIVE), DESK)),
    ("already_begun", "", lambda: received().ask(c.Register(intake()), DESK)),
    ("not_begun", "", lambda: Story().ask(c.Withdraw(), DESK)),
    ("not_in_this_status", "NĐ 61/2018, Điều 20", lambda: received().ask(RETURN, DESK)),
    ("not_in_this_status", "NĐ 61/2018, Điều 17.1", lambda: received().ask(c.RefuseIntake(ref("no")), DESK)),
    ("not_your_desk", "NĐ 61/2018, Điều 17", lambda: Story().ask(c.Receive(intake(), FIVE), CASE)),
    ("not_your_desk", "NĐ 61/2018, Điều 17", lambda: Story().ask(c.Register(intake(receiving_agency=ELSEWHERE)), DESK)),
    ("not_your_function", "", lambda: received().ask(c.Withdraw(), CASE)),
    ("not_your_agency", "", lambda: received().ask(c.HandOver("done"), replace(CASE, agency=ELSEWHERE))),
    ("held_by_another", "", lambda: received().do(c.Assign(22)).ask(c.HandOver("done"), CASE)),
    ("only_by_import", "", lambda: received().ask(c.HandOver("x")) and Story().do(
        c.Receive(intake(), FIVE, transfer=False)).ask(c.NoteActivity("T02"), DESK)),
    ("only_by_import", "", lambda: Story().do(c.Receive(intake(), FIVE, transfer=False)).ask(c.FinishImported())),
    ("step_unknown", "", lambda: other_process(received())),
    ("no_sets", "TT 01/2018, Mẫu 01", lambda: Story().ask(c.Receive(intake(sets=0), FIVE), DESK)),
    ("negative_count", "TT 01/2018, Mẫu 01", lambda: Story().ask(
        c.Register(intake(components=(Component(1, copies=-1),))), DESK)),
    ("negative_count", "TT 01/2018, Mẫu 01", lambda: received().do(SUPPLEMENT).ask(
        c.Resume((Component(1, originals=-2),)), DESK)),
    ("negative_fee", "", lambda: Story().ask(c.Receive(intake(fee=-1), FIVE), DESK)),
    ("negative_fee", "", lambda: finish(received()).ask(replace(RETURN, fee_paid=-1), DESK)),
    ("no_process", "TT 01/2018, Điều 8", lambda: without_process(c.Receive(intake(), FIVE))),
    ("no_process", "TT 01/2018, Điều 8", lambda: without_process(c.Accept(FIVE), registered().state)),
    ("no_process", "TT 01/2018, Điều 8", lambda: without_process(
        c.Transfer(), Story().do(c.Receive(intake(), FIVE, transfer=False)).state)),
    ("due_is_computed", "", lambda: Story().ask(c.Receive(intake(), None, given_due_at=AGAIN), DESK)),
    ("due_is_computed", "", lambda: claimed(
        Story(), c.Receive(intake(), None, given_due_at=AGAIN), -1, Ground.PAPER_REGISTER)),
    ("calendar_edge", "BLLĐ 2019, Điều 112", lambda: Story().ask(c.Receive(intake(), limit("18 tháng")), DESK)),
    ("calendar_edge", "BLLĐ 2019, Điều 112", lambda: claimed(
        Story(), c.Receive(intake(), FIVE), -100 * 1440, Ground.PAPER_REGISTER)),
    ("calendar_edge", "BLLĐ 2019, Điều 112", lambda: received().ask(c.AppointAgain(at("2025-04-01 09:00"), SORRY))),
    ("unknown_outcome", "", lambda: received().ask(c.HandOver("signed"), CASE)),
    ("refusal_needs_reason", "NĐ 61/2018, Điều 19.8", lambda: received().ask(c.HandOver("refuse"), CASE)),
    ("already_assigned", "", lambda: received().do(c.Assign(21)).ask(c.Assign(21), CASE)),
    ("only_leader_assigns", "NĐ 61/2018, Điều 19.1", lambda: received().ask(c.Assign(22), CASE)),
    ("supplement_asked_once", "NĐ 61/2018, Điều 11.2c, 15.3", lambda: received().do(SUPPLEMENT).do(
        c.Resume()).ask(SUPPLEMENT, CASE)),
    ("supplement_asked_once", "NĐ 61/2018, Điều 11.2c, 15.3", lambda: registered().do(SUPPLEMENT).do(
        c.Resume()).ask(SUPPLEMENT, DESK)),
    ("payment_needs_amount", "", lambda: received().ask(replace(PAYMENT, amount=None), CASE)),
    ("payment_needs_amount", "", lambda: received().ask(replace(PAYMENT, amount=0), CASE)),
    ("appointed_again_once", "NĐ 61/2018, Điều 19.9", lambda: received().do(
        c.AppointAgain(AGAIN, SORRY)).ask(c.AppointAgain(at("2024-03-25 09:00"), SORRY))),
    ("no_limit", "NĐ 61/2018, Điều 19.9", lambda: received(text=None).ask(c.AppointAgain(AGAIN, SORRY))),
    ("new_time_must_be_later", "NĐ 61/2018, Điều 19.9", lambda: received().ask(
        c.AppointAgain(at("2024-03-11 17:00"), SORRY))),
    ("not_office_hours", "NĐ 61/2018, Điều 19.9", lambda: received().ask(
        c.AppointAgain(at("2024-03-20 17:01"), SORRY))),
    ("not_office_hours", "NĐ 61/2018, Điều 19.9", lambda: received().ask(
        c.AppointAgain(at("2024-03-20 12:00"), SORRY))),
    ("not_office_hours", "NĐ 61/2018, Điều 19.9", lambda: received().ask(
        c.AppointAgain(at("2024-03-17 09:00"), SORRY))),
    ("nothing_changes", "BLDS 2015, Điều 148", lambda: received().ask(c.Recount())),
    ("nothing_changes", "", lambda: received().ask(c.Correct(), DESK)),
    ("order_needs_number", "", lambda: finish(received()).do(RETURN).ask(c.Erase("theo đơn của bà Mẫu"), LEADER)),
    ("already_erased", "", lambda: finish(received()).do(RETURN).do(c.Erase("1/QĐ"), LEADER).ask(
        c.Erase("2/QĐ"), LEADER)),
    ("supplement_asked_once", "NĐ 61/2018, Điều 11.2c, 15.3", lambda: received().do(SUPPLEMENT).do(
        c.Resume()).do(replace(SUPPLEMENT, legal_ground=CITED)).do(c.Resume()).ask(
        replace(SUPPLEMENT, legal_ground=CITED), CASE)),
    ("ground_needs_citation", "NĐ 61/2018, Điều 11.2c, 15.3", lambda: received().do(SUPPLEMENT).do(
        c.Resume()).ask(replace(SUPPLEMENT, legal_ground="bà Mẫu quên"), CASE)),
    ("ground_needs_citation", "NĐ 61/2018, Điều 11.2c, 15.3", lambda: received().ask(
        replace(PAYMENT, legal_ground="bà Mẫu nợ"), CASE)),
    ("nothing_changes", "NĐ 61/2018, Điều 17.1", lambda: received().ask(c.Digitise((Component(1),)), DESK)),
    ("ground_needs_citation", "NĐ 61/2018, Điều 19", lambda: received().ask(replace(SUSPEND, legal_ground="vì thế"))),
    ("suspended_by_leader", "", lambda: received().ask(replace(SUPPLEMENT, kind=Pause.SUSPENSION), CASE)),
    ("result_on_its_way", "NĐ 61/2018, Điều 19", lambda: sent_back().ask(c.HandOver("signed"), LEADER)),
    ("no_result_yet", "NĐ 61/2018, Điều 20", lambda: received().ask(c.MakeReady(), DESK)),
    ("not_at_this_step", "NĐ 61/2018, Điều 19", lambda: received().ask(c.Approve(), CASE)),
    ("not_at_this_step", "NĐ 61/2018, Điều 19", lambda: received().do(c.HandOver("done")).ask(
        c.RefuseResult(ref("no")), LEADER)),
    ("payment_needs_amount", "", lambda: received().ask(c.Pay(0, PaidBy.CASH), DESK)),
    ("number_needs_letters_and_digits", "", lambda: received().ask(c.Pay(1, PaidBy.CASH, "bà Mẫu"), DESK)),
    ("number_needs_letters_and_digits", "", lambda: finish(received()).ask(
        replace(RETURN, consignment="VNPOST"), DESK)),
    ("ask_one_body", "NĐ 61/2018, Điều 19.5", lambda: received().ask(replace(ASK, body=ref("a department")), CASE)),
    ("ask_one_body", "NĐ 61/2018, Điều 19.5", lambda: received().ask(replace(ASK, agency=None), CASE)),
    ("own_agency_asked", "NĐ 61/2018, Điều 19.5", lambda: received().ask(replace(ASK, agency=CASE.agency), CASE)),
    ("answer_time_is_over", "NĐ 61/2018, Điều 19.5", lambda: received().ask(
        replace(ASK, answer_due_at=at("2024-03-04 08:00")), CASE)),
    ("answer_after_the_dossier", "NĐ 61/2018, Điều 19.5", lambda: received().ask(
        replace(ASK, answer_due_at=at("2024-03-11 17:01")), CASE)),
    ("nobody_was_asked", "NĐ 61/2018, Điều 19.5", lambda: received().ask(c.AnswerConsultation(1, ref("yes")), CASE)),
    ("no_such_consultation", "NĐ 61/2018, Điều 19.5", lambda: received().do(ASK).ask(
        c.AnswerConsultation(2, ref("yes")), CASE)),
    ("not_your_agency", "NĐ 61/2018, Điều 19.5", lambda: received().do(ASK).do(replace(ASK, agency=8)).ask(
        c.AnswerConsultation(1, ref("yes")), replace(CASE, agency=8))),
    ("nothing_changes", "NĐ 61/2018, Điều 17.1", lambda: received().ask(c.Digitise(), DESK)),
    ("no_such_paper", "NĐ 61/2018, Điều 17.1", lambda: received().ask(
        c.Digitise((Component(9, file=ref("scan")),)), DESK)),
    ("not_at_that_agency", "", lambda: received().ask(c.Relocate(8, 9, "1/QĐ-UBND"), SYSTEM)),
    ("nothing_changes", "", lambda: received().ask(c.Relocate(2, 2, "1/QĐ-UBND"), SYSTEM)),
    ("not_the_successor", "", lambda: received().ask(c.Relocate(2, 9, "1/QĐ-UBND"), LEADER)),
    ("order_needs_number", "", lambda: received().ask(c.Relocate(2, 9, "theo lời bà Mẫu"), SYSTEM)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "article", "case"), CASES, ids=[f"{n}-{row[0]}" for n, row in enumerate(CASES)])
def test_the_law_refuses_with_its_reason_and_article(code, article, case):
    refused = case()
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.article) == (code, article)


def test_every_reason_in_the_code_has_a_case_here():
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(c.__file__).parent.glob("*.py"))
    raised = re.findall(r'(?:RefusedError|Refusal)\(\s*(?:"(\w+)"(?: if [^"]+ else "(\w+)")?)', sources)
    assert {code for pair in raised for code in pair if code} == {code for code, _, _ in CASES}


def test_a_new_appointment_at_closing_time_or_at_the_opening_minute_is_one_that_can_be_kept():
    for moment in ("2024-03-20 07:00", "2024-03-20 11:30", "2024-03-20 13:30", "2024-03-20 17:00"):
        assert not isinstance(received().ask(c.AppointAgain(at(moment), SORRY)), Refusal)


def test_a_refusal_after_appraisal_with_its_reason_is_a_result():
    story = received().do(c.HandOver("refuse", note=ref("why")), CASE)
    assert (story.last.result, story.last.act) == (Result.REFUSED, OutcomeAct.REFUSE)
    story.do(c.MakeReady(), DESK)
    assert isinstance(story.last, Finished)
    assert (story.state.status, story.state.result) == (Status.RESOLVED, Result.REFUSED)


def test_papers_may_be_asked_for_once_at_the_desk_and_once_after_appraisal():
    story = registered().do(SUPPLEMENT, DESK).do(c.Resume(), DESK).do(c.Accept(FIVE), DESK)
    story.do(SUPPLEMENT, CASE).do(c.Resume(), DESK)
    assert story.ask(SUPPLEMENT, CASE).code == "supplement_asked_once"
    assert (story.state.supplements, story.state.supplements_at_desk) == (2, 1)
    assert not isinstance(story.ask(replace(PAYMENT, kind=Pause.PAYMENT), CASE), Refusal)


def test_a_moment_claimed_without_contradiction_counts_as_the_moment_of_the_law():
    story = Story()
    story.do(c.Receive(intake(), FIVE), DESK, claim=c.Claim(at("2024-03-01 14:00"), Ground.OFFLINE_COUNTER))
    assert story.state.received_at == story.state.last_at == at("2024-03-01 14:00")
    assert story.state.due_at_original == at("2024-03-08 17:00")
    story.do(c.Withdraw(), DESK, claim=c.Claim(at("2024-03-01 14:00"), IMPORTED))
    assert story.state.closed_at == at("2024-03-01 14:00")
