"""Papers on the pages: previewed, issued by a press, printed again as issued, and those of a day at once."""

import re
from dataclasses import replace

import pytest
from django.utils import timezone

from motcua.agencies.access import Role
from motcua.dossiers import commands as dossiers
from motcua.dossiers.worker import catch_up
from motcua.papers.models import Issue
from office.counting import MOST, statements
from papers.reading import pages, squeeze, text_of
from support.world import APPLICANT, MARRIAGE, World

DAY = f"{timezone.localdate():%d/%m/%Y}"
LIST, ISSUE, AGAIN = "/office/giay-to/", "/office/giay-to/phat-hanh/", "/office/giay-to/in.pdf"


@pytest.fixture
def desk(world: World, client):
    client.force_login(world.user(Role.DESK_OFFICER))
    return client


def asked(paper: str = "tiep-nhan") -> dict[str, str]:
    return {"loai": paper, "tu": DAY, "den": DAY}


def test_issuing_needs_few_statements(world, desk):
    """Three more than a page may: it keeps what it made."""
    for _ in range(2):
        dossier = world.receive(request="Để vay vốn").dossier_id
        catch_up()
        count = statements(lambda address=f"/office/ho-so/{dossier}/giay/tiep-nhan/": desk.post(address))
    assert count <= MOST + 3


def test_a_preview_says_that_it_is_one_and_issues_nothing(world, desk):
    dossier = world.receive().dossier_id
    answer = desk.get(f"/office/ho-so/{dossier}/giay/tiep-nhan.pdf")
    assert "BẢNXEMTRƯỚC" in text_of(answer.content)
    assert not Issue.objects.exists()


def test_a_press_issues_the_paper_and_leads_to_it(world, desk):
    dossier = world.receive().dossier_id
    answer = desk.post(f"/office/ho-so/{dossier}/giay/tiep-nhan/", follow=True)
    assert answer.redirect_chain == [(f"/office/ho-so/{dossier}/giay/tiep-nhan/1.pdf", 302)]
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert "XEMTRƯỚC" not in text_of(answer.content)
    assert desk.get(f"/office/ho-so/{dossier}/giay/tiep-nhan/1.pdf").content == answer.content


def test_the_dossiers_page_tells_what_was_issued_and_by_whom(world, desk):
    dossier = world.receive().dossier_id
    address = f"/office/ho-so/{dossier}/"
    assert "bản 1" not in desk.get(address).content.decode()
    desk.post(f"{address}giay/tiep-nhan/")
    page = desk.get(address).content.decode()
    assert re.search(r"bản 1, [^<]+, Trần Thị Tiếp Thử", page)
    assert f'href="{address}giay/tiep-nhan/1.pdf"' in page
    assert "nâng cấp" not in page


def test_a_paper_of_another_typesetter_says_so(world, desk, monkeypatch):
    dossier = world.receive().dossier_id
    desk.post(f"/office/ho-so/{dossier}/giay/tiep-nhan/")
    monkeypatch.setattr("motcua.office.printing.engine", lambda: "typst 9")
    assert "Bộ dàn trang đã nâng cấp" in desk.get(f"/office/ho-so/{dossier}/").content.decode()
    assert desk.get(f"/office/ho-so/{dossier}/giay/tiep-nhan/1.pdf").status_code == 200


@pytest.mark.parametrize("paper", ["dung", "xin-loi", "khong-co"])
def test_a_paper_that_is_not_there_is_not_found(world, desk, paper):
    dossier = world.receive().dossier_id
    for answer in (
        desk.get(f"/office/ho-so/{dossier}/giay/{paper}.pdf"),
        desk.post(f"/office/ho-so/{dossier}/giay/{paper}/"),
        desk.get(f"/office/ho-so/{dossier}/giay/{paper}/1.pdf"),
    ):
        assert answer.status_code == 404


def test_a_stopped_dossier_offers_its_notice(world, client):
    dossier = world.receive().dossier_id
    dossiers.stop(world.reader(Role.LEADER), dossier, "Đã giải quyết nơi khác", command_id=dossiers.new_id())
    client.force_login(world.user(Role.LEADER))
    assert "Thông báo dừng giải quyết" in client.get(f"/office/ho-so/{dossier}/").content.decode()
    answer = client.post(f"/office/ho-so/{dossier}/giay/dung/", follow=True)
    assert squeeze("thông báo dừng giải quyết hồ sơ này") in text_of(answer.content)


