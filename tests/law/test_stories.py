"""The stories of the law come out as they say, and together show every event and every refusal."""

import re
from pathlib import Path

import pytest
import yaml

from motcua.law.dossier import commands as c
from motcua.law.dossier.events import EVENT_TYPES, Noted
from motcua.law.stories import _BUILD, _CAST, StoryError, outcome, play
from motcua.law.story_words import ACTORS, FIELDS, VALUES, VERBS
from motcua.starter.calendar import starter_calendar

STORIES = sorted((Path(__file__).parents[2] / "docs" / "stories").glob("*.yaml"))
LAW = Path(c.__file__).parent
# Refusals that no person can meet: a program gave the wrong thing, or the words of a story cannot say it.
NOT_FOR_PEOPLE = {
    "step_unknown", "no_process", "due_is_computed", "no_sets", "negative_count", "negative_fee", "only_by_import",
    "ask_one_body", "own_agency_asked", "suspended_by_leader", "not_at_that_agency", "calendar_edge",
}  # fmt: skip


def told(path):
    return play(yaml.safe_load(path.read_text(encoding="utf-8")), starter_calendar())


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_comes_out_as_it_says(path):
    assert [(each.number, each.unexpected) for each in told(path) if each.unexpected] == []
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {FIELDS.get(key, key) for key in said} >= {"story", "because", "acts"}


def test_together_they_show_every_refusal_that_a_person_can_meet():
    sources = "".join(path.read_text(encoding="utf-8") for path in LAW.glob("*.py"))
    raised = re.findall(r'RefusedError\(\s*(?:"(\w+)"(?: if [^"]+ else "(\w+)")?)', sources)
    codes = {code for pair in raised for code in pair if code}
    shown = {each.refusal.code for path in STORIES for each in told(path) if each.refusal}
    assert shown == codes - NOT_FOR_PEOPLE


def test_together_they_show_every_event_but_those_of_imports():
    shown = {type(event) for path in STORIES for each in told(path) for event in each.events}
    assert shown == set(EVENT_TYPES) - {Noted}


def test_every_word_of_a_story_stands_for_something_that_can_be_said():
    assert set(VERBS.values()) == {*_BUILD, "change-calendar"}
    assert set(ACTORS.values()) == set(_CAST)
    assert not set(VALUES) & set(FIELDS)


def plain(**changes):
    return {"story": "x", "limit": "5 ngày làm việc", "acts": [act()]} | changes


def act(at="2026-08-03 09:00", by="desk", do="receive", **more):
    return {"at": at, "by": by, "do": do, **more}


def test_an_expectation_that_is_not_met_is_told_with_both_values():
    wanted = {"due": "2026-08-09 17:00", "status": "resolved"}
    (done,) = play(plain(acts=[act(expect=wanted)]), starter_calendar())
    assert done.unexpected == (
        "due: '2026-08-10 17:00' instead of '2026-08-09 17:00'", "status: 'processing' instead of 'resolved'"
    )  # fmt: skip


def test_a_refusal_that_nobody_expected_is_told():
    (done,) = play(plain(acts=[act(by="case")]), starter_calendar())
    assert done.unexpected == ("refused: not_your_desk (NĐ 118/2025, Điều 17)",)
    assert outcome(done)["status"] is None


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        ([], "", "names with values"),
        ({"story": "x"}, "", "acts"),
        (plain(acts=[]), "", "acts"),
        (plain(limit="five days"), "", "five days"),
        (plain(chapter=1), "", "chapter"),
        (plain(unit={"mood": "good"}), "", "mood"),
        (plain(acts=["receive"]), "act 1", "names with values"),
        (plain(acts=[act("tomorrow")]), "act 1", "tomorrow"),
        (plain(acts=[act(by="mayor")]), "act 1", "mayor"),
        (plain(acts=[act(do="dance")]), "act 1", "dance"),
        (plain(acts=[act(do="refuse-intake")]), "act 1", "reason is missing"),
        (plain(acts=[act(do="pay", amount="much")]), "act 1", "whole number"),
        (plain(acts=[act(channel="owl")]), "act 1", "owl"),
        (plain(acts=[act(expect={"mood": 1})]), "act 1", "mood"),
        (plain(acts=[act(), act("2026-08-02 09:00", do="withdraw")]), "act 2", "backwards"),
    ],
)
def test_a_story_that_cannot_be_read_says_where_and_why(data, place, words):
    with pytest.raises(StoryError, match=re.escape(words)) as caught:
        play(data, starter_calendar())
    assert caught.value.place == place
