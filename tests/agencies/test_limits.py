"""Rate limits count over all processes, give back evenly, refuse without spending, and hold nobody's address."""

import threading
from fractions import Fraction

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from motcua.agencies import limits
from motcua.agencies.limits import RATES, Taken, sweep, take

CODES = "/tra-cuu?code=H99.01-261122-0001"


def _later(seconds: float) -> None:
    """Lets time go by for every allowance: the rows are moved instead of the clock."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_allowance SET full_at = full_at - make_interval(secs => %s)", [seconds])


@pytest.mark.django_db
def test_an_allowance_can_be_spent_at_once_and_is_then_refused() -> None:
    assert [take("a", 3, 3600).remaining for _ in range(3)] == [2, 1, 0]
    refused = take("a", 3, 3600)
    assert (refused.allowed, refused.remaining) == (False, 0)
    assert 1199 <= refused.retry_after <= 1200


@pytest.mark.django_db
def test_a_refusal_spends_nothing_and_says_when_to_come_again() -> None:
    for _ in range(2):
        take("a", 2, 3600)
    wait = [take("a", 2, 3600).retry_after for _ in range(5)]
    assert set(wait) <= {1799, 1800}
    _later(wait[-1] - 60)
    assert not take("a", 2, 3600).allowed
    _later(60)
    assert take("a", 2, 3600).allowed


@pytest.mark.django_db
def test_one_key_says_nothing_about_another() -> None:
    take("a", 1, 60)
    assert not take("a", 1, 60).allowed
    assert take("b", 1, 60).allowed


@pytest.mark.django_db
def test_a_dear_taking_waits_for_as_much_as_it_costs() -> None:
    assert take("a", 10, 3600, cost=6) == Taken(allowed=True, remaining=4, retry_after=0)
    refused = take("a", 10, 3600, cost=6)
    assert not refused.allowed
    assert 719 <= refused.retry_after <= 720
    assert take("a", 10, 3600, cost=4).allowed


@pytest.mark.parametrize(("limit", "per", "cost"), [(0, 60, 1), (5, 0, 1), (5, 60, 6), (5, 60, 0), (5, 60, -1)])
def test_what_could_never_be_allowed_is_a_fault_of_the_program(limit, per, cost) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        take("a", limit, per, cost)


@pytest.mark.django_db
def test_a_clock_that_was_set_back_locks_nobody_out() -> None:
    for _ in range(4):
        take("a", 3, 300)
    _later(-3600)
    assert take("a", 3, 300) == Taken(allowed=True, remaining=2, retry_after=0)


@pytest.mark.django_db
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 3)), min_size=1, max_size=20))
def test_it_agrees_with_a_bucket_that_is_filled_up_by_hand(takings: list[tuple[int, int]]) -> None:
    """The oracle keeps the bucket itself, in exact fractions; waits lie far from its edges."""
    limit, per, bucket = 5, 1000, Fraction(5)
    key = repr(takings)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM agencies_allowance")
    for wait, cost in takings:
        gone = wait * 10 + 3
        _later(gone)
        bucket = min(Fraction(limit), bucket + Fraction(gone * limit, per))
        allowed = bucket >= cost
        if allowed:
            bucket -= cost
        assert take(key, limit, per, cost).allowed == allowed


def test_many_at_once_get_exactly_what_is_there(fresh_database) -> None:
    allowed: list[bool] = []

    def ask() -> None:
        for _ in range(25):
            allowed.append(take("a", 40, 36_000).allowed)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert allowed.count(True) == 40


def test_one_statement_takes_or_refuses(django_assert_num_queries, db) -> None:
    for _ in range(2):
        with django_assert_num_queries(1):
            take("a", 1, 60)


@pytest.mark.django_db
def test_the_table_holds_no_address_and_is_swept() -> None:
    take("lookup:address:192.0.2.7", 10, 60)
    take("other", 10, 6000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'agencies_allowance'")
        assert cursor.fetchone() == ("u",)
        cursor.execute("SELECT agencies_allowance::text, encode(key, 'escape') FROM agencies_allowance")
        assert not [row for row in cursor.fetchall() if "192.0.2.7" in "".join(row)]
    assert sweep() == 0
    _later(7)
    assert sweep() == 1


# -- pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def once(monkeypatch):
    """Everything is allowed once."""
    monkeypatch.setattr(limits, "RATES", {name: limits.Rate(1, 600) for name in RATES})


@pytest.mark.django_db
@pytest.mark.parametrize("address", [CODES, "/t/00000000000000000000000000000000", "/thu-tuc?q=khai+sinh"])
def test_a_page_asked_for_too_often_says_when_to_come_again(client, once, address) -> None:
    assert client.get(address).status_code in {200, 404}
    reply = client.get(address)
    assert reply.status_code == 429
    assert 590 <= int(reply.headers["Retry-After"]) <= 600
    assert reply.headers["Cache-Control"] == "no-store"
    assert "10 phút" in reply.content.decode()
    assert client.get(address, REMOTE_ADDR="192.0.2.7").status_code != 429


@pytest.mark.django_db
def test_addresses_of_one_connection_are_counted_together(client, once) -> None:
    seen = [
        client.get(CODES, REMOTE_ADDR=address).status_code
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1", "::ffff:192.0.2.9", "192.0.2.9")
    ]
    assert seen == [404, 429, 404, 404, 429]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "seen"),
    [(0, [404, 429, 429]), (1, [404, 404, 429])],
)
def test_only_as_many_proxies_are_believed_as_there_are(client, once, settings, proxies, seen) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    came = ["198.51.100.1", "198.51.100.2", "203.0.113.9, 198.51.100.2"]
    assert [client.get(CODES, headers={"x-forwarded-for": each}).status_code for each in came] == seen


@pytest.mark.django_db
def test_visitors_without_a_readable_address_count_as_one(client, once, settings) -> None:
    assert [client.get(CODES, REMOTE_ADDR="").status_code for _ in range(2)] == [404, 429]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    for told in ("198.51.100.1", "no address, 198.51.100.1", "'; DROP TABLE, x"):
        assert client.get(CODES, headers={"x-forwarded-for": told}).status_code == 429


@pytest.mark.django_db
def test_an_operator_can_widen_the_rates(client, once, settings) -> None:
    settings.MOTCUA_RATE_PERCENT = 300
    assert [client.get(CODES).status_code for _ in range(4)] == [404, 404, 404, 429]


def test_what_costs_is_limited_by_the_member_of_staff(client, db, once) -> None:
    from motcua.agencies.access import Role
    from support.world import make_world

    world = make_world()
    dossier = world.receive().dossier_id
    paper = f"/office/ho-so/{dossier}/giay/tiep-nhan.pdf"
    search = "/office/tim/"
    client.force_login(world.user(Role.DESK_OFFICER))
    assert [client.get(paper).status_code for _ in range(2)] == [200, 429]
    assert [client.post(search, {"q": "khai sinh"}).status_code for _ in range(2)] == [200, 429]
    client.force_login(world.user(Role.LEADER))
    assert client.get(paper).status_code == 200
