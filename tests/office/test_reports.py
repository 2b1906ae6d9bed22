"""The pages of the reports: who sees them, that numbers lead to their lists, prints, sheets, and what has no data."""

import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from motcua.agencies.access import Role
from motcua.agencies.models import Agency
from motcua.dossiers import commands
from motcua.dossiers.worker import catch_up
from motcua.law.dossier.vocabulary import Channel, Pause
from motcua.law.reporting import Column, months
from motcua.office.report_asked import usual_periods
from motcua.reports.paper import period_words
from office.counting import MOST, statements
from papers.reading import squeeze, text_of
from support.world import CERTIFY, MARRIAGE, OTHER_WARD, POLICE, PROVINCE, RESIDENCE, WARD, World

YEAR = {"tu": "01/01/2026", "den": "31/12/2026"}


@pytest.fixture
def busy(world: World) -> World:
    """A ward with dossiers in every column, and one of another ward."""
    days = timezone.localdate().timetuple().tm_yday
    world.finish(world.receive().dossier_id)
    world.finish(world.receive(CERTIFY).dossier_id)
    world.receive(channel=Channel.ONLINE)
    world.receive(at=(timezone.now() - timedelta(days=min(30, days))).replace(tzinfo=None))
    waiting = world.receive().dossier_id
    officer = world.reader(Role.CASE_OFFICER)
    commands.pause(officer, waiting, Pause.SUPPLEMENT, "- Tờ khai", command_id=commands.new_id())
    commands.resume(world.reader(Role.DESK_OFFICER), waiting, command_id=commands.new_id())
    world.finish(waiting)
    world.receive(agency=OTHER_WARD)
    world.receive(RESIDENCE)
    catch_up()
    return world


def span() -> dict[str, str]:
    """The days from last year's to this one's end: nothing of the tests is outside."""
    year = timezone.localdate().year
    return {"tu": f"01/01/{year - 1}", "den": f"31/12/{year}"}


def table(page: str) -> dict[str, list[int]]:
    """Field -> figures, read off the page as a person reads it."""
    rows = re.findall(r'<th scope="row"[^>]*>([^<]+)</th>(.*?)</tr>', page, re.S)
    return {
        unescape(name): [
            int(re.sub(r"<[^>]+>|\D", "", cell)) for cell in re.findall(r'<td class="num" data.*?</td>', rest)
        ]
        for name, rest in rows
    }


def cell_texts(page: str) -> list[tuple[str, int]]:
    """The address behind each number, with the number."""
    return [
        (unescape(url), int(number.replace(".", "")))
        for url, number in re.findall(r'<td class="num"[^>]*><a href="([^"]+)">([\d.]+)</a></td>', page)
    ]


def test_the_page_shows_the_agencys_dossiers_by_field(busy, client):
    client.force_login(busy.user(Role.LEADER))
    page = client.get("/office/bao-cao/", span()).content.decode()
    found = table(page)
    assert list(found) == ["Chứng thực", "Hộ tịch", "Tổng cộng"]
    assert found["Hộ tịch"][0] == 4
    assert found["Tổng cộng"][0] == 5
    assert found["Tổng cộng"][1] == 1  # online


def test_every_number_of_the_page_opens_a_list_of_as_many(busy, client):
    client.force_login(busy.user(Role.LEADER, PROVINCE))
    page = client.get("/office/bao-cao/", span() | {"ca_duoi": "1"}).content.decode()
    links = cell_texts(page)
    assert len(links) > 12
    for url, number in links:
        listed = client.get(url).content.decode()
        assert listed.count("data-row-link") == number
        assert f"{number} hồ sơ." in listed


def test_a_reader_reports_for_agencies_within_reach_only(busy, client):
    client.force_login(busy.user(Role.LEADER))
    other = busy.agencies[OTHER_WARD]
    for address in (
        "/office/bao-cao/",
        "/office/bao-cao/ho-so/?cot=3",
        "/office/bao-cao/ii06a.xlsx",
        "/office/chi-so/",
    ):
        answer = client.get(address, span() | {"co_quan": other, "cot": "3"})
        assert answer.status_code == 404 or "Tân Thạnh" not in answer.content.decode(errors="replace")
        if answer.status_code == 200:
            assert answer.context["wanted"] is None


def test_the_own_quarter_is_shown_first(busy, client):
    client.force_login(busy.user(Role.REFORM_OFFICER))
    answer = client.get("/office/bao-cao/")
    today = timezone.localdate()
    assert answer.context["wanted"].period == months(today.year, (today.month - 1) // 3 * 3 + 1, 3)
    assert answer.content.decode().count('aria-current="true"') >= 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"tu": "02/01/2026", "den": "01/01/2026"}, "Ngày cuối phải không sớm hơn ngày đầu."),
        ({"tu": "x", "den": "01/01/2026"}, "Hãy nhập ngày dạng"),
        ({"tu": "01/01/0026", "den": "01/01/2026"}, "năm có bốn chữ số"),
        ({"tu": "01/01/2026", "den": "31/12/9999"}, "năm có bốn chữ số"),
    ],
)
def test_a_wrong_period_is_said_beside_its_field_and_kept(world, client, given, said):
    client.force_login(world.user(Role.LEADER))
    for address in ("/office/bao-cao/", "/office/chi-so/"):
        page = client.get(address, given).content.decode()
        assert said in page
        assert given["tu"] in page
    assert client.get("/office/bao-cao/ii06a.pdf", given).status_code == 404


