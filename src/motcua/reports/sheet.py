"""Report II.06a as a spreadsheet with the head and the columns that the form prescribes."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from motcua.law.reporting import Column, Row
from motcua.reports.paper import SettlementReport
from motcua.reports.queries import Report
from motcua.reports.wording import DEMO, FORM, GROUPS, TITLE, UNIT

_FIRST: Final = 2  # the column of the first figure
_LAST: Final = _FIRST + len(Column) - 1
_HEAD: Final = 6  # the line in which the table begins


def workbook(of: SettlementReport, found: Report) -> bytes:
    """The report as an .xlsx file: figures are numbers, everything else is text that no program obeys."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        # Without a fixed moment the same report would give other bytes each time.
        book.set_properties({"title": FORM, "created": datetime(2000, 1, 1)})  # noqa: DTZ001 - the format knows no zones
        sheet = book.add_worksheet("II.06a")
        _write_head(book, sheet, of)
        plain = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        number = book.add_format({"border": 1, "num_format": "#,##0", "valign": "top"})
        strong = book.add_format({"border": 1, "bold": True, "num_format": "#,##0"})
        line = _HEAD + 3
        for place, row in enumerate(found.rows, start=1):
            _write_row(sheet, line, str(place), row, (plain, number))
            line += 1
        _write_row(sheet, line, "", found.total, (strong, strong))
        for note in of.notes:
            line += 1
            sheet.write_string(line + 1, 0, note)
    return target.getvalue()


def _write_head(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, of: SettlementReport) -> None:
    bold = book.add_format({"bold": True})
    centre = book.add_format({"bold": True, "align": "center", "text_wrap": True, "font_size": 13, "valign": "vcenter"})
    title = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"})
    sheet.write_string(0, 0, FORM, bold)
    sheet.write_string(1, 0, f"Đơn vị báo cáo: {of.agency}")
    sheet.write_string(2, 0, f"Đơn vị nhận báo cáo: {of.receiver or '…'}")
    sheet.merge_range(3, 0, 3, _LAST, TITLE, centre)
    sheet.merge_range(4, 0, 4, _LAST, of.period, book.add_format({"align": "center"}))
    sheet.write_string(5, 0, UNIT + (f" · {DEMO}" if of.demo else ""))
    for column, words in ((0, "TT"), (1, "Lĩnh vực giải quyết")):
        sheet.merge_range(_HEAD, column, _HEAD + 1, column, words, title)
        sheet.write_string(_HEAD + 2, column, f"({column + 1})", title)
    place = _FIRST
    for group, columns in GROUPS:
        sheet.merge_range(_HEAD, place, _HEAD, place + len(columns) - 1, group, title)
        for _column, words, number in columns:
            sheet.write_string(_HEAD + 1, place, words, title)
            sheet.write_string(_HEAD + 2, place, number, title)
            place += 1
    sheet.set_row(3, 32)
    sheet.set_row(_HEAD + 1, 62)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 38)
    sheet.set_column(_FIRST, _LAST, 13)
    sheet.freeze_panes(_HEAD + 3, _FIRST)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD, _HEAD + 2)


def _write_row(
    sheet: xlsxwriter.worksheet.Worksheet, line: int, number: str, row: Row, formats: tuple[Any, Any]
) -> None:
    text, figure = formats
    sheet.write_string(line, 0, number, text)
    sheet.write_string(line, 1, row.field, text)
    for column in Column:
        sheet.write_number(line, _FIRST + column - Column.RECEIVED, row[column], figure)
