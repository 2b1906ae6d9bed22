"""The database's clock set back an hour: what would tell a wrong time is refused, the rest goes on in its order.

The server's own clock stays; a schema before `pg_catalog` in the search path gives whoever asks the database for
the time another answer, the guards in its triggers included.
"""

from collections.abc import Callable

import pytest
from django.db import connection

from motcua.agencies.access import Role
from motcua.dossiers import commands
from motcua.dossiers.duties import perform_due
from motcua.dossiers.health import check
from motcua.dossiers.models import Event, Position
from motcua.dossiers.verify import verify
from motcua.dossiers.wording import Refused
from motcua.dossiers.worker import catch_up

_FUNCTIONS = ("clock_timestamp", "transaction_timestamp", "statement_timestamp", "now")


@pytest.fixture
def set_clock(fresh_database) -> Callable[[int], None]:
    """Sets the database's clock so many minutes off, for everybody who connects from now on."""
    with fresh_database.connect("owner") as owner:
        owner.execute("CREATE SCHEMA skewed")
        owner.execute("CREATE TABLE skewed.clock AS SELECT interval '0' AS off")
        for name in _FUNCTIONS:
            owner.execute(
                f"CREATE FUNCTION skewed.{name}() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
                f"'SELECT pg_catalog.{name}() + off FROM skewed.clock'"
            )
        owner.execute("GRANT USAGE ON SCHEMA skewed TO PUBLIC")
        owner.execute("GRANT SELECT ON skewed.clock TO PUBLIC")
        owner.execute(f'ALTER DATABASE "{fresh_database.name}" SET search_path = skewed, pg_catalog, public')
    connection.close()

    def set_to(minutes: int) -> None:
        with fresh_database.connect("owner") as owner:
            owner.execute("UPDATE skewed.clock SET off = make_interval(mins => %s)", [minutes])

    return set_to


def _withdraw(world, dossier):
    return commands.withdraw(world.reader(Role.DESK_OFFICER), dossier, "thôi", command_id=commands.new_id())


def test_an_act_after_the_clock_was_set_back_is_refused_in_words_and_done_when_it_is_right(set_clock, living_world):
    dossier = living_world.receive().dossier_id
    set_clock(-60)
    with pytest.raises(Refused) as refused:
        _withdraw(living_world, dossier)
    assert refused.value.refusal.code == "clock_behind"
    assert "chỉnh giờ máy chủ" in refused.value.message
    assert Event.objects.filter(dossier_id=dossier).count() == 2
    set_clock(0)
    assert _withdraw(living_world, dossier).seq == 3
    catch_up()
    assert verify().sound


def test_a_few_minutes_are_let_pass_and_time_does_not_fall_within_a_dossier(set_clock, living_world):
    dossier = living_world.receive().dossier_id
    set_clock(-4)
    _withdraw(living_world, dossier)
    moments = list(Event.objects.filter(dossier_id=dossier).order_by("seq").values_list("recorded_at", flat=True))
    assert moments == sorted(moments)
    catch_up()
    assert verify().sound


def test_a_new_dossier_goes_on_and_stands_after_those_before_it_in_the_one_order(set_clock, living_world):
    first = living_world.receive().dossier_id
    catch_up()
    set_clock(-60)
    second = living_world.receive().dossier_id
    catch_up()
    order = list(Position.objects.order_by("position").values_list("dossier_id", flat=True))
    assert order == [first, first, second, second]
    assert verify().sound


def test_check_says_that_the_clock_is_behind_the_log_until_it_is_right(set_clock, living_world):
    living_world.receive()
    catch_up()
    assert check().quiet
    set_clock(-60)
    told = check()
    assert not told.quiet
    assert 54 * 60 <= told.clock_behind <= 55 * 60
    set_clock(0)
    assert check().clock_behind == 0


def test_what_is_done_by_time_is_done_although_the_last_time_lies_ahead(set_clock, living_world, monkeypatch):
    from datetime import timedelta

    from motcua.dossiers import duties

    done = []
    duty = duties.Duty("clock", timedelta(minutes=10), lambda: done.append(1))
    monkeypatch.setattr(duties, "_REGISTERED", {"clock": duty})
    perform_due()
    perform_due()
    assert done == [1]
    set_clock(-60)
    perform_due()
    assert done == [1, 1]
