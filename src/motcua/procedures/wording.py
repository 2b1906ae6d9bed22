"""Words for the reasons by which an import rejects a row or warns about a value."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: Mapping[str, Promise | str] = {
    "bad_code": _("không có đúng một mã số dạng 1.001193"),
    "broken_archive": _("tệp nén hỏng từ đây; các dòng trước đã được nhập"),
    "broken_spreadsheet": _("không mở được bảng tính"),
    "code_already_on_row": _("mã số đã có ở dòng trước"),
    "code_taken_from_longer_text": _("mã số lấy từ một ô có thêm chữ"),
    "code_was_a_number": _("bảng tính ghi mã số như một số, các số 0 cuối được thêm lại"),
    "damaged_characters": _("chữ bị lỗi mã hóa"),
    "documents_not_understood": _("không tách được văn bản pháp lý, giữ nguyên văn"),
    "empty": _("ô trống"),
    "fee_not_understood": _("không hiểu mức phí, giữ nguyên văn"),
    "limit_not_understood": _("không hiểu thời hạn, giữ nguyên văn"),
    "limit_resolved": _("thời hạn thiếu đơn vị, hiểu theo lĩnh vực hộ tịch"),
    "missing_code": _("thiếu mã số"),
    "missing_name": _("thiếu tên thủ tục"),
    "no_column_titles": _("không tìm thấy dòng tiêu đề có cột Mã số và Tên"),
    "not_a_text": _("giá trị không phải là chữ, giữ như một chuỗi"),
    "not_an_object": _("dòng không phải là một đối tượng JSON"),
    "not_json": _("dòng không phải JSON"),
    "not_utf8": _("dòng không phải UTF-8"),
    "rows_not_understood": _("không tách được các dòng cách thức thực hiện, giữ nguyên văn"),
    "table_not_understood": _("không tách được thành phần hồ sơ, giữ nguyên văn"),
    "unknown_key": _("trường không biết, bỏ qua"),
    "unknown_ministry": _("mã bộ ngành không biết, giữ nguyên"),
}


def reason(code: str) -> str:
    """The reason in the current language; a code without words stands for itself."""
    return str(REASONS.get(code, code))
