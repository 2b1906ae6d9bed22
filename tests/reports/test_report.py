"""Report II.06a against an oracle that folds each story by itself, for any period, and each number against its list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.agencies.access import NotPermitted, Role, for_system
from motcua.dossiers.models import Bookmark
from motcua.dossiers.worker import catch_up
from motcua.law.reporting import Column, Period
from motcua.reports import followers, queries
from motcua.reports.models import Part, Span
from motcua.reports.queries import Asked
from permissions.test_trees import taken_back
from reports.lives import AGENCIES, bare_agencies, expected, write
from support.world import WARD

SYSTEM = for_system("test")
ENTROPIES = st.lists(st.binary(min_size=120, max_size=400), min_size=1, max_size=4)
DAYS = st.dates(date(2024, 2, 1), date(2025, 6, 30))
PERIODS = st.tuples(DAYS, DAYS).map(lambda days: Period(min(days), max(days)))
LENIENT = {"suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow], "deadline": None}


def figures(found: queries.Report) -> dict[str, dict[str, int]]:
    """The report as the oracle writes it."""
    return {row.field: {str(column.value): row[column] for column in Column if row[column]} for row in found.rows}


def walked(asked: Asked, column: Column, field: str | None, limit: int = 2) -> list:
    """Every dossier behind a number, page by page."""
    found, after = [], ""
    while True:
        page, following = queries.behind(SYSTEM, asked, column, field, after=after, limit=limit)
        found += page
        if following is None:
            return found
        after = following


@pytest.mark.django_db
@settings(max_examples=60, **LENIENT)
@given(entropies=ENTROPIES, periods=st.lists(PERIODS, min_size=1, max_size=3), agency=st.sampled_from(AGENCIES))
def test_the_report_of_any_period_is_what_the_oracle_counts(entropies, periods, agency):
    with taken_back():
        bare_agencies()
        written = write(entropies)
        now = datetime.now(UTC)
        for period in periods:
            asked = Asked(frozenset({agency}), period, now)
            assert figures(queries.report(SYSTEM, asked)) == expected(written, agency, period, now)


@pytest.mark.django_db
@pytest.mark.parametrize("current", [False, True])
@pytest.mark.parametrize("without", [frozenset(), frozenset({"withdrawn"}), frozenset({"withdrawn", "stopped"})])
@settings(max_examples=12, **LENIENT)
@given(entropies=ENTROPIES, period=PERIODS)
def test_what_the_form_leaves_open_follows_the_settings(entropies, period, current, without, settings):
    settings.MOTCUA_REPORT_LATE_BY = "current" if current else "original"
    settings.MOTCUA_REPORT_LEAVES_OUT = sorted(without)
    with taken_back():
        bare_agencies()
        written = write(entropies)
        now = datetime.now(UTC)
        found = figures(queries.report(SYSTEM, Asked(frozenset({2}), period, now)))
        assert found == expected(written, 2, period, now, current=current, without=without)


@pytest.mark.django_db
@settings(max_examples=25, **LENIENT)
@given(entropies=ENTROPIES, period=PERIODS)
def test_every_number_opens_a_list_of_as_many_dossiers(entropies, period):
    with taken_back():
        bare_agencies()
        write(entropies)
        asked = Asked(frozenset(AGENCIES), period, datetime.now(UTC))
        found = queries.report(SYSTEM, asked)
        for row, field in [*((row, row.field) for row in found.rows), (found.total, None)]:
            for column in Column:
                listed = walked(asked, column, field)
                assert len(listed) == row[column] == len({each.dossier_id for each in listed})
                assert queries.counted(SYSTEM, asked, column, field).value == row[column]
                assert [each.received_at for each in listed] == sorted(each.received_at for each in listed)


@pytest.mark.django_db
@settings(max_examples=25, **LENIENT)
@given(entropies=ENTROPIES, first=DAYS, length=st.integers(0, 60))
def test_what_is_open_at_the_end_of_a_period_is_carried_into_the_next(entropies, first, length):
    """No dossier is lost between two periods; only an agency's merger moves what is open elsewhere."""
    with taken_back():
        bare_agencies()
        write(entropies)
        period = Period(first, first + timedelta(days=length))
        following = Period(period.end + timedelta(days=1), period.end + timedelta(days=30))
        now = datetime.now(UTC)
        closing = queries.report(SYSTEM, Asked(frozenset(AGENCIES), period, now)).total
        opening = queries.report(SYSTEM, Asked(frozenset(AGENCIES), following, now)).total
        assert closing[Column.OPEN] == opening[Column.CARRIED]


@pytest.mark.django_db
@settings(max_examples=15, **LENIENT)
@given(entropies=ENTROPIES, cut=st.integers(1, 7))
def test_the_followers_keep_the_same_however_the_log_is_cut(entropies, cut):
    with taken_back():
        bare_agencies()
        write(entropies)
        whole = kept()
        followers.forget()
        assert not any(kept())
        for follower in followers.FOLLOWERS:
            while follow_some(follower, cut):
                continue
        assert kept() == whole


def follow_some(follower, limit: int) -> int:
    from motcua.dossiers.followers import follow

    return follow(follower, limit)


def kept() -> tuple[list, list]:
    """All that the followers hold, without the rows' own ids."""
    spans = [field.attname for field in Span._meta.fields if field.attname != "id"]
    parts = [field.attname for field in Part._meta.fields if field.attname != "id"]
    return (
        list(Span.objects.order_by("dossier_id", "begins_at").values_list(*spans)),
        list(Part.objects.order_by("dossier_id", "agency_id", "staff_id").values_list(*parts)),
    )


@pytest.mark.django_db
@settings(max_examples=15, **LENIENT)
@given(entropies=ENTROPIES)
def test_the_two_followers_may_be_read_in_any_order(entropies):
    with taken_back():
        bare_agencies()
        write(entropies)
        whole = kept()
        followers.forget()
        catch_up(tuple(reversed(followers.FOLLOWERS)))
        assert kept() == whole


def test_the_number_of_statements_does_not_grow_with_the_fields(world, django_assert_num_queries):
    reader = world.reader(Role.LEADER)
    asked = Asked(frozenset({world.agencies[WARD]}), Period(date(2026, 1, 1), date(2026, 12, 31)), datetime.now(UTC))
    with django_assert_num_queries(2):
        assert queries.report(reader, asked).rows == ()
    world.receive()
    world.receive("2.000815")
    catch_up()
    with django_assert_num_queries(2):
        queries.report(reader, asked)


def test_nobody_reports_for_an_agency_that_they_do_not_follow(world):
    asked = Asked(frozenset({world.agencies["W2"]}), Period(date(2026, 1, 1), date(2026, 12, 31)), datetime.now(UTC))
    for ask in (queries.report, lambda *of: queries.behind(*of, Column.OPEN, None)):
        with pytest.raises(NotPermitted):
            ask(world.reader(Role.LEADER), asked)
    queries.report(world.reader(Role.LEADER, "P"), asked)


def test_a_rebuilt_database_counts_again(world):
    world.finish(world.receive().dossier_id)
    catch_up()
    before = kept()
    followers.forget()
    assert Bookmark.objects.get(pk=followers.SPANS).position == 0
    catch_up()
    assert kept() == before
    assert before[0]
