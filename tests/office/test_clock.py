"""Time left in words, and the control slip as a reading of the story."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from motcua.dossiers.queries import Happening
from motcua.dossiers.slip import stretches
from motcua.law.dossier.reckoning import aware
from motcua.law.dossier.vocabulary import Status
from motcua.law.process import Process
from motcua.office.clock import limit_words, row_left, time_left
from motcua.starter.calendar import starter_calendar
from support.world import PROCESS

CALENDAR = starter_calendar()
FRIDAY = datetime(2024, 5, 10)  # an ordinary week in May, without any day off


def at(days: int, hour: int, minute: int = 0) -> datetime:
    return aware(FRIDAY + timedelta(days=days, hours=hour, minutes=minute))


@pytest.mark.parametrize(
    ("now", "due", "tone", "words"),
    [
        (at(0, 8), at(4, 17), "on-time", "còn 2 ngày"),
        (at(0, 8), at(0, 11), "soon", "còn 3 giờ"),
        (at(0, 8), at(3, 8), "soon", "còn 1 ngày"),
        (at(0, 16, 20), at(0, 17), "soon", "còn 40 phút"),
        (at(0, 17), at(0, 17), "soon", "đến hạn ngay"),
        (at(0, 17, 1), at(0, 17), "late", "vừa quá hạn"),
        (at(1, 9), at(0, 17), "late", "vừa quá hạn"),
        (at(3, 8), at(0, 17), "late", "quá hạn 1 giờ"),
        (at(5, 17), at(0, 17), "late", "quá hạn 3 ngày"),
        (at(0, 8), None, "none", "không có thời hạn"),
    ],
)
def test_time_left_is_working_time_and_lateness_is_the_laws(now, due, tone, words):
    left = time_left(CALENDAR, now, due)
    assert (left.tone, left.words) == (tone, words)


def test_without_a_calendar_the_time_on_the_wall_is_said():
    assert time_left(None, at(0, 8), at(3, 8)).words == "còn 3 ngày"
    assert time_left(CALENDAR, aware(datetime(2031, 1, 1, 8)), aware(datetime(2031, 1, 3, 8))).words == "còn 2 ngày"


@pytest.mark.parametrize(
    ("status", "values", "words"),
    [
        (Status.SUPPLEMENT_REQUESTED, {"paused_at": at(0, 9)}, "chờ từ 10/05/2024"),
        (Status.RESOLVED, {"ready_at": at(0, 9), "timeliness": "early"}, "xong 10/05/2024, trước hạn"),
        (Status.RESOLVED, {"ready_at": at(0, 9)}, "xong 10/05/2024, không có thời hạn"),
        (Status.RETURNED, {"ready_at": at(0, 9), "timeliness": "overdue"}, "quá hạn"),
        (Status.REGISTERED, {}, "chờ kiểm tra"),
        (Status.WITHDRAWN, {}, "đã kết thúc"),
    ],
)
def test_what_no_clock_runs_for_says_so(status, values, words):
    empty = {"due": at(0, 17), "paused_at": None, "ready_at": None, "timeliness": None}
    assert row_left(CALENDAR, at(3, 8), status=status, **(empty | values)).words == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3 ngày làm việc", "3 ngày làm việc"),
        ("0.5 ngày làm việc", "0,5 ngày làm việc"),
        ("trong ngày", "trong ngày"),
        ("2 tháng", "2 tháng"),
        (None, "không quy định"),
        ("lạ", "lạ"),
    ],
)
def test_limits_are_said_in_words(text, words):
    assert limit_words(text) == words


# -- the control slip -----------------------------------------------------------------------------------------------

WAY = Process.from_data(PROCESS)
DESK, OFFICER, LEADER = 1, 2, 3


def happening(seq: int, event: str, moment: datetime, actor: int | None = None, /, **data) -> Happening:
    return Happening(seq, event, moment, moment, None, actor, 10, data, seq)


STORY = [
    happening(1, "received", at(0, 8), DESK),
    happening(2, "handed_over", at(0, 8), DESK, to_step="thu-ly", to_agency=10, function="case_officer",
              step_due_at=at(3, 8).isoformat()),
    happening(3, "assigned", at(0, 9), OFFICER, staff=OFFICER),
    happening(4, "paused", at(0, 10), OFFICER, kind="supplement"),
    happening(5, "resumed", at(3, 10), DESK, kind="supplement", step_due_at=at(4, 10).isoformat()),
    happening(6, "handed_over", at(3, 15), OFFICER, from_step="thu-ly", outcome="trinh-ky", step_timeliness="early",
              to_step="ky-duyet", to_agency=10, function="leader", note={"id": str(UUID(int=7)), "commitment": "00"}),
    happening(7, "finished", at(4, 8), LEADER, from_step="ky-duyet", outcome="ky", step_timeliness="early"),
]  # fmt: skip


def test_each_step_says_who_gave_who_took_and_how_long():
    first, second = stretches(STORY, WAY, CALENDAR, at(10, 8))
    assert (first.name, first.given_by, first.taken_by, first.taken_at) == ("Thụ lý hồ sơ", DESK, OFFICER, at(0, 9))
    assert (first.left_at, first.outcome, first.timeliness) == (at(3, 15), "Trình lãnh đạo ký", "early")
    assert (second.given_by, second.taken_by, second.note_id) == (OFFICER, LEADER, UUID(int=7))


def test_waiting_for_the_applicant_is_nobodys_time():
    first, second = stretches(STORY, WAY, CALENDAR, at(10, 8))
    # Friday 8:00 to 10:00, then Monday 10:00 to 11:30 and 13:30 to 15:00.
    assert first.spent == 120 + 90 + 90
    assert second.spent == 120 + 60
    assert first.due_at == at(4, 10)


@pytest.mark.parametrize(("until", "now", "spent"), [(3, at(0, 9, 30), 90), (4, at(3, 9), 120)])
def test_a_running_step_is_counted_up_to_now_and_stands_while_waiting(until, now, spent):
    running = stretches(STORY[:until], WAY, CALENDAR, now)[-1]
    assert (running.left_at, running.spent) == (None, spent)


def test_a_step_that_ends_with_the_dossier_is_closed():
    gone = [*STORY[:3], happening(4, "withdrawn", at(0, 10), DESK)]
    assert stretches(gone, WAY, CALENDAR, at(9, 9))[0].left_at == at(0, 10)


def test_a_step_that_the_process_does_not_know_keeps_its_code():
    odd = [STORY[0], replace(STORY[1], data=STORY[1].data | {"to_step": "la"})]
    assert stretches(odd, WAY, CALENDAR, at(0, 9))[0].name == "la"


def test_where_the_calendar_ends_no_time_is_invented():
    far = [replace(each, at=each.at.replace(year=2031)) for each in STORY[:2]]
    assert stretches(far, WAY, CALENDAR, aware(datetime(2031, 6, 1)))[0].spent is None