@pytest.mark.parametrize("address", ["?cot=2", "?cot=x", "?cot=3&after=x", ""])
def test_a_list_that_nobody_linked_to_is_not_found(world, client, address):
    client.force_login(world.user(Role.LEADER))
    assert client.get(f"/office/bao-cao/ho-so/{address}").status_code == 404


def test_the_sheet_has_the_head_and_columns_of_the_form_and_the_pages_numbers(busy, client):
    client.force_login(busy.user(Role.LEADER))
    shown = table(client.get("/office/bao-cao/", span()).content.decode())
    answer = client.get("/office/bao-cao/ii06a.xlsx", span())
    assert "ii06a-w1-" in answer.headers["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "Biểu số II.06a/VPCP/KSTT"
    assert "Ủy ban nhân dân phường Tân An" in rows[1][0]
    numbers = next(row for row in rows if row[0] == "(1)")
    assert numbers == [SUMS.get(n, f"({n})") for n in range(1, 14)]
    body = {row[1]: [int(each) for each in row[2:]] for row in rows[rows.index(numbers) + 1 :] if row[1]}
    assert body == shown


SUMS = {3: "(3)=(4)+(5)+(6)", 7: "(7)=(8)+(9)+(10)", 11: "(11)=(12)+(13)"}


def test_the_print_says_the_same_as_the_page(busy, client):
    client.force_login(busy.user(Role.LEADER))
    shown = table(client.get("/office/bao-cao/", span()).content.decode())
    printed = squeeze(text_of(client.get("/office/bao-cao/ii06a.pdf", span()).content))
    for name, figures in shown.items():
        assert squeeze(name + " ".join(map(str, figures))) in printed
    assert squeeze("Biểu số II.06a/VPCP/KSTT") in printed
    assert "DỮLIỆUMẪU" not in printed


def test_demonstrations_are_marked_on_paper_sheet_and_page(busy, client):
    Agency.objects.filter(pk=busy.agencies[WARD]).update(demo=True)
    client.force_login(busy.user(Role.LEADER))
    assert "Dữ liệu mẫu" in client.get("/office/bao-cao/", span()).content.decode()
    assert squeeze("DỮ LIỆU MẪU") in squeeze(text_of(client.get("/office/bao-cao/ii06a.pdf", span()).content))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/office/bao-cao/ii06a.xlsx", span()).content))
    assert any("DỮ LIỆU MẪU" in str(cell) for row in sheet.get_sheet_by_index(0).to_python() for cell in row)


PERIODS = [
    (months(2026, 10, 1), "Tháng 10 năm 2026 (từ ngày 01/10/2026 đến ngày 31/10/2026)"),
    (months(2026, 10, 3), "Quý IV năm 2026 (từ ngày 01/10/2026 đến ngày 31/12/2026)"),
    (months(2026, 1, 6), "6 tháng đầu năm 2026 (từ ngày 01/01/2026 đến ngày 30/06/2026)"),
    (months(2026, 1, 12), "Năm 2026 (từ ngày 01/01/2026 đến ngày 31/12/2026)"),
    (months(2026, 2, 3), "từ ngày 01/02/2026 đến ngày 30/04/2026"),
]


@pytest.mark.parametrize(("period", "words"), PERIODS)
def test_a_period_is_named_as_reports_name_it(period, words):
    assert period_words(period) == words


def test_usual_periods_are_those_around_today():
    found = dict(usual_periods(date(2026, 1, 15)))
    assert [(period.start, period.end) for period in found.values()] == [
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2025, 12, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2025, 1, 1), date(2025, 12, 31)),
    ]


# -- the indicators -------------------------------------------------------------------------------------------------


def test_the_nine_indicators_say_what_has_no_data(busy, client):
    client.force_login(busy.user(Role.REFORM_OFFICER))
    page = client.get("/office/chi-so/", span()).content.decode()
    assert "Chỉ số 5, 6, 7, 8 chưa có dữ liệu" in page
    assert page.count("chưa có dữ liệu</span>") == 4
    own = client.get("/office/chi-so/", span()).context["own"]
    assert own.dossiers == 3
    assert str(own.score(3)) == "1.7"  # one was asked for papers once
    assert "Lê Văn Thụ Thử" not in page


def test_a_leader_sees_the_officers_and_their_dossiers(busy, client):
    client.force_login(busy.user(Role.LEADER))
    page = client.get("/office/chi-so/", span()).content.decode()
    for name in ("Lê Văn Thụ Thử", "Trần Thị Tiếp Thử", "Phạm Lãnh Thử"):
        assert name in page
    url = next(unescape(each) for each in re.findall(r'href="([^"]*can_bo=[^"]*)"', page))
    listed = client.get(url).content.decode()
    assert listed.count("data-row-link") == 3


