"""What is wrong with a field, in words; the checks themselves speak in codes. What was sent is never said back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS: Mapping[str, Promise] = {
    "missing": _("Thiếu trường bắt buộc này."),
    "extra_forbidden": _("Không có trường này."),
    "string_type": _("Phải là chuỗi ký tự."),
    "string_unicode": _("Phải là chuỗi Unicode đúng."),
    "string_too_long": _("Dài quá %(max_length)s ký tự."),
    "string_too_short": _("Phải có ít nhất %(min_length)s ký tự."),
    "string_pattern_mismatch": _("Không đúng dạng quy định hoặc có ký tự không được nhận."),
    "too_long": _("Nhiều quá %(max_length)s phần tử."),
    "too_short": _("Phải có ít nhất %(min_length)s phần tử."),
    "enum": _("Phải là một trong: %(expected)s."),
    "literal_error": _("Phải là một trong: %(expected)s."),
    "greater_than_equal": _("Phải từ %(ge)s trở lên."),
    "less_than_equal": _("Phải không quá %(le)s."),
    "mark": _("Dấu trang này không phải do hệ thống đưa ra. Hãy lấy next của trang trước."),
    "moment_range": _("Ngày phải từ năm 1900 đến năm 2199."),
    "reference": _("Hãy ghi số, ký hiệu văn bản, không có dấu cách, ví dụ 12/GM-UBND."),
    "documented": _("Mục đích này cần số văn bản yêu cầu."),
    "one_of": _("Hãy gửi đúng một trong hai: id_number hoặc name."),
    "timezone_aware": _("Thời điểm phải có múi giờ."),
}
_FAMILIES: Mapping[str, Promise] = {
    "int": _("Phải là số nguyên."),
    "bool": _("Phải là true hoặc false."),
    "uuid": _("Phải là UUID."),
    "date": _("Phải là ngày dạng YYYY-MM-DD."),
    "datetime": _("Phải là thời điểm dạng RFC 3339, có múi giờ."),
    "list": _("Phải là danh sách."),
    "model": _("Phải là đối tượng JSON."),
    "dict": _("Phải là đối tượng JSON."),
}
_OTHER = _("Giá trị không đúng quy định.")
_SOURCES: Mapping[str, str] = {"body": "body", "form": "form", "file": "form"}


def said(error: Mapping[str, Any]) -> dict[str, str]:
    """One error of a check: where it is (a JSON pointer in a body, a name elsewhere) and what to do."""
    source, *path = error["loc"]
    words = _WORDS.get(error["type"]) or _FAMILIES.get(str(error["type"]).split("_")[0], _OTHER)
    detail = str(words) % error.get("ctx", {}) if "%(" in str(words) else str(words)
    if source in _SOURCES:
        inner = path[1:] if source == "body" else path  # the body's own name in the program is nobody's business
        return {"in": _SOURCES[source], "pointer": "".join(f"/{_escaped(part)}" for part in inner), "detail": detail}
    return {"in": str(source), "name": ".".join(str(part) for part in path), "detail": detail}


def _escaped(part: object) -> str:
    text = str(part)[:80].encode("utf-8", "replace").decode()  # JSON may hold half of a pair, which no answer may
    return text.replace("~", "~0").replace("/", "~1")
