"""Every event of every version ever written can still be read, and still folds to what it folded to."""

import dataclasses
import json
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import ClassVar

import pytest

from law.golden.print_story import RETIRED, STORIES, lines
from motcua.law import codec
from motcua.law.dossier import UnknownEventError, broken_invariants, fold, read, upcast, write
from motcua.law.dossier.events import BY_TYPE, EVENT_TYPES, Appointment, Assigned, Intake
from motcua.law.dossier.state import State

GOLDEN = Path(__file__).with_name("golden")


def golden(name):
    return [json.loads(line) for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()]


EVENTS = golden("events.jsonl")
STATES = {line["story"]: line["state"] for line in golden("states.jsonl")}
TOLD = {name: list(story) for name, story in groupby(EVENTS, key=lambda line: line["story"])}


def test_every_type_stands_there_in_its_present_version():
    written = {(line["type"], line["version"]) for line in EVENTS}
    assert {(kind.TYPE, kind.VERSION) for kind in EVENT_TYPES} <= written


def test_every_version_before_the_present_one_stands_there_and_has_an_upcaster():
    written = {(line["type"], line["version"]) for line in EVENTS}
    older = {(kind.TYPE, version) for kind in EVENT_TYPES for version in range(1, kind.VERSION)}
    assert older <= written
    assert older == set(upcast.UPCASTERS)


@pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.TYPE)
def test_every_field_of_an_event_stands_there_at_least_once(kind):
    known = {field for line in EVENTS if line["type"] == kind.TYPE for field in line["data"]}
    assert {field.name for field in dataclasses.fields(kind)} <= known


@pytest.mark.parametrize(("kind", "key"), [(Intake, "intake"), (Appointment, "appointment")])
def test_every_field_of_what_events_carry_stands_there_too(kind, key):
    known = {field for line in EVENTS for field in line["data"].get(key, {})}
    assert {field.name for field in dataclasses.fields(kind)} <= known


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_story_still_folds_to_its_stored_state(name):
    story = [
        (read(line["type"], line["version"], line["data"]), datetime.fromisoformat(line["at"])) for line in TOLD[name]
    ]
    state = fold(story)
    assert state == codec.from_data(State, STATES[name])
    assert broken_invariants(state) == []


@pytest.mark.parametrize("number", range(len(EVENTS)))
def test_an_event_of_the_present_version_is_written_as_it_was(number):
    line = EVENTS[number]
    if line["version"] == BY_TYPE[line["type"]].VERSION:
        kind, version, data = write(read(line["type"], line["version"], line["data"]))
        assert (kind, version) == (line["type"], line["version"])
        assert {key: data[key] for key in line["data"]} == line["data"]
    else:
        assert write(read(line["type"], line["version"], line["data"]))[1] > line["version"]


def test_the_stories_are_told_once_each_and_the_script_knows_them():
    assert [name for name, _ in groupby(EVENTS, key=lambda line: line["story"])] == list(TOLD)
    assert set(TOLD) == set(STATES)
    assert set(TOLD) <= set(STORIES)
    assert set(TOLD) >= RETIRED
    for name in set(TOLD) - RETIRED:
        assert [json.loads(line)["type"] for line in lines(name, "events")] == [line["type"] for line in TOLD[name]]


@dataclasses.dataclass(frozen=True, slots=True)
class Third:
    """An assigned event as a later release might have it."""

    TYPE: ClassVar[str] = "assigned"
    VERSION: ClassVar[int] = 3
    worker: int
    reason: str


@pytest.fixture
def later_release(monkeypatch):
    monkeypatch.setitem(BY_TYPE, "assigned", Third)
    return {
        ("assigned", 1): lambda data: {"worker": data.pop("staff"), **data},
        ("assigned", 2): lambda data: {**data, "reason": "unknown"},
    }


@pytest.mark.parametrize(
    ("version", "data"),
    [(1, {"staff": 21}), (2, {"worker": 21}), (3, {"worker": 21, "reason": "unknown"})],
)
def test_an_old_version_is_lifted_step_by_step(later_release, version, data):
    stored = dict(data)
    assert read("assigned", version, data, later_release) == Third(21, "unknown")
    assert data == stored  # what came out of the log is not changed by reading it


def test_a_missing_upcaster_is_told_and_not_jumped_over(later_release):
    del later_release["assigned", 2]
    with pytest.raises(UnknownEventError, match="version 2 has no upcaster"):
        read("assigned", 1, {"staff": 21}, later_release)


@pytest.mark.parametrize(("kind", "version"), [("assigned", 2), ("assigned", 0), ("assigned", -1), ("sung", 1)])
def test_what_a_newer_release_wrote_is_refused_and_not_guessed(kind, version):
    with pytest.raises(UnknownEventError, match=kind):
        read(kind, version, {"staff": 21})


def test_data_that_does_not_fit_its_version_is_refused():
    assert read("assigned", 1, {"staff": 21}) == Assigned(21)
    with pytest.raises(codec.CodecError, match="Assigned"):
        read("assigned", 1, {"staff": 21, "mood": "good"})
    with pytest.raises(codec.CodecError, match="Assigned"):
        read("assigned", 1, {})


def test_an_empty_story_has_no_state():
    with pytest.raises(ValueError, match="no state"):
        fold([])
