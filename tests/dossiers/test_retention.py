"""What is due for erasure: by procedure and result, at the right agency, page by page, and never without a schedule."""

from datetime import date, datetime, timedelta

import psycopg
import pytest
from django.utils import timezone

from motcua.agencies.access import NotPermitted, Role, for_system
from motcua.dossiers import commands, erasing, holds, projection, retention
from motcua.dossiers.models import Dossier
from motcua.dossiers.wording import Refused
from motcua.law.dossier.reckoning import VIETNAM
from motcua.law.dossier.vocabulary import ReturnMethod
from motcua.law.retention import Outcome, RetentionError
from motcua.persons.models import Record
from motcua.procedures.commands import publish_retention
from motcua.procedures.models import Retention
from support.world import CERTIFY, MARRIAGE, POLICE, RESIDENCE

SYSTEM = for_system("tests of retention")
pytestmark = pytest.mark.django_db
DAYS = 365


@pytest.fixture(autouse=True)
def own_folder(tmp_path, settings, monkeypatch):
    """The file of erasures of this test; the key does not lie there."""
    import base64

    monkeypatch.setenv("MOTCUA_DATA_KEY", base64.b64encode(bytes(32)).decode())
    settings.HOME = tmp_path


def plan(*rules, counted_from="closing", valid_from="2020-01-01"):
    listed = [
        {"years": years, "procedure": procedure, "outcome": outcome, "source": "Quy định", "certainty": "unverified"}
        for years, procedure, outcome in rules
    ]
    return {"valid_from": valid_from, "counted_from": counted_from, "rules": listed}


def ended(world, days_ago, *, procedure=MARRIAGE, how="returned", agency="W1"):
    """A dossier that ended so many days ago: told now, its row then moved, as no clock in a test can be."""
    desk = world.reader(Role.DESK_OFFICER, agency)
    dossier = world.receive(procedure, agency=agency).dossier_id
    if how == "returned":
        world.finish(dossier, agency=POLICE if procedure == RESIDENCE else agency)
        commands.return_result(desk, dossier, ReturnMethod.DESK, command_id=commands.new_id())
    else:
        commands.withdraw(desk, dossier, "", command_id=commands.new_id())
    row = Dossier.objects.get(pk=dossier)
    row.closed_at = timezone.now() - timedelta(days=days_ago)
    row.state = row.state | {"closed_at": row.closed_at.isoformat()}
    row.save(update_fields=["closed_at", "state"])
    return dossier


def due_ids(reader, **values):
    return {row.id for row in retention.due(reader, **values).rows}


def test_without_a_schedule_nothing_is_due(world):
    ended(world, 50 * DAYS)
    assert retention.due(SYSTEM).rows == ()


def test_each_dossier_is_due_by_its_closest_rule(world):
    publish_retention(plan((10, None, None), (2, None, "withdrawn"), (1, CERTIFY, None)), "thử")
    old, young = ended(world, 10 * DAYS + 5), ended(world, 9 * DAYS)
    withdrawn, certified = ended(world, 2 * DAYS + 5, how="withdrawn"), ended(world, DAYS + 5, procedure=CERTIFY)
    ended(world, DAYS, how="withdrawn")
    rows = retention.due(SYSTEM).rows
    assert [row.id for row in rows] == [old, withdrawn, certified]
    assert [row.outcome for row in rows] == [Outcome.GRANTED, Outcome.WITHDRAWN, Outcome.GRANTED]
    assert [row.rule.years for row in rows] == [10, 2, 1]
    assert young not in due_ids(SYSTEM)


def test_what_is_kept_for_ever_is_never_due(world):
    publish_retention(plan((None, None, None), (1, CERTIFY, None)), "thử")
    ended(world, 99 * DAYS)
    assert retention.due(SYSTEM).rows == ()


def test_the_years_may_run_from_the_end_of_the_year(world):
    publish_retention(plan((1, None, None), counted_from="year_end"), "thử")
    today = datetime.now(VIETNAM).date()
    last_year = (today - date(today.year, 1, 1)).days + 5
    dossier, older = ended(world, last_year), ended(world, last_year + DAYS)
    assert due_ids(SYSTEM) == {older}
    state = projection.load(Dossier.objects.get(pk=dossier).state)
    assert retention.keeping(state, retention.schedule()).until == date(today.year + 1, 1, 1)


def test_a_schedule_holds_from_its_day_and_the_newest_of_one_day_wins(world):
    dossier = ended(world, 5 * DAYS)
    tomorrow = (datetime.now(VIETNAM).date() + timedelta(days=1)).isoformat()
    publish_retention(plan((1, None, None), valid_from=tomorrow), "từ ngày mai")
    assert due_ids(SYSTEM) == set()
    publish_retention(plan((1, None, None)), "thử")
    assert due_ids(SYSTEM) == {dossier}
    publish_retention(plan((9, None, None)), "sửa")
    assert due_ids(SYSTEM) == set()


