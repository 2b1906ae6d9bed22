"""What the worker does by time: when its time is round, once, and failures hold nothing back."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from motcua.dossiers import duties
from motcua.dossiers.duties import Duty
from motcua.law.retry import wait

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def done(monkeypatch):
    """The only duties are those of the test; what they did is listed."""
    monkeypatch.setattr(duties, "_REGISTERED", {})
    return []


def add(name, perform, every=DAY):
    duties.register(Duty(name, every, perform))


def age(name, by):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE dossiers_duty SET started_at = started_at - %s WHERE name = %s", [by, name])


def test_a_duty_is_done_at_first_and_then_when_its_time_is_round(done):
    add("publish", lambda: done.append("publish"))
    assert [duties.perform_due(), duties.perform_due()] == [1, 0]
    age("publish", DAY / 2)
    assert duties.perform_due() == 0
    age("publish", DAY / 2)
    assert duties.perform_due() == 1
    assert done == ["publish", "publish"]
    (how,) = duties.done()
    assert how.error == ""
    assert how.started_at <= how.finished_at


def test_a_clock_that_was_set_back_does_not_silence_a_duty(done):
    add("publish", lambda: done.append("publish"))
    duties.perform_due()
    age("publish", -DAY)
    assert duties.perform_due() == 1


def test_one_that_fails_is_noted_and_holds_no_other_back(done):
    def fail():
        raise ValueError("a name that must not be kept")

    add("first", fail)
    add("second", lambda: done.append("second"))
    assert duties.perform_due() == 2
    assert done == ["second"]
    assert {how.name: how.error for how in duties.done()} == {"first": "ValueError", "second": ""}


def test_a_lost_database_is_the_workers_to_wait_for(done):
    def fail():
        raise OperationalError

    add("first", fail)
    with pytest.raises(OperationalError):
        duties.perform_due()


def test_pauses_between_tries_double_up_to_an_hour():
    minutes = [wait(tries).total_seconds() / 60 for tries in (0, 1, 2, 3, 9, 10, 1000)]
    assert minutes == [1 / 6, 1 / 6, 1 / 3, 2 / 3, 2560 / 60, 60, 60]
