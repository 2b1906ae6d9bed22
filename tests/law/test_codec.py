"""The written form of events and states: what goes out comes back equal, and what is wrong is refused by name."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law import codec
from motcua.law.codec import CodecError
from motcua.law.dossier.events import EVENT_TYPES, Intake
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Channel, Component, Pause, Ref, Status


@dataclass(frozen=True)
class Inner:
    word: Pause
    number: int = 0


@dataclass(frozen=True)
class Sample:
    name: str
    status: Status
    at: datetime
    inner: Inner
    many: tuple[Inner, ...] = ()
    plain: tuple[int, ...] = ()
    extra: Any = None
    maybe: str | None = None
    when: datetime | None = None
    sure: bool = False


@dataclass(frozen=True)
class Wrong:
    maybe: str | None


MOMENT = datetime(2024, 3, 4, 2, 0, 30, 7, tzinfo=UTC)
SAMPLE = Sample("x", Status.RESOLVED, MOMENT, Inner(Pause.PAYMENT, 3))
WRITTEN = {
    "name": "x",
    "status": 9,
    "at": "2024-03-04T02:00:30.000007+00:00",
    "inner": {"word": "payment", "number": 3},
    "many": [],
    "plain": [],
    "sure": False,
}

zones = st.sampled_from([UTC, timezone(timedelta(hours=7)), timezone(timedelta(hours=-9, minutes=-30))])
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=zones)
inners = st.builds(Inner, st.sampled_from(Pause), st.integers())
json_data = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(
    st.text(), s), max_leaves=8)  # fmt: skip
samples = st.builds(
    Sample,
    st.text(),
    st.sampled_from(Status),
    moments,
    inners,
    st.lists(inners, max_size=3).map(tuple),
    st.lists(st.integers(), max_size=3).map(tuple),
    json_data,
    st.none() | st.text(),
    st.none() | moments,
    st.booleans(),
)


def test_the_written_form_leaves_out_what_is_none_and_names_moments_in_utc():
    assert codec.to_data(SAMPLE) == WRITTEN
    local = Sample("x", Status.RESOLVED, MOMENT.astimezone(timezone(timedelta(hours=7))), Inner(Pause.PAYMENT, 3))
    assert codec.to_data(local) == WRITTEN


def test_a_moment_of_any_zone_is_read_as_utc():
    read = codec.from_data(Sample, {**WRITTEN, "at": "2024-03-04T09:00:30.000007+07:00"})
    assert (read, read.at.tzinfo) == (SAMPLE, UTC)


@given(samples)
def test_what_goes_out_comes_back_equal(sample):
    back = codec.from_data(Sample, json.loads(json.dumps(codec.to_data(sample))))
    assert back == sample
    assert back.at.tzinfo == UTC
    assert type(back.status) is Status
    assert type(back.plain) is tuple


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"name": ...}, "name"),
        ({"unknown": 1}, "unknown"),
        ({"status": 99}, "99"),
        ({"at": "2024-03-04T02:00:30"}, "offset"),
        ({"at": "yesterday"}, "yesterday"),
        ({"at": 5}, "Sample"),
        ({"inner": {"word": "tea"}}, "Inner"),
        ({"inner": {}}, "Inner"),
        ({"inner": None}, "Inner"),
        ({"many": [{"word": "payment", "more": 1}]}, "more"),
        ({"when": None}, "Sample"),
    ],
)
def test_what_is_not_the_written_form_is_refused_and_named(change, what):
    data = {key: value for key, value in {**WRITTEN, **change}.items() if value is not ...}
    with pytest.raises(CodecError, match=what):
        codec.from_data(Sample, data)


def test_a_moment_without_its_offset_is_never_written_down():
    with pytest.raises(CodecError, match="offset"):
        codec.to_data(Sample("x", Status.RESOLVED, datetime(2024, 3, 4), Inner(Pause.PAYMENT)))


def test_a_field_that_may_be_none_must_have_none_as_its_default_or_it_could_not_be_read_back():
    with pytest.raises(TypeError, match=r"Wrong\.maybe"):
        codec.to_data(Wrong(None))


@pytest.mark.parametrize("kind", [*EVENT_TYPES, State])
def test_every_event_and_the_state_have_a_written_form(kind):
    with pytest.raises(CodecError, match=kind.__name__):
        codec.from_data(kind, {"no such field": 1})


def test_an_intake_is_written_as_the_log_keeps_it():
    intake = Intake("H-1", Channel.POST, 1, 2, "1.000894", 7, Ref("r", "c"), (Component(3, file=Ref("f", "d")),))
    assert codec.to_data(intake) == {
        "code": "H-1",
        "channel": "post",
        "receiving_agency": 1,
        "competent_agency": 2,
        "procedure": "1.000894",
        "procedure_version": 7,
        "owner": {"id": "r", "commitment": "c"},
        "components": [
            {"number": 3, "originals": 0, "certified": 0, "copies": 0, "file": {"id": "f", "commitment": "d"}}
        ],
        "sets": 1,
        "fee": 0,
        "return_method": "desk",
    }
