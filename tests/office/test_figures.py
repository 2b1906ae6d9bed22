"""The register and the overview: spans of days, pages, prints, and figures that add up."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.agencies.access import Role
from motcua.agencies.commands import publish_calendar
from motcua.dossiers.models import Dossier
from motcua.dossiers.worker import catch_up
from motcua.law.dossier.reckoning import local
from motcua.law.timeliness import Tally
from motcua.office.overview import headline
from motcua.starter.calendar import starter_calendar
from papers.reading import text_of
from support.world import CERTIFY, MARRIAGE, OTHER_WARD, PROVINCE, RESIDENCE, World


def moment(days: int, hour: int = 8):
    return local(timezone.now() - timedelta(days=days)).replace(hour=hour, minute=0)


def day(days: int) -> str:
    return f"{moment(days):%d/%m/%Y}"


@pytest.fixture
def desk(world: World, client):
    client.force_login(world.user(Role.DESK_OFFICER))
    return client


def codes(page: str) -> list[str]:
    return re.findall(r"H99\.0\d-\d{6}-\d{4}", re.sub(r"<a[^>]*>", "", page))


def this_year(days: int) -> int:
    """As many days back as there are, at most, since the first of January."""
    return min(days, timezone.localdate().timetuple().tm_yday - 1)


# -- the register ---------------------------------------------------------------------------------------------------


def test_the_register_lists_a_span_oldest_first(world, desk):
    older, newer = world.receive(at=moment(this_year(2), 7)), world.receive(CERTIFY, at=moment(0, 0))
    page = desk.get("/office/so-theo-doi/").content.decode()
    assert codes(page) == [older.code, newer.code]


def test_both_days_of_a_span_belong_to_it(world, desk):
    at = world.receive(at=moment(0, 0))
    inside = desk.get("/office/so-theo-doi/", {"tu": day(0), "den": day(0)}).content.decode()
    assert codes(inside) == [at.code]


def test_pages_of_the_register_follow_each_other(world, desk, monkeypatch):
    made = [world.receive().code for _ in range(5)]
    monkeypatch.setattr("motcua.dossiers.queries.register.__kwdefaults__", {"after": "", "limit": 3}, raising=False)
    first = desk.get("/office/so-theo-doi/").content.decode()
    onward = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = desk.get("/office/so-theo-doi/" + onward).content.decode()
    assert codes(first) + codes(second) == made
    assert 'rel="next"' not in second


BAD_SPANS = [
    ({"tu": "x", "den": day(0)}, "ngày/tháng/năm"),
    ({"tu": "", "den": day(0)}, "Hãy nhập ngày."),
    ({"tu": "02/05/2025", "den": "01/05/2025"}, "Ngày cuối phải không sớm hơn ngày đầu."),
    ({"tu": "31/12/2024", "den": "01/01/2025"}, "trong cùng một năm"),
]


@pytest.mark.parametrize(("span", "words"), BAD_SPANS)
@pytest.mark.parametrize("url", ["/office/so-theo-doi/", "/office/tong-quan/"])
def test_a_wrong_span_is_said_beside_its_field(world, client, url, span, words):
    client.force_login(world.user(Role.LEADER))
    page = client.get(url, span).content.decode()
    assert page.count(words) == 2
    assert f'value="{span["tu"]}"' in page or not span["tu"]


def test_the_print_has_the_numbers_of_the_book(world, desk):
    for _ in range(3):
        world.receive()
    catch_up()
    printed = text_of(desk.get("/office/so-theo-doi/in.pdf").content)
    assert re.findall(r"(\d+)H99", printed) == ["1", "2", "3"]
    assert re.findall(r"<td class=\"num\"[^>]*>(\d+)</td>", desk.get("/office/so-theo-doi/").content.decode()) == [
        "01", "02", "03",
    ]  # fmt: skip


def test_the_print_of_too_many_rows_asks_for_a_shorter_span(world, desk, monkeypatch):
    world.receive()
    world.receive()
    catch_up()
    monkeypatch.setattr("motcua.papers.books.ROWS", 1)
    assert "Hãy chọn khoảng ngắn hơn" in desk.get("/office/so-theo-doi/in.pdf").content.decode()


def test_an_empty_register_says_what_will_be_there(desk):
    assert "theo thứ tự tiếp nhận" in desk.get("/office/so-theo-doi/").content.decode()


# -- the overview ---------------------------------------------------------------------------------------------------


def cells(page: str) -> dict[str, list[str]]:
    """Agency -> its figures."""
    rows = re.findall(r"<tr>\s*<th scope=\"row\"[^>]*>([^<]+)</th>(.*?)</tr>", page, re.S)
    return {name: re.findall(r'<td class="num"[^>]*>([^<]*)</td>', rest) for name, rest in rows}


def test_figures_are_counted_for_those_who_received_and_those_who_settle(world, client):
    world.finish(world.receive(MARRIAGE).dossier_id)
    world.finish(world.receive(MARRIAGE, at=moment(40)).dossier_id)
    world.receive(RESIDENCE)
    world.receive(agency=OTHER_WARD)
    catch_up()
    client.force_login(world.user(Role.LEADER, PROVINCE))
    page = client.get("/office/tong-quan/", {"tu": f"01/01/{moment(0).year}", "den": day(0)}).content.decode()
    found = cells(page)
    received = "3" if moment(40).year == moment(0).year else "2"
    assert found["Ủy ban nhân dân phường Tân An"] == [received, "2", "1", "0", "1", "50,0 %".replace(" ", "\u00a0")]
    assert found["Ủy ban nhân dân phường Tân Thạnh Đông Hưng Thuận Thới Tam Thôn"] == ["1", "0", "0", "0", "0", "–"]
    assert "đến vị trí" in page


def test_a_leader_of_one_ward_sees_no_other(world, client):
    world.receive()
    world.receive(agency=OTHER_WARD)
    catch_up()
    client.force_login(world.user(Role.LEADER))
    assert list(cells(client.get("/office/tong-quan/").content.decode())) == ["Ủy ban nhân dân phường Tân An"]


def test_events_that_are_not_counted_yet_are_named(world, client):
    from motcua.dossiers.sequencer import place_all

    world.receive()
    catch_up()
    world.receive()
    place_all()
    client.force_login(world.user(Role.LEADER))
    assert "Còn 2 sự kiện chưa tính." in client.get("/office/tong-quan/").content.decode()


def test_an_empty_overview_says_what_will_be_there(world, client):
    client.force_login(world.user(Role.REFORM_OFFICER))
    assert "Chưa có số liệu" in client.get("/office/tong-quan/").content.decode()


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(), "Chưa có hồ sơ nào được giải quyết trong thời gian này"),
        (Tally(3, 2, 0), "Mọi hồ sơ đã giải quyết đều đúng hạn hoặc trước hạn"),
        (Tally(1, 0, 2), "33,3\u00a0% hồ sơ đã giải quyết là đúng hạn hoặc trước hạn"),
    ],
)
def test_the_title_of_the_chart_says_its_point(tally, words):
    assert headline(tally) == words


def test_a_leader_applies_a_changed_calendar_to_open_dossiers(world: World, client):
    answer = world.receive(MARRIAGE)
    client.force_login(world.user(Role.LEADER))
    assert "Tính lại theo lịch mới" not in client.get("/office/tong-quan/").content.decode()
    data = starter_calendar().to_data()
    promised = local(Dossier.objects.get(pk=answer.dossier_id).due_at_current)
    day_off = {"date": promised.date().isoformat(), "name": "Nghỉ theo quyết định mới", "kind": "swap_off"}
    data["days_off"] = sorted([*data["days_off"], day_off], key=lambda item: item["date"])
    publish_calendar("vn", data, "Quyết định mới")
    assert "Tính lại theo lịch mới" in client.get("/office/tong-quan/").content.decode()
    done = client.post("/office/tong-quan/lich-moi/", follow=True).content.decode()
    assert "1 hồ sơ được dời ngày hẹn" in done
    assert "Tính lại theo lịch mới" not in done
    assert local(Dossier.objects.get(pk=answer.dossier_id).due_at_current) > promised


def test_only_a_leader_may_apply_it(world: World, client):
    for role in set(Role) - {Role.LEADER}:
        client.force_login(world.user(role))
        assert client.post("/office/tong-quan/lich-moi/").status_code == 403
