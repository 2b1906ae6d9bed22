"""Words for why an import rejects a row or warns about a value, and for what stands in internal processes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.law.process import Function, Place, Problem

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


PLACES: Mapping[Place, Promise | str] = {
    Place.RECEIVING: _("Nơi tiếp nhận"),
    Place.COMPETENT: _("Cơ quan giải quyết"),
}
FUNCTIONS: Mapping[Function, Promise | str] = {
    Function.DESK_OFFICER: _("Cán bộ một cửa"),
    Function.CASE_OFFICER: _("Công chức thụ lý"),
    Function.LEADER: _("Lãnh đạo"),
}
PROBLEMS: Mapping[str, Promise | str] = {
    "unknown_start": _("Chưa chọn bước bắt đầu."),
    "duplicate_step": _("Hai bước có cùng mã “%(value)s”. Hãy bỏ một bước."),
    "bad_step_code": _("Bước có mã không dùng được. Hãy bỏ bước này và thêm lại."),
    "negative_allotment": _("Thời gian không được âm (%(value)s phút)."),
    "duplicate_outcome": _("Hai kết quả của bước có cùng mã “%(value)s”. Hãy bỏ một kết quả và thêm lại."),
    "unknown_target": _("Có kết quả chưa dẫn đến đâu. Hãy chọn bước tiếp theo hoặc kết thúc."),
    "unreachable": _("Không hồ sơ nào đến được bước này. Hãy cho một kết quả dẫn đến đây, hoặc bỏ bước."),
    "dead_end": _("Hồ sơ đến đây không ra được. Hãy thêm kết quả dẫn tiếp đến một kết thúc."),
    "empty_name": _("Chưa có tên. Hãy ghi tên quy trình, từng bước và từng kết quả."),
    "long_name": _("Tên dài quá 200 ký tự."),
    "bad_text": _("Tên có ký tự điều khiển hoặc xuống dòng. Hãy gõ lại tên."),
    "bad_code": _("Mã “%(value)s” trống, dài quá 60 ký tự hoặc có ký tự lạ."),
    "missing_key": _("Định nghĩa thiếu phần “%(value)s”."),
    "bad_value": _("Định nghĩa có giá trị không hiểu được: %(value)s."),
}


def place(at: Place) -> str:
    """Where a step is done, in the current language; one without words stands for itself."""
    return str(PLACES.get(at, at.value))


def function(of: Function) -> str:
    """Who does a step, in the current language; one without words stands for itself."""
    return str(FUNCTIONS.get(of, of.value))


def problem(of: Problem) -> str:
    """What is wrong with a process and what to do, in the current language; one without words stands for itself."""
    words = PROBLEMS.get(of.code)
    return str(of) if words is None else str(words) % {"value": of.value}