def test_a_name_that_cannot_be_printed_is_said_before_anything_is_issued(world, desk):
    dossier = world.receive(owner=replace(APPLICANT, name="Nguyễn 中")).dossier_id
    for answer in (
        desk.get(f"/office/ho-so/{dossier}/giay/tiep-nhan.pdf"),
        desk.post(f"/office/ho-so/{dossier}/giay/tiep-nhan/"),
    ):
        assert "ký tự lạ: 中" in answer.content.decode()
    assert not Issue.objects.exists()


# -- the papers of a day ----------------------------------------------------------------------------------------------


def test_what_nobody_has_printed_yet_is_printed_at_once_and_then_again(world, desk):
    first, second = world.receive().dossier_id, world.receive().dossier_id
    catch_up()
    desk.post(f"/office/ho-so/{first}/giay/tiep-nhan/")
    page = desk.get(LIST).content.decode()
    assert "2 giấy, trong đó 1 chưa in." in page
    answer = desk.post(ISSUE, asked(), follow=True)
    assert len(pages(answer.content)) == 2  # two copies of the second one only
    assert Issue.objects.filter(dossier_id=second).count() == 1
    assert len(pages(desk.get(AGAIN, asked()).content)) == 4
    page = desk.get(LIST).content.decode()
    assert "2 giấy, trong đó 0 chưa in." in page
    assert "giấy chưa in</button>" not in page
    assert "Không có giấy nào chưa in." in desk.post(ISSUE, asked(), follow=True).content.decode()


def test_the_slips_of_the_day_are_printed_by_who_may_see_the_name(world, desk):
    for _ in range(3):
        world.receive(MARRIAGE)
    catch_up()
    answer = desk.post(ISSUE, asked("kiem-soat"), follow=True)
    texts = [squeeze(page.extract_text()) for page in pages(answer.content)]
    assert len(texts) == 3
    assert all("PHIẾUKIỂMSOÁT" in text and squeeze(APPLICANT.name) in text for text in texts)


def test_what_cannot_be_printed_is_named_and_holds_up_nothing(world, desk):
    bad = world.receive(owner=replace(APPLICANT, name="Nguyễn 中"))
    world.receive()
    catch_up()
    answer = desk.post(ISSUE, asked())
    assert len(pages(desk.get(answer.headers["Location"]).content)) == 2
    assert f"giấy của {bad.code} vì có ký tự lạ" in desk.get(LIST).content.decode()


def test_too_many_papers_are_asked_for_in_parts(world, desk, monkeypatch):
    world.receive()
    world.receive()
    catch_up()
    monkeypatch.setattr("motcua.papers.queries.AT_ONCE", 1)
    assert "Hãy chọn khoảng ngắn hơn" in desk.get(LIST).content.decode()
    assert "Hãy chọn khoảng ngắn hơn" in desk.post(ISSUE, asked(), follow=True).content.decode()
    assert desk.get(AGAIN, asked()).status_code == 302
    assert not Issue.objects.exists()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"loai": "x", "tu": DAY, "den": DAY}, "Loại giấy"),
        ({"loai": "dung", "tu": "x", "den": DAY}, "ngày/tháng/năm"),
        ({"loai": "dung", "tu": DAY, "den": "01/01/2020"}, "Ngày cuối phải không sớm hơn ngày đầu."),
    ],
)
def test_a_wrong_question_is_said_beside_its_field_and_prints_nothing(world, desk, query, words):
    assert words in desk.get(LIST, query).content.decode()
    assert desk.post(ISSUE, query).status_code == 302
    assert desk.get(AGAIN, query).status_code == 302


def test_an_empty_day_says_what_would_be_there(world, desk):
    assert "Không có giấy nào trong khoảng này" in desk.get(LIST, asked("xin-loi")).content.decode()
    answer = desk.get(AGAIN, asked(), follow=True)
    assert "Chưa có giấy nào được phát hành" in answer.content.decode()


@pytest.mark.parametrize("mark", ["x", "2026-01-01", "2026-13-01T00:00:00+00:00"])
def test_a_mark_that_somebody_changed_prints_everything(world, desk, mark):
    world.receive()
    catch_up()
    desk.post(ISSUE, asked())
    assert len(pages(desk.get(AGAIN, asked() | {"luc": mark}).content)) == 2


def test_the_statements_do_not_grow_with_the_papers(world, desk):
    counted = []
    for more in (2, 8):
        for _ in range(more):
            world.receive()
        catch_up()
        desk.get(LIST)
        page = statements(lambda: desk.get(LIST))
        issue = statements(lambda: desk.post(ISSUE, asked()))
        again = statements(lambda: desk.get(AGAIN, asked()))
        counted.append((page, issue, again))
    assert all(more <= few for few, more in zip(*counted, strict=True))  # the first time reads what never changes
    assert max(counted[0][0], counted[0][2]) <= MOST
