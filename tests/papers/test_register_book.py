"""The register book: serials in the order of the log, books and pages by serial, and a closed year that stays."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from motcua.agencies.access import NotPermitted, Role
from motcua.dossiers import commands as dossiers
from motcua.dossiers.worker import catch_up
from motcua.law.dossier.reckoning import local
from motcua.law.dossier.vocabulary import ReturnMethod
from motcua.papers import books, commands, queries
from motcua.papers.commands import Accepted, NotClosable
from motcua.papers.models import RegisterClosing, RegisterEntry
from motcua.papers.register import PAGE_ROWS, Place, span_of
from motcua.papers.register import books as books_for
from motcua.papers.render import render
from motcua.papers.spreadsheet import COLUMNS, workbook
from papers.reading import squeeze, text_of
from papers.samples import REGISTER
from support.world import OTHER_WARD, PROVINCE, RESIDENCE, World

LAST_YEAR = timezone.localdate().year - 1


def url(token: str) -> str:
    return f"https://motcua.example.vn/t/{token}"


def last_years(world: World, count: int, **values: object) -> list[UUID]:
    """Dossiers accepted in December of last year, of a demonstration, which may claim earlier moments."""
    first = datetime(LAST_YEAR, 12, 1, 8, 0)
    return [world.receive(at=first + timedelta(hours=at), **values).dossier_id for at in range(count)]


@pytest.mark.parametrize(
    ("serial", "book_rows", "book", "page"),
    [(1, 2000, 1, 1), (8, 2000, 1, 1), (9, 2000, 1, 2), (2000, 2000, 1, 250), (2001, 2000, 2, 1), (17, 16, 2, 1)],
)
def test_a_serial_gives_book_and_page(serial, book_rows, book, page):
    place = Place.at(1, 2026, serial, book_rows)
    assert (place.book, place.page) == (book, page)
    first, last = span_of(book, book_rows)
    assert first <= serial <= last


@pytest.mark.parametrize(("entries", "wanted"), [(0, 1), (1, 1), (8, 1), (9, 2), (16, 2)])
def test_an_empty_year_has_a_book(entries, wanted):
    assert books_for(entries, PAGE_ROWS) == wanted


def test_serials_follow_the_order_of_acceptance_without_a_gap(world):
    mine = [world.receive().dossier_id for _ in range(3)]
    other = world.receive(agency=OTHER_WARD).dossier_id
    mine.append(world.receive(RESIDENCE).dossier_id)
    catch_up()
    rows = RegisterEntry.objects.order_by("serial").values_list("dossier_id", "serial")
    assert [row for row in rows if row[0] != other] == list(zip(mine, (1, 2, 3, 4), strict=True))
    assert (other, 1) in rows


def test_only_accepted_dossiers_have_a_line(world):
    desk = world.reader(Role.DESK_OFFICER)
    from support.world import APPLICANT

    new = dossiers.NewDossier("1.004873", APPLICANT)
    dossiers.register(desk, new, command_id=dossiers.new_id(), refusal="Không thuộc thẩm quyền")
    waiting = dossiers.register(desk, new, command_id=dossiers.new_id()).dossier_id
    catch_up()
    assert not RegisterEntry.objects.exists()
    dossiers.accept(desk, waiting, command_id=dossiers.new_id())
    catch_up()
    assert RegisterEntry.objects.get().dossier_id == waiting


def test_a_dossier_is_entered_once_however_often_the_follower_reads_it(world):
    answer = world.receive()
    catch_up()
    row = RegisterEntry.objects.get()
    again = Accepted(answer.dossier_id, row.accepted_at, row.agency_id, row.competent_agency_id)
    assert commands.enter([again, again]) == 0
    assert RegisterEntry.objects.count() == 1


def test_book_and_serial_stand_on_receipt_and_slip_once_the_follower_was_there(world):
    desk = world.reader(Role.DESK_OFFICER)
    answer = world.receive()
    assert queries.receipt(desk, answer.dossier_id, url).register_serial is None
    catch_up()
    for make in (queries.receipt, queries.control_slip):
        form = make(desk, answer.dossier_id, url)
        assert (form.register_book, form.register_serial) == ("01", "01")
        assert "Quyểnsố:01Sốthứtự:01" in text_of(render(form)) or "Quyểnsố:01,Sốthứtự:01" in text_of(render(form))


def test_the_number_stands_on_the_slip_of_who_settles_it_elsewhere(world):
    answer = world.receive(RESIDENCE)
    catch_up()
    officer = world.reader(Role.CASE_OFFICER, "CA")
    assert queries.control_slip(officer, answer.dossier_id, url).register_serial == "01"


def test_years_have_registers_of_their_own(world, settings):
    settings.MOTCUA_REGISTER_BOOK_ROWS = PAGE_ROWS
    last_years(world, PAGE_ROWS + 1)
    world.receive()
    catch_up()
    found = books.shelves(world.reader(Role.DESK_OFFICER))
    assert [(each.year, each.entries, each.books) for each in found] == [(LAST_YEAR + 1, 1, 1), (LAST_YEAR, 9, 2)]
    last = books.book_form(world.reader(Role.DESK_OFFICER), found[1], 2)
    assert [(row.no, row.page) for row in last.rows] == [(9, 1)]
    with pytest.raises(books.NoSuchBook):
        books.book_form(world.reader(Role.DESK_OFFICER), found[1], 3)


def test_a_closed_year_stays_as_it_stood(world):
    ids = last_years(world, 3)
    desk, leader = world.reader(Role.DESK_OFFICER), world.reader(Role.LEADER)
    world.finish(ids[0])
    dossiers.return_result(desk, ids[0], ReturnMethod.DESK, command_id=dossiers.new_id())
    catch_up()
    closed = commands.close_year(leader, LAST_YEAR)
    assert (closed.entries, closed.closed_by) == (3, leader.staff_id)
    before = books.book_form(desk, closed, 1)
    assert [row.returned_at is not None for row in before.rows] == [True, False, False]
    assert (before.closing.dossier_count, before.closing.closed_by) == (3, "Phạm Lãnh Thử")
    world.finish(ids[1])
    dossiers.return_result(desk, ids[1], ReturnMethod.DESK, command_id=dossiers.new_id())
    catch_up()
    assert books.book_form(desk, closed, 1) == before
    assert squeeze("gồm 3 hồ sơ trong 1 quyển; người khóa sổ: Phạm Lãnh Thử") in text_of(render(before))


def test_what_comes_after_the_closing_goes_into_the_next_year(world):
    last_years(world, 1)
    catch_up()
    commands.close_year(world.reader(Role.LEADER), LAST_YEAR)
    late = world.receive(at=datetime(LAST_YEAR, 12, 30, 9, 0)).dossier_id
    catch_up()
    row = RegisterEntry.objects.get(dossier_id=late)
    assert (row.year, row.serial, local(row.accepted_at).year) == (LAST_YEAR + 1, 1, LAST_YEAR)


def test_the_database_itself_refuses_a_line_in_a_closed_year(world):
    last_years(world, 1)
    catch_up()
    commands.close_year(world.reader(Role.LEADER), LAST_YEAR)
    row = RegisterEntry.objects.get()
    with pytest.raises(DatabaseError, match="is closed"), transaction.atomic():
        RegisterEntry.objects.create(
            agency_id=row.agency_id, year=row.year, serial=2, book=1, page=1, dossier_id=UUID(int=5),
            accepted_at=row.accepted_at, competent_agency_id=row.competent_agency_id,
        )  # fmt: skip


def test_only_a_year_that_is_over_and_written_to_the_end_is_closed(world):
    leader = world.reader(Role.LEADER)
    world.receive()
    catch_up()
    with pytest.raises(NotClosable, match="chưa hết"):
        commands.close_year(leader, LAST_YEAR + 1)
    with pytest.raises(NotClosable, match="Không có sổ"):
        commands.close_year(leader, LAST_YEAR)
    last_years(world, 1)
    catch_up()
    world.receive()
    with pytest.raises(NotClosable, match="ghi nốt"):
        commands.close_year(leader, LAST_YEAR)
    catch_up()
    commands.close_year(leader, LAST_YEAR)
    with pytest.raises(NotClosable, match="đã khóa"):
        commands.close_year(leader, LAST_YEAR)
    assert RegisterClosing.objects.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEADER])
def test_nobody_but_the_leader_closes_a_year(world, role):
    last_years(world, 1)
    catch_up()
    with pytest.raises(NotPermitted):
        commands.close_year(world.reader(role), LAST_YEAR)


def test_a_register_is_its_own_desks_alone(world):
    world.receive()
    catch_up()
    for agency in (OTHER_WARD, PROVINCE):
        reader = world.reader(Role.LEADER, agency)
        assert books.shelves(reader) == ()
        assert books.shelf(reader, LAST_YEAR + 1, world.agencies["W1"]) is None


def test_a_span_shows_its_lines_on_their_pages(world):
    desk = world.reader(Role.DESK_OFFICER)
    ids = [world.receive().dossier_id for _ in range(PAGE_ROWS + 1)]
    catch_up()
    now = timezone.now()
    form = books.span_form(desk, now - timedelta(hours=1), now + timedelta(hours=1))
    assert [(row.no, row.page) for row in form.rows][-2:] == [(8, 1), (9, 2)]
    assert len(form.rows) == len(ids)
    assert form.closing is None


def test_the_spreadsheet_has_the_columns_of_the_form_and_every_line():
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(REGISTER)))
    rows = book.get_sheet_by_index(0).to_python()
    assert [text for text in rows[3] if text][:7] == [name for name, _width in COLUMNS[:7]]
    assert rows[5] == [f"({number})" for number in range(1, 14)]
    first = rows[6]
    assert (first[0], first[1], first[4]) == (153, "H55.24-261118-0153", "Nguyễn Thị Mẫu")
    assert first[7] == datetime(2026, 11, 18, 8, 5)
    assert first[9] == datetime(2026, 11, 24, 10, 0)
    assert [row[0] for row in rows[6:10]] == [153, 154, 155, 156]
    assert rows[11][0].startswith("Sổ này khóa ngày 31 tháng 12 năm 2026")
    assert rows[12][9] == "Người đứng đầu Bộ phận Một cửa"
    assert REGISTER.head.parent_agency in rows[0][0] and REGISTER.head.desk_name in rows[0][0]
    assert "DỮ LIỆU MẪU" not in rows[1]


def test_a_sheet_of_the_spreadsheet_holds_a_page_of_the_book_and_demonstrations_are_marked():
    rows = tuple(replace(REGISTER.rows[0], no=number, page=1 + (number - 1) // 8) for number in range(1, 18))
    made = workbook(replace(REGISTER, rows=rows, closing=None, demo=True))
    sheet = zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r'<brk id="(\d+)"', sheet) == ["14", "22"]
    assert "fitToHeight" not in sheet and "Trang &amp;P" in sheet
    shown = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    assert "DỮ LIỆU MẪU" in shown[1]


def test_no_program_obeys_what_stands_in_the_spreadsheet():
    hostile = replace(REGISTER.rows[0], owner_name='=HYPERLINK("http://x")', note="http://x")
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(replace(REGISTER, rows=(hostile,)))))
    row = book.get_sheet_by_index(0).to_python()[6]
    assert (row[4], row[12]) == ('=HYPERLINK("http://x")', "http://x")


def test_the_same_register_gives_the_same_spreadsheet():
    assert workbook(REGISTER) == workbook(REGISTER)
