"""The register book as a spreadsheet with the columns of form M06, for who keeps it further on a computer."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from itertools import pairwise
from typing import Final

import xlsxwriter

from motcua.papers import wording
from motcua.papers.forms import DossierRegister, RegisterClosing, RegisterRow

# Name, width in characters; the forms' own order (TT 01/2018, form 06).
COLUMNS: Final = (
    ("TT", 6), ("Mã hồ sơ", 24), ("Tên TTHC", 44), ("Số lượng hồ sơ (bộ)", 10), ("Tên cá nhân, tổ chức", 28),
    ("Địa chỉ, số điện thoại", 40), ("Cơ quan chủ trì giải quyết", 30), ("Nhận hồ sơ", 16), ("Hẹn trả kết quả", 16),
    ("Trả kết quả", 16), ("Phương thức nhận kết quả", 16), ("Ký nhận", 10), ("Ghi chú", 16),
)  # fmt: skip
_GROUP: Final = (7, 11)  # the columns under "Nhận và trả kết quả"
_SIGNATURE: Final = 9
_ROWS: Final = 6  # the line of the first dossier
_SCALE: Final = 47  # percent, at which the columns fill a page across; page breaks hold only without fitting
_DAY: Final = "hh:mm dd/mm/yyyy"


def workbook(register: DossierRegister) -> bytes:
    """The register as an .xlsx file; times are real times, everything else is text that no program obeys."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        # Without a fixed moment the same register would give other bytes each time.
        book.set_properties({"title": f"Sổ theo dõi hồ sơ năm {register.year}", "created": datetime(2000, 1, 1)})  # noqa: DTZ001 - the format knows no zones
        sheet = book.add_worksheet(f"Quyển {register.book}"[:31].replace(",", ""))
        _head(book, sheet, register)
        plain = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        moment = book.add_format({"border": 1, "num_format": _DAY, "valign": "top", "align": "left"})
        for place, row in enumerate(register.rows, start=_ROWS):
            _write(sheet, place, row, plain, moment)
        # Printed, a sheet holds the dossiers of a page of the book (TT 01/2018, Art. 10.2b).
        pages = enumerate(pairwise(register.rows), start=_ROWS + 1)
        sheet.set_h_pagebreaks([place for place, (before, row) in pages if before.page != row.page])
        if register.closing is not None:
            _close(sheet, 1 + _ROWS + len(register.rows), register.closing)
    return target.getvalue()


def _close(sheet: xlsxwriter.worksheet.Worksheet, line: int, closing: RegisterClosing) -> None:
    """The year's end as the form has it: what the books hold, who closed them, and room for signature and stamp."""
    books = f" trong {closing.book_count} quyển" if closing.book_count is not None else ""
    by = f"; người khóa sổ: {closing.closed_by}" if closing.closed_by else ""
    said = f"Sổ này khóa {wording.day_long(closing.closed_on)}, gồm {closing.dossier_count} hồ sơ{books}{by}."
    sheet.write_string(line, 0, said)
    sheet.write_string(line + 1, _SIGNATURE, "Người đứng đầu Bộ phận Một cửa")
    sheet.write_string(line + 2, _SIGNATURE, "(Ký, ghi rõ họ tên, đóng dấu)")


def _head(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, register: DossierRegister) -> None:
    strong = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"})
    title = book.add_format({"bold": True, "font_size": 16})
    named = f"{register.head.parent_agency} – {register.head.desk_name}"
    sheet.write_string(0, 0, named, book.add_format({"bold": True}))
    if register.demo:
        sheet.write_string(1, _SIGNATURE, "DỮ LIỆU MẪU", title)
    sheet.write_string(1, 0, "SỔ THEO DÕI HỒ SƠ", title)
    sheet.write_string(2, 0, f"Năm {register.year} · Quyển số {register.book}")
    first, last = _GROUP
    for column, (name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        if first <= column <= last:
            sheet.write_string(4, column, name, strong)
        else:
            sheet.merge_range(3, column, 4, column, name, strong)
        sheet.write_string(5, column, f"({column + 1})", strong)
    sheet.merge_range(3, first, 3, last, "Nhận và trả kết quả", strong)
    sheet.freeze_panes(6, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_print_scale(_SCALE)
    sheet.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.6)
    sheet.set_footer(f"&LQuyển số {register.book}&CTrang &P")
    sheet.repeat_rows(3, 5)


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    place: int,
    row: RegisterRow,
    plain: xlsxwriter.workbook.Format,
    moment: xlsxwriter.workbook.Format,
) -> None:
    contact = ", ".join(part for part in (row.address, row.phone) if part)
    texts = {1: row.dossier_code, 2: row.procedure_name, 4: row.owner_name, 5: contact, 6: row.lead_agency}
    texts |= {10: row.return_method or "", 11: "", 12: row.note or ""}
    for column, text in texts.items():
        sheet.write_string(place, column, text, plain)
    sheet.write_number(place, 0, row.no, plain)
    sheet.write_number(place, 3, row.set_count, plain)
    for column, at in ((7, row.received_at), (8, row.appointed_at), (9, row.returned_at)):
        if at is None:
            sheet.write_blank(place, column, None, plain)
        else:
            sheet.write_datetime(place, column, wording.local(at).replace(tzinfo=None, second=0, microsecond=0), moment)
