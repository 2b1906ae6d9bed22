"""Makes records of the national portal's forms: a row of its list, a full record as a crawl of its pages gives it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from motcua.law.vietnamese import unaccent
from motcua.procedures.content import Confidence, Content, Filing, content_to_data
from motcua.procedures.flattened import read_components, read_filings, read_legal_bases, read_results
from motcua.procedures.reading import one_line, read_code, read_name, split_list, tidy
from motcua.procedures.records import Doubt, ProcedureRecord, Reading, Source

LIST_COLUMNS: Mapping[str, str] = {
    "ma so": "code",
    "ten": "name",
    "co quan ban hanh": "issuer",
    "co quan thuc hien": "agencies",
    "linh vuc": "field",
}
ISSUERS: Mapping[str, str] = {
    "bo-cong-an": "Bộ Công an",
    "bo-nong-nghiep-mt": "Bộ Nông nghiệp và Môi trường",
    "bo-tai-chinh": "Bộ Tài chính",
    "bo-tu-phap": "Bộ Tư pháp",
    "ngan-hang-nha-nuoc": "Ngân hàng Nhà nước Việt Nam",
    "toa-an-nhan-dan": "Tòa án nhân dân",
}
_TEXTS: Mapping[str, str] = {
    "linh_vuc": "field",
    "loai_thu_tuc": "legal_class",
    "co_quan_co_tham_quyen": "authority",
    "co_quan_phoi_hop": "coordinating",
    "dia_chi_tiep_nhan": "receiving_address",
    "so_quyet_dinh": "decision",
    "trinh_tu_thuc_hien": "steps",
    "yeu_cau_dieu_kien": "conditions",
    "detail_url": "source_url",
}
_SPECIAL = (
    "ma_thu_tuc", "ten_thu_tuc", "bo_nganh", "cap_thuc_hien", "doi_tuong_thuc_hien", "co_quan_thuc_hien",
    "thu_tuc_lien_quan", "cach_thuc_thuc_hien", "thanh_phan_ho_so", "ket_qua_xu_ly", "can_cu_phap_ly",
)  # fmt: skip
# Known, and without use here: the portal's own key and a column that is always empty.
_UNUSED = ("formality_id", "co_quan_duoc_uy_quyen")
_KNOWN = frozenset((*_TEXTS, *_SPECIAL, *_UNUSED))
_MOJIBAKE = re.compile(r"[�]|Ã[\x80-\xbf]|á»")


class UnreadableError(ValueError):
    """A row that cannot become a record; `field` names the column, the text the reason."""

    def __init__(self, field: str, reason: str, value: str = "") -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason
        self.value = value


def list_row(cells: Mapping[str, str]) -> Reading:
    """A row of the portal's list with its cells by `LIST_COLUMNS`' values; UnreadableError without code or name."""
    doubts: list[Doubt] = []
    code = _code(cells.get("code", ""), "code", doubts)
    content = Content(
        name=_name(cells.get("name", ""), code, "name"),
        field=one_line(cells.get("field", "")),
        issuer=one_line(cells.get("issuer", "")),
        agencies=tuple(one_line(line) for line in tidy(cells.get("agencies", "")).split("\n") if line.strip()),
    )
    if not content.field:
        doubts.append(Doubt("field", "empty"))
    return Reading(ProcedureRecord(code, content_to_data(content), Source.LIST), tuple(doubts))


def full_record(item: Mapping[str, Any]) -> Reading:
    """A full record; UnreadableError without code or name. What cannot be read is kept raw and named as a doubt."""
    doubts: list[Doubt] = []
    text = _texts(item, doubts)
    code = _code(text("ma_thu_tuc"), "ma_thu_tuc", doubts)
    field = one_line(text("linh_vuc"))
    unclear: list[str] = []
    parts: dict[str, Any] = {part: tidy(text(key)) for key, part in _TEXTS.items()}
    parts |= {
        "name": _name(text("ten_thu_tuc"), code, "ten_thu_tuc"),
        "field": field,
        "decision": one_line(text("so_quyet_dinh")),
    }
    parts |= {
        "issuer": _issuer(text("bo_nganh"), doubts),
        "levels": split_list(text("cap_thuc_hien")),
        "objects": split_list(text("doi_tuong_thuc_hien")),
        "agencies": (agency,) if (agency := one_line(text("co_quan_thuc_hien"))) else (),
        "related": (related,) if (related := one_line(text("thu_tuc_lien_quan"))) else (),
    }
    parts |= _filings(text("cach_thuc_thuc_hien"), field, doubts, unclear)
    parts |= _components(text("thanh_phan_ho_so"), doubts, unclear)
    parts |= _results_and_law(text("ket_qua_xu_ly"), text("can_cu_phap_ly"), doubts, unclear)
    doubts += [
        Doubt(part, "damaged_characters") for part in ("name", "field", "steps") if _MOJIBAKE.search(str(parts[part]))
    ]
    content = Content(**parts, unclear=tuple(unclear))
    return Reading(ProcedureRecord(code, content_to_data(content), Source.FULL), tuple(doubts))


def _texts(item: Mapping[str, Any], doubts: list[Doubt]) -> Callable[[str], str]:
    """Access to the record's values as texts; names unknown keys and values that are no text once."""
    values: dict[str, str] = {}
    for key, value in item.items():
        if key not in _KNOWN:
            doubts.append(Doubt(str(key), "unknown_key"))
        elif value is None:
            continue
        elif isinstance(value, str):
            # PostgreSQL cannot store NUL.
            values[key] = value.replace("\x00", "")
        elif isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            values[key] = "\n".join(value).replace("\x00", "")
        else:
            doubts.append(Doubt(str(key), "not_a_text", str(value)[:80]))
            values[key] = str(value)
    return lambda key: values.get(key, "")


