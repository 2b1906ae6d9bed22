"""Why a command was refused, in words a clerk can act on; the law speaks in codes."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from motcua.law.dossier.vocabulary import Refusal, Status
from motcua.law.retention import Outcome

STATUS: Mapping[Status, Promise] = {
    Status.REGISTERED: _l("Mới đăng ký"),
    Status.ACCEPTED: _l("Được tiếp nhận"),
    Status.REFUSED_AT_INTAKE: _l("Không được tiếp nhận"),
    Status.PROCESSING: _l("Đang xử lý"),
    Status.SUPPLEMENT_REQUESTED: _l("Yêu cầu bổ sung giấy tờ"),
    Status.PAYMENT_REQUESTED: _l("Yêu cầu thực hiện nghĩa vụ tài chính"),
    Status.WITHDRAWN: _l("Công dân yêu cầu rút hồ sơ"),
    Status.STOPPED: _l("Dừng xử lý"),
    Status.RESOLVED: _l("Đã xử lý xong"),
    Status.RETURNED: _l("Đã trả kết quả"),
    Status.SUSPENDED: _l("Tạm dừng xử lý"),
}
EVENTS: Mapping[str, Promise] = {
    "registered": _l("Nộp hồ sơ"),
    "received": _l("Tiếp nhận hồ sơ"),
    "accepted": _l("Hồ sơ đủ, tiếp nhận"),
    "refused_at_intake": _l("Từ chối tiếp nhận"),
    "handed_over": _l("Chuyển bước xử lý"),
    "sent_back": _l("Chuyển kết quả về nơi tiếp nhận"),
    "assigned": _l("Giao người xử lý"),
    "paused": _l("Chờ người nộp"),
    "resumed": _l("Giải quyết tiếp"),
    "appointed_again": _l("Xin lỗi và hẹn lại"),
    "recounted": _l("Tính lại ngày hẹn theo lịch mới"),
    "finished": _l("Đã có kết quả"),
    "returned": _l("Đã trả kết quả"),
    "paid": _l("Người nộp đã trả tiền"),
    "consulted": _l("Lấy ý kiến"),
    "consultation_answered": _l("Trả lời ý kiến"),
    "signed": _l("Ký số"),
    "digitised": _l("Số hóa giấy tờ"),
    "annotated": _l("Ghi chú nội bộ"),
    "error_corrected": _l("Cơ quan sửa sai sót của kết quả"),
    "relocated": _l("Chuyển sang cơ quan kế tục"),
    "attempt_refused": _l("Thử hẹn lại lần nữa, bị từ chối"),
    "withdrawn": _l("Người nộp rút hồ sơ"),
    "stopped": _l("Dừng giải quyết"),
    "corrected": _l("Sửa thông tin người nộp"),
    "noted": _l("Ghi nhận của hệ thống khác"),
    "erased": _l("Xóa dữ liệu cá nhân"),
}
OUTCOMES: Mapping[Outcome, Promise] = {
    Outcome.GRANTED: _l("đã giải quyết"),
    Outcome.REFUSED: _l("từ chối giải quyết"),
    Outcome.REFUSED_AT_INTAKE: _l("không tiếp nhận"),
    Outcome.WITHDRAWN: _l("người nộp rút"),
    Outcome.STOPPED: _l("dừng giải quyết"),
}
# What for all that is held about a person is put together. The log of accesses keeps these words and the person reads
# them; free words could name people, and would stand there in the clear.
PURPOSES: Mapping[str, Promise] = {
    "at_desk": _l("Người dân đến quầy hỏi dữ liệu của mình"),
    "in_writing": _l("Người dân gửi văn bản hỏi dữ liệu của mình"),
    "complaint": _l("Giải quyết khiếu nại, phản ánh của người đó"),
}
# The same where a citizen fetches it without asking anybody.
OWN_PURPOSE: Promise = _l("Người dân tự tải dữ liệu của mình")
# Each class of defects (dossiers.defects.Kind): what it is, and how it is put right.
DEFECTS: Mapping[str, tuple[Promise, Promise]] = {
    "late_without_apology": (
        _l("Quá hạn mà chưa xin lỗi kịp thời"),
        _l("Lãnh đạo nơi giải quyết xin lỗi và hẹn lại, chậm nhất một ngày trước ngày hẹn (NĐ 61/2018, Điều 19.9)."),
    ),
    "wrong_return": (
        _l("Trả kết quả sai"),
        _l("Cơ quan có lỗi sửa, chịu chi phí và xin lỗi (NĐ 61/2018, Điều 21)."),
    ),
    "slip_gap": (
        _l("Phiếu kiểm soát còn trống: đã giao mà chưa ai nhận"),
        _l("Người được giao bấm Nhận xử lý, hoặc lãnh đạo giao việc."),
    ),
    "no_scan": (
        _l("Giấy tờ đã nhận mà chưa số hóa"),
        _l("Một cửa quét và lưu ở mục Số hóa giấy tờ của hồ sơ."),
    ),
    "no_result_file": (
        _l("Kết quả chỉ có bản giấy"),
        _l("Lưu bản điện tử của kết quả ở mục Số hóa giấy tờ, kết quả."),
    ),
    "silent_desk": (
        _l("Bộ phận Một cửa không nhập hồ sơ nào"),
        _l("Kiểm tra xem quầy có nhận hồ sơ ngoài hệ thống không."),
    ),
}
FUNCTIONS: Mapping[str, Promise] = {
    "desk_officer": _l("cán bộ một cửa"),
    "case_officer": _l("công chức thụ lý"),
    "leader": _l("lãnh đạo"),
}
_REASONS: Mapping[str, Promise] = {
    "in_the_future": _l("Thời điểm nêu ra còn ở tương lai. Hãy kiểm tra lại ngày giờ."),
    "before_last_event": _l("Thời điểm nêu ra sớm hơn việc gần nhất của hồ sơ. Hãy kiểm tra lại ngày giờ."),
    "already_begun": _l("Hồ sơ này đã được ghi nhận rồi."),
    "not_begun": _l("Hồ sơ này chưa được ghi nhận."),
    "not_in_this_status": _l("Hồ sơ đang ở trạng thái “%(status)s” nên không làm được việc này."),
    "not_your_desk": _l("Chỉ cán bộ một cửa của nơi tiếp nhận mới được tiếp nhận hồ sơ."),
    "not_your_function": _l("Việc này thuộc về %(function)s của cơ quan đang giữ hồ sơ."),
    "not_your_agency": _l("Hồ sơ đang ở cơ quan khác."),
    "held_by_another": _l("Bước này đã giao cho người khác."),
    "only_by_import": _l("Việc này chỉ dùng khi nhập nhật ký từ hệ thống khác."),
    "step_unknown": _l("Quy trình không có bước mà hồ sơ đang đứng. Hãy báo người quản trị."),
    "no_sets": _l("Số bộ hồ sơ phải từ 1 trở lên."),
    "negative_count": _l("Số lượng giấy tờ không được âm."),
    "negative_fee": _l("Số tiền không được âm."),
    "no_process": _l("Thủ tục chưa có quy trình nội bộ được công bố. Hãy báo người quản trị."),
    "due_is_computed": _l("Ngày hẹn trả do hệ thống tính, không nhập tay."),
    "calendar_edge": _l("Lịch làm việc chưa có đến ngày hẹn trả. Hãy báo người quản trị bổ sung lịch."),
    "unknown_outcome": _l("Bước này không có kết quả đã chọn. Hãy tải lại trang."),
    "refusal_needs_reason": _l("Từ chối giải quyết phải ghi rõ lý do."),
    "already_assigned": _l("Bước này đã giao cho chính người đó."),
    "only_leader_assigns": _l("Chỉ lãnh đạo mới được giao việc cho người khác."),
    "supplement_asked_once": _l("Chỉ được yêu cầu bổ sung một lần, đầy đủ; hồ sơ này đã được yêu cầu."),
    "payment_needs_amount": _l("Hãy ghi số tiền phải nộp."),
    "appointed_again_once": _l("Chỉ được hẹn lại một lần; hồ sơ này đã được hẹn lại."),
    "no_limit": _l("Thủ tục này không có thời hạn nên không có gì để hẹn lại."),
    "new_time_must_be_later": _l("Ngày hẹn mới phải sau ngày hẹn hiện tại và sau lúc này."),
    "not_office_hours": _l("Ngày hẹn mới phải nằm trong giờ làm việc."),
    "nothing_changes": _l("Không có gì thay đổi."),
    "ground_needs_citation": _l(
        "Hãy nêu đúng điều khoản cho phép, ví dụ khoản 2 Điều 19 Nghị định 61/2018/NĐ-CP; không ghi gì khác."
    ),
    "suspended_by_leader": _l("Tạm dừng không do người nộp là việc của lãnh đạo cơ quan giải quyết."),
    "result_on_its_way": _l("Cơ quan giải quyết đã xong phần mình; chờ Bộ phận Một cửa xác nhận đã nhận kết quả."),
    "no_result_yet": _l("Chưa có kết quả nào được chuyển về quầy."),
    "not_at_this_step": _l("Bước “%(step)s” không có việc này."),
    "number_needs_letters_and_digits": _l(
        "Số biên lai hoặc vận đơn chỉ gồm chữ in hoa và chữ số, ví dụ EV123456789VN."
    ),
    "ask_one_body": _l("Hãy chọn một cơ quan trong danh sách, hoặc ghi tên một cơ quan khác; không cả hai."),
    "unknown_agency": _l("Không có cơ quan này. Hãy chọn lại trong danh sách."),
    "own_agency_asked": _l("Không lấy ý kiến của chính cơ quan đang giải quyết."),
    "answer_time_is_over": _l("Thời hạn trả lời phải sau lúc này."),
    "answer_after_the_dossier": _l("Thời hạn trả lời phải trong thời hạn của hồ sơ (%(due_at)s)."),
    "nobody_was_asked": _l("Không có lần lấy ý kiến nào còn chờ trả lời."),
    "no_such_consultation": _l("Lần lấy ý kiến số %(number)s không còn chờ trả lời."),
    "no_such_paper": _l("Hồ sơ không có giấy tờ số %(number)s."),
    "not_at_that_agency": _l("Hồ sơ không do cơ quan đó tiếp nhận hay giải quyết."),
    "not_the_successor": _l("Chỉ lãnh đạo của cơ quan kế tục mới chuyển hồ sơ về cơ quan mình."),
    "order_needs_number": _l("Hãy ghi đúng số, ký hiệu của văn bản, ví dụ 12/QĐ-UBND; không ghi tên người."),
    "already_erased": _l("Dữ liệu cá nhân của hồ sơ này đã xóa theo %(order)s."),
    "held": _l("Dữ liệu đang được giữ theo %(order)s. Bỏ lệnh giữ trước khi xóa."),
    "still_kept": _l("Hồ sơ còn phải lưu đến %(until)s."),
    "kept_without_end": _l("Chưa có thời hạn lưu giữ nào cho phép xóa hồ sơ này."),
    "hold_lifted": _l("Lệnh giữ này đã được bỏ."),
    "hold_ends_before": _l("Ngày hết hiệu lực phải từ ngày bắt đầu trở đi."),
    "clock_behind": _l(
        "Đồng hồ của máy chủ chậm hơn lần ghi gần nhất của hồ sơ này quá 5 phút nên chưa ghi được. "
        "Hãy báo người quản trị chỉnh giờ máy chủ, rồi gửi lại."
    ),
    "changed_since": _l("Hồ sơ vừa có thay đổi khác. Hãy xem lại rồi làm tiếp."),
    "command_id_reused": _l("Mẫu này đã được gửi cho việc khác. Hãy tải lại trang."),
    "reason_missing": _l("Hãy ghi rõ lý do."),
}


class Refused(Exception):  # noqa: N818 - the law's answer, not a fault of the program
    """A command was refused; `refusal` has code, article and values, `message` the words in the active language."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal

    @property
    def message(self) -> str:
        """The reason in words, with the article where there is one."""
        text = reason(self.refusal)
        return f"{text} ({self.refusal.article})" if self.refusal.article else text


def reason(refusal: Refusal) -> str:
    """The reason in the active language; an unknown code is shown as it is rather than hidden."""
    sentence = _REASONS.get(refusal.code)
    if sentence is None:
        return _("Không thực hiện được: %(code)s") % {"code": refusal.code}
    values = dict(refusal.params)
    if "status" in values:
        values["status"] = str(STATUS[Status(int(values["status"]))])
    if "function" in values:
        values["function"] = str(FUNCTIONS[values["function"]])
    return str(sentence) % values
