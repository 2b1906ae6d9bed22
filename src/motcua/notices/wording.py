"""The words that are shipped for every occasion; an administrator's own take their place."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.law.telling import Occasion
from motcua.notices.texts import Texts

TITLES: Final[Mapping[Occasion, Promise]] = MappingProxyType(
    {
        Occasion.REGISTERED: _("Đã nhận hồ sơ trực tuyến"),
        Occasion.RECEIVED: _("Tiếp nhận, hẹn ngày trả kết quả"),
        Occasion.REFUSED: _("Không tiếp nhận"),
        Occasion.SUPPLEMENT: _("Yêu cầu bổ sung giấy tờ"),
        Occasion.PAYMENT: _("Yêu cầu nộp tiền"),
        Occasion.SUSPENDED: _("Tạm dừng giải quyết"),
        Occasion.RESUMED: _("Tiếp tục giải quyết"),
        Occasion.APPOINTED_AGAIN: _("Xin lỗi và hẹn lại"),
        Occasion.READY: _("Đã có kết quả"),
        Occasion.STOPPED: _("Dừng giải quyết"),
        Occasion.ERROR_CORRECTED: _("Sửa sai sót của cơ quan"),
        Occasion.RELOCATED: _("Chuyển cơ quan giải quyết"),
    }
)
_FOOT = "\n\nXem hồ sơ: {link}\nThư này được gửi tự động, xin không trả lời.\n{desk}"
_FOOT_EN = "\n\nSee your dossier: {link}\nThis message is sent automatically; please do not answer it.\n{desk}"


def _texts(subject: str, body: str, brief: str, subject_en: str, body_en: str, brief_en: str) -> Texts:
    """The shipped words of an occasion; every mail names the dossier and ends with the way to its page."""
    return Texts(
        f"Hồ sơ {{code}}: {subject}",
        f"Kính gửi Ông/Bà,\n\n{body}{_FOOT}",
        f"Hồ sơ {{code}}: {brief}\n{{link}}",
        f"Dossier {{code}}: {subject_en}",
        f"Dear Sir or Madam,\n\n{body_en}{_FOOT_EN}",
        f"Dossier {{code}}: {brief_en}\n{{link}}",
    )


_NAMED = "Hồ sơ {code} về “{procedure}”"
_NAMED_EN = "Your dossier {code} for “{procedure}”"
DEFAULTS: Final[Mapping[Occasion, Texts]] = MappingProxyType(
    {
        Occasion.REGISTERED: _texts(
            "đã nộp trực tuyến",
            f"{_NAMED} đã đến {{desk}}.\nChúng tôi trả lời có tiếp nhận hay không chậm nhất lúc {{due}}.",
            "đã nhận hồ sơ trực tuyến.\nTrả lời chậm nhất {due}.",
            "filed online",
            f"{_NAMED_EN} has come to {{desk}}.\nWe answer whether it is accepted by {{due}}.",
            "filed online.\nWe answer by {due}.",
        ),
        Occasion.RECEIVED: _texts(
            "đã tiếp nhận",
            f"{_NAMED} đã được tiếp nhận.\nHẹn trả kết quả: {{due}}.\nCơ quan giải quyết: {{agency}}.",
            "đã tiếp nhận.\nHẹn trả kết quả {due}.",
            "accepted",
            f"{_NAMED_EN} has been accepted.\nThe result is promised for {{due}}.\nIt is settled by {{agency}}.",
            "accepted.\nResult promised for {due}.",
        ),
        Occasion.REFUSED: _texts(
            "không được tiếp nhận",
            f"{_NAMED} không được tiếp nhận.\nLý do ghi trong phiếu từ chối tại {{desk}}.",
            "không được tiếp nhận. Lý do ghi trong phiếu từ chối.",
            "not accepted",
            f"{_NAMED_EN} was not accepted.\nThe refusal notice with the reason is kept for you at {{desk}}.",
            "not accepted. The reason stands in the refusal notice.",
        ),
        Occasion.SUPPLEMENT: _texts(
            "cần bổ sung giấy tờ",
            f"{_NAMED} còn thiếu giấy tờ.\nPhiếu yêu cầu bổ sung ghi rõ, một lần, những gì cần nộp thêm tại {{desk}}.\n"
            "Thời gian chờ bổ sung không tính vào thời hạn giải quyết.",
            "cần bổ sung giấy tờ, xem phiếu yêu cầu bổ sung.",
            "papers are missing",
            f"{_NAMED_EN} lacks papers.\nThe request lists, once and fully, what is to be brought to {{desk}}.\n"
            "The time until you bring them does not count.",
            "papers are missing, see the request.",
        ),
        Occasion.PAYMENT: _texts(
            "cần nộp tiền",
            f"{_NAMED} cần thực hiện nghĩa vụ tài chính.\nSố tiền và cách nộp: xem thông báo tại {{desk}}.",
            "cần thực hiện nghĩa vụ tài chính.",
            "a payment is due",
            f"{_NAMED_EN} needs a payment.\nAmount and ways to pay stand in the notice at {{desk}}.",
            "a payment is due.",
        ),
        Occasion.SUSPENDED: _texts(
            "tạm dừng giải quyết",
            f"{_NAMED} tạm dừng giải quyết theo quy định của pháp luật.\nChúng tôi báo ngay khi giải quyết tiếp.",
            "tạm dừng giải quyết.",
            "suspended",
            f"{_NAMED_EN} is suspended on a ground in law.\nWe tell you as soon as it goes on.",
            "suspended.",
        ),
        Occasion.RESUMED: _texts(
            "giải quyết tiếp",
            f"{_NAMED} được giải quyết tiếp.\nHẹn trả kết quả: {{due}}.",
            "được giải quyết tiếp.\nHẹn trả kết quả {due}.",
            "goes on",
            f"{_NAMED_EN} goes on.\nThe result is promised for {{due}}.",
            "goes on.\nResult promised for {due}.",
        ),
        Occasion.APPOINTED_AGAIN: _texts(
            "xin lỗi và hẹn lại",
            f"{_NAMED} chưa giải quyết xong đúng hẹn.\n{{agency}} thành thật xin lỗi Ông/Bà.\n"
            "Hẹn lại ngày trả kết quả: {due}.\nLý do ghi trong phiếu xin lỗi.",
            "{agency} xin lỗi vì chưa trả đúng hẹn.\nHẹn lại {due}.",
            "our apology and a new date",
            f"{_NAMED_EN} is not settled by the promised time.\n{{agency}} sincerely apologises.\n"
            "The new promised time is {due}.\nThe reason stands in the letter of apology.",
            "{agency} apologises for the delay.\nNew promised time {due}.",
        ),
        Occasion.READY: _texts(
            "đã có kết quả",
            f"{_NAMED} đã có kết quả.\nMời Ông/Bà nhận tại {{desk}}, hoặc theo cách đã đăng ký.",
            "đã có kết quả, mời nhận tại {desk}.",
            "the result is ready",
            f"{_NAMED_EN} has its result.\nPlease fetch it at {{desk}}, or wait for it in the way you chose.",
            "the result is ready at {desk}.",
        ),
        Occasion.STOPPED: _texts(
            "dừng giải quyết",
            f"{_NAMED} dừng giải quyết.\nLý do ghi trong thông báo tại {{desk}}.",
            "dừng giải quyết. Lý do ghi trong thông báo.",
            "stopped",
            f"{_NAMED_EN} is settled no further.\nThe notice with the reason is kept for you at {{desk}}.",
            "stopped. The reason stands in the notice.",
        ),
        Occasion.ERROR_CORRECTED: _texts(
            "sửa sai sót, xin lỗi",
            "Kết quả của hồ sơ {code} về “{procedure}” có sai sót do cơ quan chúng tôi.\n"
            "{agency} xin lỗi Ông/Bà và đã sửa.\nMời Ông/Bà đổi kết quả tại {desk}, không phải nộp tiền.",
            "kết quả có sai sót đã được sửa, {agency} xin lỗi.\nMời đổi tại {desk}.",
            "our error, corrected",
            f"{_NAMED_EN} came back with an error of ours.\n{{agency}} apologises and has corrected it.\n"
            "Please exchange the result at {desk}, free of charge.",
            "our error in the result is corrected, {agency} apologises.\nPlease exchange it at {desk}.",
        ),
        Occasion.RELOCATED: _texts(
            "chuyển cơ quan giải quyết",
            f"{_NAMED} do {{agency}} tiếp tục giải quyết.\nNgày hẹn trả không đổi và Ông/Bà không phải nộp lại gì.",
            "do {agency} tiếp tục giải quyết, ngày hẹn không đổi.",
            "another agency goes on",
            f"{_NAMED_EN} is now settled by {{agency}}.\nThe promised time stands and nothing is to be filed again.",
            "now settled by {agency}; the promised time stands.",
        ),
    }
)
# Texts cost money: they go out where waiting costs the applicant a way or a right.
SHORT_BY_DEFAULT: Final = frozenset(
    {Occasion.REFUSED, Occasion.SUPPLEMENT, Occasion.PAYMENT, Occasion.APPOINTED_AGAIN, Occasion.READY}
)
