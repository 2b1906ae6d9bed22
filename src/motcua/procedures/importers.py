"""Brings procedures in from the national portal's files: its list (.xlsx) and full records (.jsonl, plain or gzip).

A file is taken for what it is, whatever its name. Nothing is dropped silently: every row is read, and becomes a
procedure or a rejection with its row, field and reason.
"""

from __future__ import annotations

import gzip
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from motcua.procedures.commands import put_procedures
from motcua.procedures.portal import UnreadableError, column_of, full_record, list_row
from motcua.procedures.records import Doubt, ProcedureRecord, Reading, Source

_BATCH = 500
_TITLE_ROWS = 30  # the row of column titles is looked for among the first so many
_LONGEST_LINE = 16 * 2**20


@dataclass(frozen=True)
class Finding:
    """Something to know about a row: in which file and row, which field, why, and the value in question."""

    file: str
    row: int
    field: str
    reason: str
    value: str = ""


@dataclass
class ImportReport:
    """What became of the rows. `read` = created + updated + unchanged + rejected rows."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def to_data(self) -> dict[str, Any]:
        """The report as JSON-able data."""
        return asdict(self)


@dataclass(frozen=True)
class _Row:
    number: int
    reading: Reading | None
    problem: UnreadableError | None = None
    is_row: bool = True  # False: the file itself is at fault


def import_files(
    paths: Iterable[Path], *, on: date | None = None, progress: Callable[[int], None] | None = None
) -> ImportReport:
    """Import the files in their order; run again on the same files it changes nothing.

    Within one run the first row of a code counts; a later one from the same kind of file is rejected, so that two rows
    do not undo each other at every run. Raises OSError when a file cannot be opened.
    """
    report = ImportReport()
    seen: dict[tuple[Source, str], str] = {}
    for path in paths:
        batch: list[ProcedureRecord] = []
        for row in rows_of(path):
            report.read += row.is_row
            record = _accepted(row, path.name, seen, report)
            if record is not None:
                batch.append(record)
            if len(batch) >= _BATCH:
                _put(batch, on, report, progress)
        _put(batch, on, report, progress)
    return report


def _accepted(
    row: _Row, file: str, seen: dict[tuple[Source, str], str], report: ImportReport
) -> ProcedureRecord | None:
    if row.problem is not None:
        problem = row.problem
        report.rejected.append(Finding(file, row.number, problem.field, problem.reason, problem.value))
    if row.reading is None:
        return None
    record = row.reading.record
    first = seen.setdefault((record.source, record.code), f"{file}:{row.number}")
    if first != f"{file}:{row.number}":
        report.rejected.append(Finding(file, row.number, "code", "code_already_on_row", first))
        return None
    report.warnings += [
        Finding(file, row.number, doubt.field, doubt.reason, doubt.value) for doubt in row.reading.doubts
    ]
    return record


def _put(
    batch: list[ProcedureRecord], on: date | None, report: ImportReport, progress: Callable[[int], None] | None
) -> None:
    for result in put_procedures(batch, on=on):
        setattr(report, result.outcome, getattr(report, result.outcome) + 1)
    batch.clear()
    if progress is not None:
        progress(report.read)


def rows_of(path: Path) -> Iterator[_Row]:
    """The rows of a file, each with its number as an editor or a spreadsheet shows it."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(b"PK"):
        yield from _sheet_rows(path)
    else:
        yield from _json_rows(path, gzipped=head.startswith(b"\x1f\x8b"))


def _json_rows(path: Path, *, gzipped: bool) -> Iterator[_Row]:
    number = 0
    with path.open("rb") as file, gzip.GzipFile(fileobj=file) if gzipped else nullcontext(file) as lines:
        while True:
            try:
                line = lines.readline(_LONGEST_LINE)
            except (EOFError, OSError, zlib.error) as error:
                # What was packed up to here is in; the rest cannot be unpacked.
                yield _Row(
                    number + 1, None, UnreadableError("file", "broken_archive", type(error).__name__), is_row=False
                )
                return
            if not line:
                return
            number += 1
            if line.strip(b"\xef\xbb\xbf \t\r\n"):
                yield _json_row(number, line)


def _json_row(number: int, line: bytes) -> _Row:
    try:
        item = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return _Row(number, None, UnreadableError("line", "not_utf8", f"byte {error.start}"))
    except (ValueError, RecursionError) as error:
        return _Row(number, None, UnreadableError("line", "not_json", str(error)[:80]))
    if not isinstance(item, Mapping):
        return _Row(number, None, UnreadableError("line", "not_an_object", type(item).__name__))
    try:
        return _Row(number, full_record(item))
    except UnreadableError as problem:
        return _Row(number, None, problem)


def _sheet_rows(path: Path) -> Iterator[_Row]:
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        yield _Row(0, None, UnreadableError("file", "broken_spreadsheet", str(error)[:80]), is_row=False)
        return
    found = False
    for _name, rows in sheets:
        head = next((i for i, row in enumerate(rows[:_TITLE_ROWS]) if _columns(row)), None)
        if head is None:
            continue
        found = True
        columns = _columns(rows[head])
        for number, row in enumerate(rows[head + 1 :], start=head + 2):
            if any(str(cell).strip() for cell in row):
                yield _sheet_row(number, row, columns)
    if not found:
        yield _Row(0, None, UnreadableError("file", "no_column_titles", "Mã số, Tên"), is_row=False)


def _columns(row: list[Any]) -> dict[int, str]:
    """Columns by their titles; empty unless at least code and name are there."""
    columns = {index: part for index, cell in enumerate(row) if (part := column_of(str(cell)))}
    return columns if {"code", "name"} <= set(columns.values()) else {}


def _sheet_row(number: int, row: list[Any], columns: Mapping[int, str]) -> _Row:
    doubts: tuple[Doubt, ...] = ()
    cells: dict[str, str] = {}
    for index, part in columns.items():
        cell = row[index] if index < len(row) else ""
        if part == "code" and isinstance(cell, float):
            # A spreadsheet that took the code for a number has lost the zeros at its end.
            doubts = (Doubt("code", "code_was_a_number", str(cell)),)
            cell = f"{cell:.6f}"
        cells[part] = str(cell).replace("\x00", "")
    try:
        reading = list_row(cells)
    except UnreadableError as problem:
        return _Row(number, None, problem)
    return _Row(number, Reading(reading.record, (*doubts, *reading.doubts)))
