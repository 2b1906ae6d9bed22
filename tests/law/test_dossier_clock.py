"""What waiting, apologies, changed calendars and late acts do to the promised time, with dates counted by hand."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from law.dossier_world import (
    CALENDAR,
    CASE,
    CHANGED,
    DESK,
    IMPORTED,
    LEADER,
    LOOP,
    PAYMENT,
    RETURN,
    SUPPLEMENT,
    Story,
    at,
    finish,
    intake,
    limit,
    received,
    ref,
    wall,
)
from motcua.law.bases import SupplementClock
from motcua.law.dossier import commands as c
from motcua.law.dossier import decide, evolve
from motcua.law.dossier.events import AppointedAgain, HandedOver, Resumed
from motcua.law.dossier.vocabulary import Refusal, Result, Status
from motcua.law.process import OutcomeAct
from motcua.law.timeliness import Timeliness
from motcua.law.worktime import Convention

SHIFT = c.Rules(supplement_clock=SupplementClock.SHIFT)
AFTER15 = Convention.DAY_EXCLUSIVE_AFTER15
SORRY = ref("sorry")


def dues(story):
    return wall(story.state.due_at_original), wall(story.state.due_at_current)


@pytest.mark.parametrize(
    ("when", "text", "convention", "cutoff", "due"),
    [
        ("2024-03-04 14:59", "1 ngày làm việc", AFTER15, time(15), "2024-03-05 17:00"),
        ("2024-03-04 15:00", "1 ngày làm việc", AFTER15, time(15), "2024-03-05 17:00"),
        ("2024-03-04 15:30", "1 ngày làm việc", AFTER15, time(15), "2024-03-06 17:00"),
        ("2024-03-04 15:30", "1 ngày làm việc", AFTER15, time(16), "2024-03-05 17:00"),
        ("2024-03-04 15:30", "1 ngày làm việc", None, time(15), "2024-03-05 17:00"),
        ("2024-03-04 14:59", "trong ngày", None, time(15), "2024-03-04 17:00"),
        ("2024-03-04 15:30", "trong ngày", None, time(15), "2024-03-05 17:00"),
        ("2024-03-04 10:59", "trong ngày", None, time(11), "2024-03-04 17:00"),
        ("2024-03-04 11:01", "trong ngày", None, time(11), "2024-03-05 17:00"),
        ("2024-02-07 15:30", "1 ngày làm việc", AFTER15, time(15), "2024-02-16 17:00"),
        ("2024-02-07 15:30", "trong ngày", None, time(15), "2024-02-15 17:00"),
        ("2024-02-07 15:30", "8 giờ", None, time(15), "2024-02-15 15:30"),
        ("2024-03-04 15:30", "0,5 ngày làm việc", None, time(15), "2024-03-05 09:30"),
    ],
)
def test_the_receipt_promises_the_time_that_its_rule_gives(when, text, convention, cutoff, due):
    story = Story(rules=c.Rules(cutoff=cutoff))
    story.do(c.Receive(intake(), limit(text), convention), DESK, when)
    assert dues(story) == (due, due)
    assert story.state.appointment.limit == str(limit(text))
    assert story.log[0][0].appointment.trace
    assert story.state.appointment.trace is None


def test_the_clock_starts_with_acceptance_and_not_with_filing():
    story = Story().do(c.Register(intake()), when="2024-03-01 09:00")
    assert (story.state.received_at, story.state.due_at_original) == (None, None)
    story.do(SUPPLEMENT, DESK, "2024-03-01 10:00").do(c.Resume(), DESK, "2024-03-06 10:00")
    assert (story.state.status, story.state.waits, story.state.due_at_current) == (Status.REGISTERED, (), None)
    assert story.last == Resumed(SUPPLEMENT.kind, story.last.appointment)
    story.do(c.Accept(limit("5 ngày làm việc")), DESK, "2024-03-07 09:00")
    assert dues(story) == ("2024-03-14 17:00", "2024-03-14 17:00")
    assert story.state.counted_from == story.state.received_at == at("2024-03-07 09:00")


@pytest.mark.parametrize(
    ("rules", "pause", "due"),
    [
        (c.Rules(), SUPPLEMENT, "2024-03-25 17:00"),  # five days anew from Monday the 18th
        (SHIFT, SUPPLEMENT, "2024-03-21 17:00"),  # eight working days waited
        (c.Rules(), PAYMENT, "2024-03-21 17:00"),  # a payment shifts under either rule
        (SHIFT, PAYMENT, "2024-03-21 17:00"),
    ],
)
def test_papers_restart_or_shift_the_clock_and_a_payment_always_shifts_it(rules, pause, due):
    story = received(rules=rules).do(pause, CASE, "2024-03-06 10:00").do(c.Resume(), DESK, "2024-03-18 10:00")
    assert dues(story) == (due, due)
    assert story.last.restarted == (due == "2024-03-25 17:00")
    assert story.state.counted_from == at("2024-03-18 10:00" if story.last.restarted else "2024-03-04 09:00")
    assert len(story.state.waits) == (not story.last.restarted)


@pytest.mark.parametrize("rules", [c.Rules(), SHIFT])
@pytest.mark.parametrize("pause", [SUPPLEMENT, PAYMENT])
def test_a_request_after_the_due_time_heals_nothing(rules, pause):
    story = received(rules=rules).do(pause, CASE, "2024-03-11 17:01").do(c.Resume(), DESK, "2024-03-18 10:00")
    assert dues(story) == ("2024-03-11 17:00", "2024-03-11 17:00")
    assert not story.last.restarted
    assert finish(story).state.timeliness == Timeliness.OVERDUE


def test_a_request_in_the_due_minute_is_still_in_time():
    story = received().do(SUPPLEMENT, CASE, "2024-03-11 17:00").do(c.Resume(), DESK, "2024-03-18 10:00")
    assert story.last.restarted
    assert dues(story)[0] == "2024-03-25 17:00"


def test_a_request_between_original_and_new_due_time_moves_only_the_new_one():
    story = received().do(c.AppointAgain(at("2024-03-20 17:00"), SORRY), LEADER, "2024-03-08 09:00")
    story.do(SUPPLEMENT, CASE, "2024-03-13 09:00").do(c.Resume(), DESK, "2024-03-18 09:00")
    assert dues(story) == ("2024-03-11 17:00", "2024-03-25 17:00")
    finish(story, "2024-03-25 17:00")
    assert (story.state.timeliness, story.state.timeliness_current) == (Timeliness.OVERDUE, Timeliness.ON_TIME)


def test_a_restart_takes_nothing_from_a_later_promise():
    story = received().do(c.AppointAgain(at("2024-04-26 17:00"), SORRY), LEADER, "2024-03-05 09:00")
    story.do(SUPPLEMENT, CASE, "2024-03-06 10:00").do(c.Resume(), DESK, "2024-03-18 10:00")
    assert dues(story) == ("2024-03-25 17:00", "2024-04-26 17:00")
    assert story.ask(c.AppointAgain(at("2024-05-06 17:00"), SORRY)).code == "appointed_again_once"


def test_a_procedure_without_a_limit_keeps_the_time_of_its_step():
    story = received(text=None)
    assert wall(story.state.step_due_at) == "2024-03-05 09:00"
    story.do(PAYMENT, CASE, "2024-03-04 10:00").do(c.Resume(), DESK, "2024-03-08 10:00")
    assert (story.state.due_at_original, story.state.due_at_current) == (None, None)
    assert wall(story.state.step_due_at) == "2024-03-11 09:00"
    finish(story)
    assert (story.state.timeliness, story.state.timeliness_current) == (None, None)


@pytest.mark.parametrize(
    ("paused", "step_due"),
    [("2024-03-05 09:00", "2024-03-08 07:00"), ("2024-03-05 09:01", "2024-03-05 09:00")],
)
def test_a_step_is_late_only_when_its_minute_was_over_before_the_wait(paused, step_due):
    story = received().do(PAYMENT, CASE, paused).do(c.Resume(), DESK, "2024-03-08 06:30")
    assert wall(story.state.step_due_at) == step_due


def test_a_due_time_in_a_provisional_year_says_so_after_every_wait():
    story = received("2024-12-26 09:00", rules=SHIFT)
    assert (wall(story.state.due_at_original), story.state.appointment.provisional) == ("2025-01-02 17:00", True)
    story.do(PAYMENT, CASE, "2025-01-02 17:01").do(c.Resume(), DESK, "2025-01-06 09:00")
    assert story.state.appointment.provisional
    within = received("2024-12-23 09:00", rules=SHIFT)
    assert not within.state.appointment.provisional
    within.do(PAYMENT, CASE, "2024-12-26 09:00").do(c.Resume(), DESK, "2025-01-06 09:00")
    assert within.state.appointment.provisional


@pytest.mark.parametrize(("rules", "calendar"), [(SHIFT, "xa@1"), (c.Rules(), "xa@2")])
def test_an_appointment_names_the_calendar_that_counted_its_limit(rules, calendar):
    story = received("2024-03-11 09:00", rules=rules).do(SUPPLEMENT, CASE, "2024-03-12 09:00")
    story.calendar = CHANGED
    story.do(c.Resume(), DESK, "2024-03-13 09:00")
    assert story.state.appointment.calendar == calendar


def test_a_changed_calendar_moves_a_dossier_by_the_leaders_command_only():
    story = received("2024-03-11 09:00").do(c.HandOver("done"), CASE, "2024-03-14 14:00")
    assert (dues(story)[0], wall(story.state.step_due_at)) == ("2024-03-18 17:00", "2024-03-15 08:00")
    story.calendar = CHANGED  # Friday the 15th became a day off
    assert dues(story)[0] == "2024-03-18 17:00"
    story.do(c.Recount(), LEADER, "2024-03-14 15:00")
    assert dues(story) == ("2024-03-19 17:00", "2024-03-19 17:00")
    assert wall(story.state.step_due_at) == "2024-03-18 08:00"
    assert story.state.appointment.calendar == "xa@2"
    assert story.ask(c.Recount(), LEADER).code == "nothing_changes"


def test_a_changed_calendar_never_takes_a_promised_day_away():
    story = received("2024-02-06 09:00")
    assert dues(story)[0] == "2024-02-20 17:00"
    story.calendar = CHANGED  # the 14th of February became a working day: the limit would end on the 19th
    assert story.ask(c.Recount(), LEADER).code == "nothing_changes"


def test_a_recount_keeps_the_later_promise_of_an_apology():
    story = received("2024-03-11 09:00").do(c.AppointAgain(at("2024-03-29 16:00"), SORRY), LEADER, "2024-03-12 09:00")
    story.calendar = CHANGED
    story.do(c.Recount(), LEADER, "2024-03-13 09:00")
    assert dues(story) == ("2024-03-19 17:00", "2024-03-29 16:00")


def test_a_recount_counts_the_waits_again():
    story = received("2024-03-11 09:00", rules=SHIFT)
    story.do(PAYMENT, CASE, "2024-03-12 09:00").do(c.Resume(), DESK, "2024-03-13 09:00")
    assert dues(story)[0] == "2024-03-19 17:00"
    story.calendar = CHANGED
    story.do(c.Recount(), LEADER, "2024-03-13 10:00")
    assert dues(story)[0] == "2024-03-20 17:00"


def test_an_official_calendar_ends_what_was_provisional():
    story = received("2024-12-26 09:00")
    story.calendar = CHANGED
    story.do(c.Recount(), LEADER)
    assert (dues(story)[0], story.state.appointment.provisional) == ("2025-01-02 17:00", False)


@pytest.mark.parametrize(
    ("text", "days", "when", "late"),
    [
        ("5 ngày làm việc", 1, "2024-03-10 23:59", False),  # due on Monday the 11th: Sunday is a calendar day before
        ("5 ngày làm việc", 1, "2024-03-11 00:00", True),
        ("5 ngày làm việc", 2, "2024-03-09 23:59", False),
        ("5 ngày làm việc", 2, "2024-03-10 00:00", True),
        ("10 ngày", 1, "2024-03-13 23:59", False),
        ("1 tháng", 1, "2024-04-03 23:59", False),
        ("1 tháng", 1, "2024-04-04 07:00", True),
        ("2 ngày làm việc", 1, "2024-03-06 07:00", True),
        ("1 ngày làm việc", 1, "2024-03-05 16:59", False),  # no day lies between: any moment before the due one
        ("1 ngày làm việc", 1, "2024-03-05 17:00", True),
        ("8 giờ", 1, "2024-03-05 08:59", False),
        ("8 giờ", 1, "2024-03-05 09:00", True),
        ("9 giờ", 1, "2024-03-04 23:00", False),
        ("9 giờ", 1, "2024-03-05 08:00", True),
        ("0,5 ngày làm việc", 1, "2024-03-04 14:29", False),
        ("trong ngày", 1, "2024-03-04 16:59", False),
        ("trong ngày", 1, "2024-03-04 17:00", True),
    ],
)
def test_an_apology_is_in_time_the_calendar_day_before_or_for_a_short_limit_the_minute_before(text, days, when, late):
    story = received(text=text, rules=c.Rules(apology_days=days))
    story.now = at(when)
    (event,) = story.ask(c.AppointAgain(at("2024-04-12 09:00"), SORRY), LEADER)
    assert event.after_deadline is late


def test_an_imported_dossier_without_a_known_limit_goes_by_the_calendar_day():
    story = Story()
    story.now = at("2024-03-08 09:00")
    imported = c.Claim(at("2024-03-04 09:00"), IMPORTED)
    story.do(c.Receive(intake(), None, given_due_at=at("2024-03-08 17:00")), claim=imported)
    (event,) = story.ask(c.AppointAgain(at("2024-03-12 09:00"), SORRY), LEADER)
    assert event.after_deadline is True


@pytest.mark.parametrize(
    ("when", "seconds", "late"),
    [("2024-03-10 23:59", 0, False), ("2024-03-10 23:59", 59, False), ("2024-03-11 00:00", 0, True),
     ("2024-03-12 09:00", 0, True)],
)  # fmt: skip
def test_an_apology_after_its_time_is_taken_and_marked(when, seconds, late):
    story = received()
    story.now = at(when) + timedelta(seconds=seconds)
    (event,) = story.ask(c.AppointAgain(at("2024-03-20 09:00") + timedelta(seconds=42), SORRY), LEADER)
    assert event == AppointedAgain(at("2024-03-20 09:00"), SORRY, 1, late)


@pytest.mark.parametrize(
    ("text", "ready", "verdict"),
    [
        ("5 ngày làm việc", "2024-03-08 17:30", Timeliness.EARLY),
        ("5 ngày làm việc", "2024-03-11 07:00", Timeliness.ON_TIME),
        ("5 ngày làm việc", "2024-03-11 17:00", Timeliness.ON_TIME),
        ("5 ngày làm việc", "2024-03-11 17:01", Timeliness.OVERDUE),
        ("8 giờ", "2024-03-05 08:59", Timeliness.EARLY),
        ("8 giờ", "2024-03-05 09:00", Timeliness.ON_TIME),
        ("8 giờ", "2024-03-05 09:01", Timeliness.OVERDUE),
        ("trong ngày", "2024-03-04 10:00", Timeliness.ON_TIME),
        ("1 ngày làm việc", "2024-03-04 10:00", Timeliness.EARLY),
    ],
)
def test_timeliness_is_fixed_when_the_result_is_ready_and_not_when_it_is_fetched(text, ready, verdict):
    story = finish(received(text=text), ready)
    assert (story.state.timeliness, story.state.timeliness_current) == (verdict, verdict)
    assert story.state.ready_at == at(ready)
    story.do(RETURN, DESK, "2024-06-03 09:00")
    assert story.state.timeliness == verdict


def test_an_apology_changes_the_promise_and_not_the_measure():
    story = received().do(c.AppointAgain(at("2024-03-20 17:00"), SORRY), LEADER, "2024-03-07 09:00")
    assert dues(story) == ("2024-03-11 17:00", "2024-03-20 17:00")
    finish(story, "2024-03-20 17:00")
    assert (story.state.timeliness, story.state.timeliness_current) == (Timeliness.OVERDUE, Timeliness.ON_TIME)


@pytest.mark.parametrize("ending", [c.Withdraw(), c.Stop(ref("stop"))])
def test_what_ends_without_a_result_is_never_measured(ending):
    story = received().do(ending, when="2024-05-06 09:00")
    assert (story.state.timeliness, story.state.ready_at) == (None, None)
    assert (story.state.holder_agency, story.state.step, story.state.step_due_at) == (None, None, None)


def test_each_step_is_measured_against_its_own_minutes():
    story = received(process=LOOP)  # handle has two days of eight hours, sign has none
    story.do(c.HandOver("done", document=ref("draft")), CASE, "2024-03-06 09:00")
    assert story.last == HandedOver("sign", 2, LOOP.by_code["sign"].function, None, "handle", "done",
                                    Timeliness.ON_TIME, document=ref("draft"), act=OutcomeAct.FORWARD)  # fmt: skip
    story.do(c.HandOver("back"), LEADER, "2024-03-06 14:00")
    assert (story.last.step_timeliness, wall(story.state.step_due_at)) == (None, "2024-03-08 14:00")
    story.do(c.HandOver("done"), CASE, "2024-03-08 14:01")
    assert story.last.step_timeliness == Timeliness.OVERDUE
    assert story.state.steps_done == 3


def test_an_imported_dossier_keeps_its_own_deadline_to_the_minute():
    story = Story()
    claim = c.Claim(at("2024-03-01 08:00"), IMPORTED)
    given = at("2024-03-08 16:30") + timedelta(seconds=59)
    story.do(c.Receive(intake(), None, transfer=False, given_due_at=given), claim=claim)
    assert dues(story) == ("2024-03-08 16:30", "2024-03-08 16:30")
    assert story.state.appointment.source == "imported_log"
    ready = c.Claim(at("2024-03-08 16:30") + timedelta(seconds=30), IMPORTED)
    story.now = at("2024-03-20 09:00")
    story.do(c.FinishImported(Result.GRANTED), claim=ready)
    assert story.state.timeliness == Timeliness.ON_TIME


def test_an_imported_deadline_moves_on_by_the_working_time_waited():
    story = Story()
    claim = c.Claim(at("2024-03-01 08:00"), IMPORTED)
    story.do(c.Receive(intake(), None, given_due_at=at("2024-03-08 16:30")), claim=claim)
    story.do(SUPPLEMENT, CASE, "2024-03-08 14:00").do(c.Resume(), DESK, "2024-03-12 07:00")
    assert dues(story) == ("2024-03-12 09:30", "2024-03-12 09:30")
    assert not story.last.restarted


def test_a_wait_that_the_calendar_cannot_count_is_refused_and_not_guessed():
    story = received("2025-03-20 09:00").do(SUPPLEMENT, CASE, "2025-03-21 09:00")
    story.now = at("2025-03-28 09:00")
    refused = story.ask(c.Resume(), DESK)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.article) == ("calendar_edge", "BLLĐ 2019, Điều 112")
    longer = replace(CALENDAR, version="3", valid_to=at("2025-12-31 00:00").date())
    events = decide(story.state, c.Resume(), replace(story.context(DESK), calendar=longer))
    assert wall(evolve(story.state, events[0], story.now).due_at_original) == "2025-04-04 17:00"