def test_an_inspector_sees_officers_and_no_dossier(busy, client):
    client.force_login(busy.user(Role.INSPECTOR))
    page = client.get("/office/chi-so/", span()).content.decode()
    assert "Lê Văn Thụ Thử" in page
    assert "can_bo=" not in page
    assert "Chín chỉ số" in page and "Trên số" not in page
    staff = busy.posts[WARD, Role.CASE_OFFICER]
    for query in (f"&can_bo={staff}", ""):
        asked = f"/office/chi-so/ho-so/?co_quan={busy.agencies[WARD]}{query}"
        assert client.get(asked).status_code == 404


def test_an_officer_sees_the_own_indicators_and_nobody_elses(busy, client):
    client.force_login(busy.user(Role.CASE_OFFICER))
    assert client.get("/office/chi-so/", span()).headers["Location"] == "/office/chi-so/cua-toi/"
    page = client.get("/office/chi-so/cua-toi/", span()).content.decode()
    assert "Tổng điểm" in page
    own = busy.posts[WARD, Role.CASE_OFFICER]
    mine = client.get("/office/chi-so/ho-so/", span() | {"can_bo": own})
    assert mine.content.decode().count("data-row-link") == 3
    other = client.get("/office/chi-so/ho-so/", span() | {"can_bo": busy.posts[WARD, Role.DESK_OFFICER]})
    assert other.status_code == 404


def test_a_leader_above_sees_agencies_and_no_officers_there(busy, client):
    client.force_login(busy.user(Role.LEADER, PROVINCE))
    below = span() | {"co_quan": busy.agencies[WARD]}
    page = client.get("/office/chi-so/", below).content.decode()
    assert "Chỉ số 5, 6, 7, 8" in page
    assert "Lê Văn Thụ Thử" not in page
    staff = busy.posts[WARD, Role.CASE_OFFICER]
    assert client.get("/office/chi-so/ho-so/", below | {"can_bo": staff}).status_code == 404
    everywhere = client.get("/office/chi-so/", span() | {"ca_duoi": "1"}).content.decode()
    assert "phường Tân Thạnh" in everywhere


def test_who_has_settled_nothing_is_told_what_will_be_there(world, client):
    client.force_login(world.user(Role.DESK_OFFICER))
    assert "Chưa có hồ sơ nào có kết quả" in client.get("/office/chi-so/cua-toi/").content.decode()


def test_two_officers_dossiers_come_page_by_page(busy, client, monkeypatch):
    client.force_login(busy.user(Role.LEADER))
    monkeypatch.setattr("motcua.reports.scores.behind.__kwdefaults__", {"after": "", "limit": 2}, raising=False)
    first = client.get("/office/chi-so/ho-so/", span()).content.decode()
    onward = unescape(re.search(r'rel="next" href="([^"]+)"', first)[1])
    second = client.get("/office/chi-so/ho-so/" + onward).content.decode()
    assert (first.count("data-row-link"), second.count("data-row-link")) == (2, 1)
    assert client.get("/office/chi-so/ho-so/?after=x").status_code == 404


PAGES = [
    (Role.LEADER, "/office/bao-cao/"),
    (Role.LEADER, "/office/bao-cao/ho-so/?cot=3"),
    (Role.LEADER, "/office/bao-cao/ho-so/?cot=3&linh_vuc=H%E1%BB%99+t%E1%BB%8Bch"),
    (Role.REFORM_OFFICER, "/office/bao-cao/ii06a.pdf"),
    (Role.REFORM_OFFICER, "/office/bao-cao/ii06a.xlsx"),
    (Role.LEADER, "/office/chi-so/"),
    (Role.INSPECTOR, "/office/chi-so/"),
    (Role.LEADER, "/office/chi-so/ho-so/"),
    (Role.CASE_OFFICER, "/office/chi-so/cua-toi/"),
]


@pytest.mark.parametrize(("role", "url"), PAGES)
def test_a_page_needs_at_most_twelve_statements_whatever_its_rows(world, client, role, url):
    world.finish(world.receive().dossier_id)
    catch_up()
    client.force_login(world.user(role))
    assert client.get(url).status_code == 200
    few = statements(lambda: client.get(url))
    for _ in range(4):
        world.finish(world.receive(CERTIFY).dossier_id)
        world.receive(RESIDENCE)
        world.receive(MARRIAGE)
    catch_up()
    assert statements(lambda: client.get(url)) <= min(MOST, few + 1)


@pytest.mark.parametrize("role", [Role.DESK_OFFICER, Role.CASE_OFFICER, Role.ADMINISTRATOR, Role.INSPECTOR])
def test_the_report_is_for_those_who_follow(world, client, role):
    client.force_login(world.user(role))
    assert client.get("/office/bao-cao/").status_code == 403


def test_what_the_police_settles_is_the_polices_report(busy, client):
    client.force_login(busy.user(Role.LEADER, POLICE))
    found = client.get("/office/bao-cao/", span()).context["found"]
    assert found.total[Column.RECEIVED] == 1
    assert [row.field for row in found.rows] == ["Đăng ký, quản lý cư trú"]
