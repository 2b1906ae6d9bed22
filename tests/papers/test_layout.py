"""How the papers hold their text: page size, overflow, page numbers, margins and the QR code."""

import re
from dataclasses import replace

import pytest
import segno

from motcua.papers.bases import Basis
from motcua.papers.forms import Copy, DossierRegister, StopNotice
from motcua.papers.qr import MASK
from motcua.papers.render import render
from papers.reading import ink, pages, pictures, squeeze, text_of
from papers.samples import (
    LOG,
    LONG,
    LONG_CONTROL_SLIP,
    LONG_NAME,
    LONG_PROCEDURE,
    LONG_RECEIPT,
    LONG_REGISTER,
    ORDINARY,
    RECEIPT,
    REGISTER,
    SUPPLEMENT,
    URL,
    register_row,
)

A5, A4, ACROSS = (148, 210), (210, 297), (297, 210)


def size_of(form, basis):
    """A5, but for the register, and for the notice that TT 01/2018 has no form of its own for (Art. 9.2)."""
    if isinstance(form, DossierRegister):
        return ACROSS
    return A4 if isinstance(form, StopNotice) and basis is Basis.TT01_2018 else A5


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("form", ORDINARY, ids=lambda form: type(form).__name__)
def test_an_ordinary_paper_fits_one_page_of_the_prescribed_size(form, basis):
    (page,) = pages(render(form, basis=basis))
    millimetres = tuple(round(float(side) / 72 * 25.4) for side in (page.mediabox.width, page.mediabox.height))
    assert millimetres == size_of(form, basis)
    assert "Trang" not in page.extract_text()


@pytest.mark.parametrize("form", LONG, ids=lambda form: type(form).__name__)
def test_an_overlong_paper_goes_on_to_further_pages(form):
    assert len(pages(render(form))) > 1


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("form", LONG, ids=lambda form: type(form).__name__)
def test_overlong_fields_stay_inside_the_margins(form, basis):
    sides = (21, 11) if size_of(form, basis) == A5 else (30, 15)
    for image in pictures(form, 127, basis):  # five dots a millimetre
        left, top, right, bottom = ink(image).getbbox()
        assert left >= sides[0] * 5 - 2
        assert image.width - right >= sides[1] * 5 - 2
        assert min(top, image.height - bottom) >= 5 * 5


def test_an_overlong_receipt_loses_no_word_and_counts_its_pages():
    pdf = render(LONG_RECEIPT)
    text = text_of(pdf)
    assert squeeze(LONG_NAME) in text
    assert squeeze(LONG_PROCEDURE) in text
    assert squeeze(LONG_RECEIPT.email) in text
    assert all(squeeze(component.name) in text for component in LONG_RECEIPT.components)
    last = len(pages(pdf))
    for number, page in enumerate(pages(pdf), start=1):
        assert f"Trang {number}/{last}" in page.extract_text()
        assert LONG_RECEIPT.dossier_code in page.extract_text()


def test_pages_are_counted_for_each_copy_though_the_first_count_comes_from_the_file():
    one, other = pages(render(RECEIPT, copies=(Copy.KEPT, Copy.CUSTOMER)))
    assert "Trang" not in one.extract_text() + other.extract_text()
    middling = replace(RECEIPT, components=LONG_RECEIPT.components[:6])
    found = pages(render(middling, copies=(Copy.KEPT, Copy.CUSTOMER)))
    assert [f"Trang {number}/2" in page.extract_text() for number, page in zip((1, 2, 1, 2), found, strict=True)] == [
        True
    ] * 4


def test_a_hand_over_is_never_parted_by_the_end_of_a_page():
    for page in pages(render(LONG_CONTROL_SLIP)):
        text = page.extract_text()
        parts = [text.count(part) for part in ("Người giao", "Người nhận", "14 giờ 15 phút", "1. Giao", "2. Nhận")]
        assert parts == parts[:1] * 5
        assert "TÊN CƠ QUAN" in text


def test_every_line_of_the_register_stands_on_the_page_that_its_serial_gives_it():
    found = [page.extract_text() for page in pages(render(LONG_REGISTER))]
    heads = [re.search(r"(\d+)( \(tiếp\))? DỮ LIỆU MẪU", text) for text in found]
    numbers = [int(head[1]) for head in heads]
    assert sorted(set(numbers)) == list(range(1, 9))
    assert numbers == sorted(numbers)
    assert [bool(head[2]) for head in heads] == [number in numbers[:at] for at, number in enumerate(numbers)]
    for row in LONG_REGISTER.rows:
        sheets = [text for number, text in zip(numbers, found, strict=True) if number == row.page]
        assert re.search(rf"\b{row.no}\b", "".join(sheets))
    assert all("Tên TTHC" in text for text in found[:-1])


def test_a_book_without_lines_is_one_page_with_its_closing():
    (page,) = pages(render(replace(REGISTER, rows=())))
    assert "Sổ này khóa" in page.extract_text()


def test_a_register_of_a_thousand_rows_holds_them_all():
    rows = tuple(register_row(no) for no in range(1, 1001))
    text = text_of(render(replace(REGISTER, rows=rows)))
    assert all(row.dossier_code in text for row in rows)


def test_the_printed_code_carries_the_callers_address_module_by_module():
    wanted = [list(row) for row in segno.make_qr(URL, error="m", mask=MASK).matrix]
    dots = 24  # a millimetre, at 609.6 dots an inch
    (image,) = pictures(RECEIPT, ppi=dots * 25.4)
    # Nothing but the code stands in this part of the title band.
    window = ink(image.crop((18 * dots, 30 * dots, 47 * dots, round(51.5 * dots))))
    left, top, right, _ = window.getbbox()
    side = (right - left) / len(wanted)
    middles = [(number + 0.5) * side for number in range(len(wanted))]
    assert [[int(window.getpixel((left + x, top + y)) > 0) for x in middles] for y in middles] == wanted
    assert (right - left) / dots == pytest.approx(19, abs=0.2)


def test_a_paper_without_an_address_has_no_qr():
    with_code, without = (pages(render(form))[0] for form in (SUPPLEMENT, replace(SUPPLEMENT, qr_url=None)))
    assert len(without.get_contents().get_data()) < len(with_code.get_contents().get_data()) - 1000


@pytest.mark.parametrize("form", [*ORDINARY[:-1], *LONG[:-1]], ids=lambda form: type(form).__name__)
def test_a_paper_names_the_last_head_of_the_log_once_a_copy(form):
    text = text_of(render(form, copies=(Copy.KEPT, Copy.CUSTOMER)))
    assert text.count(squeeze(LOG)) == (2 if form.log_statement else 0)


def test_a_paper_without_a_head_says_nothing_of_the_log():
    assert "Nhật ký" not in "".join(page.extract_text() for page in pages(render(replace(RECEIPT, log_statement=None))))
