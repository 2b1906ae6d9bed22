"""Takes apart the national portal's tables that a crawl flattened into one string each.

The cells stand without anything between them ("Trực tuyến5 Ngày làm việcMiễn phíDịch vụ bưu chính…"), so the order of
the columns and the shape of their values are all there is to go by. The whole text is kept beside what was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from motcua.procedures.content import Channel, Component, ComponentKind, Filing, LegalBasis, Result
from motcua.procedures.reading import NOTHING, one_line, read_fee, read_limit, tidy

_FILING_HEAD = "Hình thức nộpThời gianPhí, lệ phíMô tả"
_CHANNELS = {"Trực tiếp": Channel.DIRECT, "Trực tuyến": Channel.ONLINE, "Dịch vụ bưu chính": Channel.POST}
_MONEY = r"\d{1,3}(?:[.,]\d{3})+ ?(?:Việt Nam Đồng|VNĐ|USD)|\d+ ?(?:Việt Nam Đồng|VNĐ|USD)"
_UNIT = r" (?:Ngày làm việc|Ngày|Giờ làm việc|Giờ|Tháng|Năm|Tuần|Phút)"
# A number without unit and the fee's figure run together ("120 VNĐ" is 1 and 20 VNĐ): the first digit is the number,
# because an empty cell shows "Không có thông tin", so the number is never missing.
_NO_TIME = r"Không(?! có thông tin)[^.\d]{0,60}?(?=Miễn phí|Không có thông tin)"
_TIME = rf"\d+(?:[.,]\d+)?{_UNIT}|Không có thông tin|\d(?=(?:{_MONEY}))|\d+(?=Miễn phí|Không có thông tin)|{_NO_TIME}"
_FILING_ROW = re.compile(rf"(Trực tiếp|Trực tuyến|Dịch vụ bưu chính)({_TIME})(?=Miễn phí|Không có thông tin|{_MONEY})")
_FEE = re.compile(rf"Miễn phí|Không có thông tin|{_MONEY}")

_COMPONENT_HEAD = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
# A cell of the last column: no leading zero (that is running text, "01 bản chính"), and the next cell follows without a
# blank. Behind a year at the end of the name ("01/01/20261 bản chính") only the last digit is the number.
_QUANTITY = re.compile(r"((?<!\d)(?:0|[1-9]\d?)|(?<=\d\d)\d) bản chính(?:,(\d+) bản sao)?(?=$|[^\s,.;:)\]])")
_FORM = re.compile(r"^(?P<name>.*?)(?P<form>[^/\n]{1,120}\.(?:docx?|pdf|xlsx?))$", re.DOTALL | re.IGNORECASE)
_GLUE = re.compile(r"(?<=[.;:,)”\"])(?=[^\W_])|(?<=[a-zà-ỹđ0-9])(?=[A-ZĐÀ-Ỹ])|(?<=[A-ZĐ])(?=[A-ZĐ][a-zà-ỹ])")
_LONGEST_NAME = 120  # of a row without number of papers: a longer one explains, it does not name
_SETS = re.compile(r"số lượng(?: hồ sơ)?\s*:?\s*0?(\d)\s*(?:\([^)]*\)\s*)?bộ", re.IGNORECASE)

_RESULT_END = re.compile(r"Từ khóa|Chọn cơ quan thực hiện")
_RESULT_CODE = re.compile(r"Mã: ?((?:[A-ZĐ0-9]+[.\-])*[A-ZĐ]*\d+)?")
_LEGAL_HEAD = "Tên văn bản pháp lýMã văn bản"
_BODIES = (
    "BLĐTBXH|BNNPTNT|BNN&PTNT|VKSNDTC|BVHTTDL|BTNMT|BNNMT|BGDĐT|BKHĐT|BKHCN|BTTTT|TANDTC|BGTVT|UBTVQH|NHNN|VPCP|UBND|"
    "HĐND|TTCP|BNNPTN|BTP|BCA|BTC|BYT|BNV|BXD|BCT|BQP|BNG|TTg|BNN|CP"
)
_KINDS_OF_LAW = (
    r"(?:QH\d{2}|(?:PL|NQ)-UBTVQH\d{2}|UBTVQH\d{2}"
    rf"|(?:TTLT|TT|NĐ|QĐ|NQ|VBHN|CT)-(?:{_BODIES})(?:-(?:{_BODIES}))*)"
)
# A cell ends where the next begins without a blank: at a capital letter or a figure, or at the end of the table.
_LEGAL_CELL = re.compile(
    r"(?P<name>.*?)(?P<number>(?:(?<=QH\d\d)\d{1,3}|(?<=/\d\d\d\d)\d{1,3}|(?<!\d\.)(?<![\d/])\d{1,4}(?:\.\d+)?)"
    rf"/(?:\d{{4}}/)?{_KINDS_OF_LAW})(?=$|[A-ZĐÀ-Ỹ]|\d)",
    re.DOTALL,
)
_ONLY_KIND = re.compile(r"(?:Luật|Nghị định|Thông tư|Quyết định|Nghị quyết|Pháp lệnh)?\s*(?:số)?\s*:?", re.IGNORECASE)


def read_filings(text: str, field: str = "") -> tuple[tuple[Filing, ...], str]:
    """Rows of the table of ways of filing in their order, and what stood before the first row that could be read."""
    body = tidy(text).removeprefix(_FILING_HEAD)
    rows = list(_FILING_ROW.finditer(body))
    filings = []
    for index, row in enumerate(rows):
        end = rows[index + 1].start() if index + 1 < len(rows) else len(body)
        filings.append(_filing(row[1], row[2], body[row.end() : end], field))
    return tuple(filings), body[: rows[0].start()] if rows else body


def _filing(channel: str, time: str, rest: str, field: str) -> Filing:
    fees = []
    while (match := _FEE.match(rest)) is not None:
        rest = rest[match.end() :]
        note = ""
        # Behind "no information" a bracket opens the description ("(1) Trường hợp…"); behind a figure it explains it.
        if rest.startswith("(") and match[0] != NOTHING:
            note, rest = _bracketed(rest)
        fee = read_fee(match[0], note)
        if fee is not None:
            fees.append(fee)
    return Filing(_CHANNELS[channel], read_limit(time, field), tuple(fees), tidy(rest))


def _bracketed(text: str) -> tuple[str, str]:
    """The bracket at the start of the text with its nested brackets, and the rest; an unclosed one takes everything."""
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return text[: index + 1], text[index + 1 :]
    return text, ""


def read_components(text: str) -> tuple[tuple[Component, ...], int | None, bool]:
    """Components, number of sets if stated, and whether the whole text could be read as tables."""
    body = tidy(text)
    sets = _SETS.search(body)
    count = int(sets[1]) if sets else None
    if _COMPONENT_HEAD not in body:
        return (), count, body in ("", "--")
    found: list[Component] = []
    head, *tables = body.split(_COMPONENT_HEAD)
    case, whole = _case(head), True
    for index, table in enumerate(tables):
        rest = table
        for name, originals, copies, after in _rows(table):
            rest = after
            if not _is_remark(name, originals, copies, case):
                found.append(_component(len(found) + 1, name, originals, copies, case))
        last = index == len(tables) - 1
        whole = whole and not (last and rest.strip())
        case = _case(rest)
    return tuple(found), count, whole and bool(found)


def _rows(table: str) -> Iterator[tuple[str, int, int, str]]:
    """Cells of one table: name with form, originals, copies, and the text after the row."""
    start = 0
    for match in _QUANTITY.finditer(table):
        yield table[start : match.start()], int(match[1]), int(match[2] or 0), table[match.end() :]
        start = match.end()


def _case(text: str) -> str:
    text = one_line(text).strip("- :")
    return text if len(text) > 1 else ""


def _is_remark(name: str, originals: int, copies: int, case: str) -> bool:
    """A row that is no paper: the table's authors also typed notes, headings and the number of sets into it."""
    if not name.strip():
        return True
    if originals + copies > 0:
        return False
    note = any(text.lower().lstrip("*-+ ").startswith("lưu ý") for text in (case, name))
    return note or len(name) > _LONGEST_NAME or name.rstrip().endswith(":") or bool(_SETS.search(name))


