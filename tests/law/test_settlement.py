"""The nine indicators of Circular 01/2018: each score of the text, rounding, totals and classes."""

import csv
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law import settlement as s
from motcua.law.settlement import Class, ClassBy, DeskFacts, FeedbackFacts, Level, OnlineFacts, Scored
from motcua.law.timeliness import Timeliness


@pytest.mark.parametrize(
    ("found", "points"), [(Timeliness.EARLY, 2), (Timeliness.ON_TIME, 1), (Timeliness.OVERDUE, 0), (None, None)]
)
def test_time_shorter_equal_or_longer(found, points):
    assert s.of_time(found) == points


@pytest.mark.parametrize(
    ("times", "fault", "points"), [(0, False, 2), (1, False, 1), (2, False, 0), (5, True, 1), (1, True, 1)]
)
def test_contacts_with_the_desk(times, fault, points):
    assert s.of_contacts(times, applicants_fault=fault) == points


@pytest.mark.parametrize(("number", "by_law", "points"), [(0, 0, 2), (1, 0, 1), (2, 0, 0), (2, 1, 1), (3, 1, 0)])
def test_bodies_contacted(number, by_law, points):
    assert s.of_agencies_contacted(number, required_by_law=by_law) == points


DESKS = [
    (DeskFacts(Level.PROVINCE, 100, 20, 100), 2),
    (DeskFacts(Level.PROVINCE, 100, 19, 100), 1),
    (DeskFacts(Level.PROVINCE, 100, 19, 99), 0),
    (DeskFacts(Level.MINISTRY, 5, 1, 5), 2),
    (DeskFacts(Level.DISTRICT, 10, 5, 10), 2),
    (DeskFacts(Level.DISTRICT, 10, 4, 10), 1),
    (DeskFacts(Level.COMMUNE, 10, 10, 10), 2),
    (DeskFacts(Level.COMMUNE, 10, 9, 10), 1),
    (DeskFacts(Level.COMMUNE, 0, 0, 0), None),
    (None, None),
]


@pytest.mark.parametrize(("facts", "points"), DESKS)
def test_organisation_at_the_desk(facts, points):
    assert s.of_desk(facts) == points


@pytest.mark.parametrize(
    ("posted", "electronic", "points"),
    [(True, True, 2), (True, False, 1), (False, True, 1), (False, False, 0), (None, True, None), (True, None, None)],
)
def test_publication(posted, electronic, points):
    assert s.of_publication(posted=posted, electronic=electronic) == points


ATTITUDES = [
    (Timeliness.EARLY, False, 2),
    (Timeliness.ON_TIME, False, 1),
    (Timeliness.EARLY, True, 0),
    (Timeliness.OVERDUE, False, 0),
    (Timeliness.EARLY, None, None),
    (None, False, None),
    (None, True, 0),
]


@pytest.mark.parametrize(("found", "complaint", "points"), ATTITUDES)
def test_attitude(found, complaint, points):
    assert s.of_attitude(found, complaint) == points


FEEDBACK = [
    (FeedbackFacts(0, 0, 0), 2),
    (FeedbackFacts(10, 10, 0), 2),
    (FeedbackFacts(10, 9, 0), 1),
    (FeedbackFacts(100, 89, 0), 0),
    (FeedbackFacts(10, 10, 1), 0),
    (None, None),
]


@pytest.mark.parametrize(("facts", "points"), FEEDBACK)
def test_feedback(facts, points):
    assert s.of_feedback(facts) == points


ONLINE = [
    (OnlineFacts(10, 2, 100, 30, 0), 2),
    (OnlineFacts(10, 2, 100, 29, 0), 1),
    (OnlineFacts(11, 2, 100, 30, 0), 1),
    (OnlineFacts(10, 1, 100, 15, 0), 1),
    (OnlineFacts(10, 1, 100, 14, 0), 0),
    (OnlineFacts(10, 0, 100, 30, 0), 0),
    (OnlineFacts(10, 2, 100, 30, 1), 0),
    (OnlineFacts(10, 2, 0, 0, 0), None),
    (OnlineFacts(0, 0, 10, 5, 0), None),
    (None, None),
]


