"""The register by year on the pages: its books, their print and spreadsheet, and the closing of a year."""

import io
from datetime import datetime

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from motcua.agencies.access import Role
from motcua.dossiers.worker import catch_up
from motcua.papers.models import RegisterClosing
from office.counting import MOST, statements
from papers.reading import text_of
from support.world import APPLICANT, OTHER_WARD, WARD, World

YEAR = timezone.localdate().year
BOOKS = "/office/so-theo-doi/quyen/"


def of(world: World, year: int, rest: str) -> str:
    return f"{BOOKS}{world.agencies[WARD]}/{year}/{rest}"


@pytest.fixture
def years(world: World) -> World:
    """A dossier of last year and two of this."""
    world.receive(at=datetime(YEAR - 1, 12, 1, 8, 0))
    world.receive()
    world.receive()
    catch_up()
    return world


def test_the_years_are_listed_with_their_books(years, client):
    client.force_login(years.user(Role.DESK_OFFICER))
    page = client.get(BOOKS).content.decode()
    assert page.index(f"Năm {YEAR}") < page.index(f"Năm {YEAR - 1}")
    assert "2 hồ sơ, 1 quyển." in page
    assert "Khóa sổ" not in page


def test_a_book_is_printed_and_taken_along_as_a_spreadsheet(years, client):
    client.force_login(years.user(Role.DESK_OFFICER))
    printed = client.get(of(years, YEAR, "1.pdf"))
    assert "SỔTHEODÕIHỒSƠ" in text_of(printed.content)
    answer = client.get(of(years, YEAR, "1.xlsx"))
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Content-Disposition"] == f'attachment; filename="so-theo-doi-{YEAR}-01.xlsx"'
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[4] for row in rows[6:8]] == [APPLICANT.name] * 2


@pytest.mark.parametrize("rest", ["2.pdf", "0.xlsx"])
def test_a_book_that_is_not_there_is_not_found(years, client, rest):
    client.force_login(years.user(Role.DESK_OFFICER))
    assert client.get(of(years, YEAR, rest)).status_code == 404
    assert client.get(of(years, YEAR - 5, "1.pdf")).status_code == 404


def test_a_leader_closes_a_year_that_is_over_and_the_page_says_who(years, client):
    client.force_login(years.user(Role.LEADER))
    page = client.get(BOOKS).content.decode()
    assert f"Khóa sổ năm {YEAR - 1}" in page
    assert f"Khóa sổ năm {YEAR}<" not in page
    done = client.post(of(years, YEAR - 1, "khoa/"), follow=True).content.decode()
    assert f"Đã khóa sổ năm {YEAR - 1}, gồm 1 hồ sơ." in done
    assert "Phạm Lãnh Thử." in done
    assert f"Khóa sổ năm {YEAR - 1}" not in done
    assert "Sổ của năm này đã khóa." in client.post(of(years, YEAR - 1, "khoa/"), follow=True).content.decode()
    assert "chưa hết" in client.post(of(years, YEAR, "khoa/"), follow=True).content.decode()
    assert RegisterClosing.objects.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEADER])
def test_nobody_else_closes_it(years, client, role):
    client.force_login(years.user(role))
    assert client.post(of(years, YEAR - 1, "khoa/")).status_code == 403
    assert not RegisterClosing.objects.exists()


def test_another_desk_has_other_books(years, client):
    client.force_login(years.user(Role.LEADER, OTHER_WARD))
    assert "Chưa có sổ nào" in client.get(BOOKS).content.decode()
    for rest in ("1.pdf", "1.xlsx"):
        assert client.get(of(years, YEAR, rest)).status_code == 404
    assert client.post(of(years, YEAR - 1, "khoa/")).status_code == 404


@pytest.mark.parametrize("rest", ["", "pdf", "xlsx"])
def test_a_page_of_the_books_needs_few_statements(years, client, rest):
    client.force_login(years.user(Role.LEADER))
    address = of(years, YEAR, f"1.{rest}") if rest else BOOKS
    client.get(address)
    assert statements(lambda: client.get(address)) <= MOST