def _code(raw: str, column: str, doubts: list[Doubt]) -> str:
    code = read_code(raw)
    if code is None:
        raise UnreadableError(column, "missing_code" if not tidy(raw) else "bad_code", raw[:60])
    if raw.strip() != code:
        doubts.append(Doubt(column, "code_taken_from_longer_text", raw[:60]))
    return code


def _name(raw: str, code: str, column: str) -> str:
    name = read_name(raw, code)
    if not name:
        raise UnreadableError(column, "missing_name")
    return name


def _issuer(slug: str, doubts: list[Doubt]) -> str:
    slug = one_line(slug)
    if slug and slug not in ISSUERS:
        doubts.append(Doubt("bo_nganh", "unknown_ministry", slug[:60]))
    return ISSUERS.get(slug, slug)


def _filings(raw: str, field: str, doubts: list[Doubt], unclear: list[str]) -> dict[str, Any]:
    filings, unread = read_filings(raw, field)
    if unread:
        doubts.append(Doubt("cach_thuc_thuc_hien", "rows_not_understood", unread[:80]))
        unclear.append("filings")
    for filing in filings:
        doubts += _filing_doubts(filing)
    return {"filings": filings, "filing_text": tidy(raw)}


def _filing_doubts(filing: Filing) -> list[Doubt]:
    found = []
    if filing.limit.raw and filing.limit.text is None:
        found.append(Doubt(f"limit.{filing.channel}", "limit_not_understood", filing.limit.raw[:60]))
    if filing.limit.confidence == Confidence.RESOLVED:
        found.append(Doubt(f"limit.{filing.channel}", "limit_resolved", f"{filing.limit.raw} → {filing.limit.text}"))
    for fee in filing.fees:
        if not fee.understood:
            found.append(Doubt(f"fee.{filing.channel}", "fee_not_understood", f"{fee.raw} {fee.note}".strip()[:80]))
    return found


def _components(raw: str, doubts: list[Doubt], unclear: list[str]) -> dict[str, Any]:
    components, sets, whole = read_components(raw)
    if not whole:
        doubts.append(Doubt("thanh_phan_ho_so", "table_not_understood", one_line(raw)[:80]))
        unclear.append("components")
    forms = tuple(dict.fromkeys(component.form for component in components if component.form))
    return {"components": components, "components_text": tidy(raw), "set_count": sets, "forms": forms}


def _results_and_law(results: str, law: str, doubts: list[Doubt], unclear: list[str]) -> dict[str, Any]:
    bases = read_legal_bases(law)
    if tidy(law) and not bases:
        doubts.append(Doubt("can_cu_phap_ly", "documents_not_understood", one_line(law)[:80]))
        unclear.append("legal_bases")
    return {"results": read_results(results), "legal_bases": bases, "legal_text": tidy(law)}


def column_of(title: str) -> str | None:
    """The part that a column title of the portal's list stands for."""
    return LIST_COLUMNS.get(unaccent(title).strip(" .:*"))
