"""Report II.06a against an oracle that folds each story by itself, for any period, and each number against its list."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from motcua.agencies.access import NotPermitted, Role, for_system
from motcua.dossiers.models import Bookmark
from motcua.dossiers.worker import catch_up
from motcua.law.dossier.reckoning import local
from motcua.law.reporting import Column, Period
from motcua.reports import followers, queries
from motcua.reports.models import Part, Span
from motcua.reports.queries import Asked
from permissions.test_trees import taken_back
from reports.lives import AGENCIES, bare_agencies, columns, expected, period_of, told, write
from support.world import WARD

SYSTEM = for_system("test")
SEEDS, CHOICES = st.integers(0, 2**32), st.tuples(st.integers(0, 999), st.integers(0, 999))
# A seed does not become simpler by shrinking it.
LENIENT = {
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    "deadline": None,
    "phases": (Phase.explicit, Phase.reuse, Phase.generate),
}


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
def test_the_drawn_lives_hold_everything_that_the_report_has_to_tell_apart():
    """Else the properties below would say little."""
    with taken_back():
        bare_agencies()
        written = [each for seed in range(12) for each in told(seed)]
    types = Counter(type(event).TYPE for each in written for event, _at in each.story)
    needed = ("received", "accepted", "paused", "resumed", "finished", "withdrawn", "stopped", "relocated",
              "recounted", "appointed_again", "refused_at_intake", "returned")  # fmt: skip
    assert all(types[name] for name in needed), types
    seen: Counter[str] = Counter()
    for each in written:
        for _event, at in each.story:
            period = Period(date(2024, 1, 1), local(at).date())
            seen.update(columns(each.story, 2, period, at + timedelta(days=1)))
    assert min(seen[name] for name in ("4", "5", "8", "9", "10", "12", "13")) > 4, seen


@pytest.mark.django_db
@settings(max_examples=40, **LENIENT)
@given(seed=SEEDS, choices=st.lists(CHOICES, min_size=4, max_size=6))
def test_the_report_of_any_period_is_what_the_oracle_counts(seed, choices):
    with taken_back():
        bare_agencies()
        written = write(seed)
        now = datetime.now(UTC)
        for choice in choices:
            period = period_of(written, *choice)
            for agency in AGENCIES:
                asked = Asked(frozenset({agency}), period, now)
                assert figures(queries.report(SYSTEM, asked)) == expected(written, agency, period, now)


@pytest.mark.django_db
@pytest.mark.parametrize("current", [False, True])
@pytest.mark.parametrize("without", [frozenset(), frozenset({"withdrawn"}), frozenset({"withdrawn", "stopped"})])
@settings(max_examples=12, **LENIENT)
@given(seed=SEEDS, choice=CHOICES)
def test_what_the_form_leaves_open_follows_the_settings(seed, choice, current, without, settings):
    settings.MOTCUA_REPORT_LATE_BY = "current" if current else "original"
    settings.MOTCUA_REPORT_LEAVES_OUT = sorted(without)
    with taken_back():
        bare_agencies()
        written = write(seed)
        now, period = datetime.now(UTC), period_of(written, *choice)
        found = figures(queries.report(SYSTEM, Asked(frozenset({2}), period, now)))
        assert found == expected(written, 2, period, now, current=current, without=without)


@pytest.mark.django_db
@settings(max_examples=25, **LENIENT)
@given(seed=SEEDS, choice=CHOICES)
def test_every_number_opens_a_list_of_as_many_dossiers(seed, choice):
    with taken_back():
        bare_agencies()
        asked = Asked(frozenset(AGENCIES), period_of(write(seed), *choice), datetime.now(UTC))
        found = queries.report(SYSTEM, asked)
        for row, field in [*((row, row.field) for row in found.rows), (found.total, None)]:
            for column in Column:
                listed = walked(asked, column, field)
                assert len(listed) == row[column] == len({each.dossier_id for each in listed})
                assert queries.counted(SYSTEM, asked, column, field).value == row[column]
                assert [each.received_at for each in listed] == sorted(each.received_at for each in listed)


@pytest.mark.django_db
@settings(max_examples=25, **LENIENT)
@given(seed=SEEDS, choice=CHOICES)
def test_what_is_open_at_the_end_of_a_period_is_carried_into_the_next(seed, choice):
    """No dossier is lost between two periods; only an agency's merger moves what is open elsewhere."""
    with taken_back():
        bare_agencies()
        period = period_of(write(seed), *choice)
        following = Period(period.end + timedelta(days=1), period.end + timedelta(days=30))
        now = datetime.now(UTC)
        closing = queries.report(SYSTEM, Asked(frozenset(AGENCIES), period, now)).total
        opening = queries.report(SYSTEM, Asked(frozenset(AGENCIES), following, now)).total
        assert closing[Column.OPEN] == opening[Column.CARRIED]


@pytest.mark.django_db
@settings(max_examples=15, **LENIENT)
@given(seed=SEEDS, cut=st.integers(1, 7))
def test_the_followers_keep_the_same_however_the_log_is_cut(seed, cut):
    with taken_back():
        bare_agencies()
        write(seed, lives=3)
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
@given(seed=SEEDS)
def test_the_two_followers_may_be_read_in_any_order(seed):
    with taken_back():
        bare_agencies()
        write(seed)
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