def test_the_same_schedule_again_is_no_new_one():
    assert publish_retention(plan((1, None, None)), "thử") == publish_retention(plan((1, None, None)), "lại")
    assert Retention.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "reason"), [(plan((1, "9.999999", None)), "thử"), (plan((1, None, None)), " "), ({}, "thử")]
)
def test_a_wrong_schedule_is_refused_and_not_kept(data, reason):
    with pytest.raises(RetentionError):
        publish_retention(data, reason)
    assert not Retention.objects.exists()


def test_a_leader_sees_what_the_own_agency_settled_and_others_see_nothing(world):
    publish_retention(plan((1, None, None)), "thử")
    own, police = ended(world, 2 * DAYS), ended(world, 2 * DAYS, procedure=RESIDENCE)
    elsewhere = ended(world, 2 * DAYS, agency="W2")
    assert due_ids(world.reader(Role.LEADER)) == {own}
    assert due_ids(world.reader(Role.LEADER, POLICE)) == {police}
    assert due_ids(SYSTEM) == {own, police, elsewhere}
    assert due_ids(SYSTEM, agency_id=world.agencies["W2"]) == {elsewhere}
    for role in set(Role) - {Role.LEADER}:
        with pytest.raises(NotPermitted):
            retention.due(world.reader(role))


def test_pages_together_hold_each_due_dossier_once(world):
    publish_retention(plan((1, None, None)), "thử")
    all_of_them = [ended(world, 2 * DAYS + 10 - number) for number in range(5)]
    found, after = [], ""
    while after is not None:
        page = retention.due(SYSTEM, after=after, limit=2)
        found += [row.id for row in page.rows]
        after = page.after
    assert found == all_of_them


def test_a_page_takes_as_many_statements_whatever_its_length(world, django_assert_max_num_queries):
    publish_retention(plan((1, None, None)), "thử")
    for number in range(4):
        ended(world, 2 * DAYS + number)
    holds.hold_dossier(SYSTEM, ended(world, 3 * DAYS), order="3/CV-TA", reason="Giữ")
    with django_assert_max_num_queries(5):
        rows = retention.due(SYSTEM).rows
    assert [row.held_by for row in rows] == ["3/CV-TA", "", "", "", ""]


def test_all_that_is_due_goes_by_one_order_but_what_is_held(world, django_capture_on_commit_callbacks):
    publish_retention(plan((1, None, None)), "thử")
    gone, held, young = ended(world, 3 * DAYS), ended(world, 2 * DAYS), ended(world, DAYS // 2)
    holds.hold_dossier(SYSTEM, held, order="3/CV-TA", reason="Giữ")
    done = erasing.erase_due(world.reader(Role.LEADER), "12/QĐ-UBND")
    assert [each.dossier_id for each in done.gone] == [gone]
    assert [refused.refusal.code for _, refused in done.kept] == ["held"]
    assert Dossier.objects.get(pk=gone).state.get("erased_at") is not None
    assert due_ids(SYSTEM) == {held}
    with pytest.raises(Refused, match="still_kept"):
        erasing.erase_dossier(SYSTEM, young, "12/QĐ-UBND")


def test_of_what_is_due_only_the_chosen_goes_and_nothing_that_is_not_due(world):
    publish_retention(plan((1, None, None)), "thử")
    chosen, left, young = ended(world, 3 * DAYS), ended(world, 2 * DAYS), ended(world, 5)
    done = erasing.erase_due(SYSTEM, "12/QĐ-UBND", only=[chosen, young])
    assert [each.dossier_id for each in done.gone] == [chosen]
    assert due_ids(SYSTEM) == {left}
    assert Record.objects.filter(sealed__isnull=True).count() == 1


def test_a_limit_leaves_the_rest_for_the_next_time(world):
    publish_retention(plan((1, None, None)), "thử")
    first, second = ended(world, 3 * DAYS), ended(world, 2 * DAYS)
    assert [each.dossier_id for each in erasing.erase_due(SYSTEM, "12/QĐ-UBND", limit=1).gone] == [first]
    assert due_ids(SYSTEM) == {second}


@pytest.mark.parametrize("change", ["UPDATE procedures_retention SET number = 9", "DELETE FROM procedures_retention"])
def test_nobody_changes_a_published_schedule(change):
    from django.db import DatabaseError, connection, transaction

    publish_retention(plan((1, None, None)), "thử")
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert isinstance(error.value.__cause__, psycopg.errors.InsufficientPrivilege)