def _component(no: int, cell: str, originals: int, copies: int, case: str) -> Component:
    name, form = _split_form(one_line(cell))
    name = re.sub(r"^[-+*•\s]+", "", name)
    lower = name.lower()
    kind = ComponentKind.SUBMIT
    if lower.startswith("xuất trình") or "phải xuất trình" in case.lower():
        kind = ComponentKind.PRESENT
    elif "nếu có" in lower or lower.startswith(("trường hợp", "đối với trường hợp")):
        kind = ComponentKind.SUBMIT_IF
    return Component(no, name, kind, originals, copies, form, case)


def _split_form(cell: str) -> tuple[str, str]:
    """Name of the paper and the file name of its form, which stands behind it without a blank."""
    match = _FORM.match(cell)
    if match is None:
        return cell, ""
    stem = cell.rpartition(".")[0]
    places = [found.start() for found in _GLUE.finditer(stem) if len(stem) - found.start() <= 90]
    if not places:
        return cell, ""
    # The form begins at the last glued place from which no blank-separated sentence end follows.
    start = next(
        (place for place in places if re.match(r"(?i)m[aẫâ]u|tk|ct\d|đơn|don|to ?khai|tờ khai|phụ|phu", stem[place:])),
        places[-1],
    )
    return cell[:start].strip(), cell[start:].strip()


def read_results(text: str) -> tuple[Result, ...]:
    """Results with their codes in the national list; the page's own controls behind them are cut off."""
    body = _RESULT_END.split(tidy(text), maxsplit=1)[0]
    results, start = [], 0
    for match in _RESULT_CODE.finditer(body):
        name = one_line(body[start : match.start()])
        if name:
            results.append(Result(name, match[1] or ""))
        start = match.end()
    rest = one_line(body[start:]).strip("- ")
    return (*results, Result(rest)) if rest else tuple(results)


def read_legal_bases(text: str) -> tuple[LegalBasis, ...]:
    """Documents with their numbers; rows whose number cannot be made out stay in the text that is kept beside."""
    body = tidy(text).removeprefix(_LEGAL_HEAD)
    bases: list[LegalBasis] = []
    for match in _LEGAL_CELL.finditer(body):
        name, number = one_line(match["name"]).strip(" ;,-"), match["number"]
        if _ONLY_KIND.fullmatch(name):
            # "Luật 51/2019/QH14" and behind it the number's own cell: one document.
            if bases and bases[-1].number == number:
                continue
            name = f"{name} {number}".strip()
        bases.append(LegalBasis(name, number))
    return tuple(bases)