@pytest.mark.parametrize(("facts", "points"), ONLINE)
def test_online_services(facts, points):
    assert s.of_online(facts) == points


@pytest.mark.parametrize(
    ("points", "of", "score"), [(3, 2, "1.5"), (1, 4, "0.3"), (5, 4, "1.3"), (2, 3, "0.7"), (0, 3, "0.0")]
)
def test_a_score_is_rounded_to_one_decimal_halves_upwards(points, of, score):
    assert Scored(points, of).score == Decimal(score)


def test_without_anything_scored_there_is_no_score():
    assert Scored(0, 0).score is None


AGENCIES = [
    ("15", Class.EXCELLENT), ("14.9", Class.GOOD), ("12", Class.GOOD), ("11.9", Class.FAIR), ("9", Class.FAIR),
    ("8.9", Class.AVERAGE), ("6", Class.AVERAGE), ("5.9", Class.WEAK), ("0", Class.WEAK),
]  # fmt: skip


@pytest.mark.parametrize(("total", "named"), AGENCIES)
def test_agencies_are_classed_by_their_total(total, named):
    parts = [Decimal(total) - 8 * (Decimal(total) // 9), *[Decimal(total) // 9] * 8]
    found = s.of_agency(parts)
    assert (found.total, found.named, found.complete, found.most) == (Decimal(total), named, True, 18)


PEOPLE = [("5", Class.ALL), ("4.9", Class.MOST), ("3.5", Class.MOST), ("3.4", Class.LESS), ("0", Class.LESS)]


@pytest.mark.parametrize(("total", "named"), PEOPLE)
def test_officers_have_done_all_most_or_less_of_their_task(total, named):
    assert s.of_person([Decimal(total), *[Decimal(0)] * 4]).named is named


MISSING = [
    (ClassBy.SUM, Class.FAIR),
    (ClassBy.SCALED, Class.EXCELLENT),
    (ClassBy.COMPLETE, None),
]


@pytest.mark.parametrize(("by", "named"), MISSING)
def test_what_has_no_data_is_left_out_and_the_class_says_how_it_was_read(by, named):
    found = s.of_agency([*[Decimal(2)] * 5, *[None] * 4], by)
    assert (found.total, found.present, found.most, found.complete) == (Decimal(10), 5, 10, False)
    assert found.named is named


def test_nothing_at_all_is_no_class():
    found = s.of_agency([None] * 9)
    assert (found.total, found.present, found.named) == (0, 0, None)


@given(st.lists(st.none() | st.decimals(0, 2, places=1), min_size=9, max_size=9))
def test_a_total_is_the_sum_of_what_there_is(scores):
    found = s.of_agency(scores)
    assert found.total == sum(score for score in scores if score is not None)
    assert found.present == sum(score is not None for score in scores)


def test_five_indicators_count_for_people_and_six_are_scored_by_dossier():
    assert s.OF_STAFF == (1, 2, 3, 4, 7)
    assert [each.number for each in s.INDICATORS if each.of is not s.Of.AGENCY] == [1, 2, 3, 4, 6, 7]
    assert [each.number for each in s.INDICATORS if each.of is not s.Of.DOSSIER] == [5, 6, 8, 9]


def test_the_indicators_are_those_of_the_published_list(shared):
    with (shared / "data/law/tt01_2018_indicators.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    kinds = {"dossier": s.Of.DOSSIER, "agency": s.Of.AGENCY, "dossier and agency": s.Of.BOTH}
    for row, ours in zip(rows, s.INDICATORS, strict=True):
        kind = kinds["dossier" if row["unit_of_scoring"].startswith("dossier (") else row["unit_of_scoring"]]
        assert (int(row["no"]), kind, row["in_staff_score"] == "yes") == (ours.number, ours.of, ours.of_staff)
