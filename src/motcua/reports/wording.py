"""The words of the reports: the form's columns as it prescribes them, and the indicators as pages name them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.law.reporting import Column, Ending
from motcua.law.settlement import Class, Source

Words = Promise | str

FORM: Final = "Biểu số II.06a/VPCP/KSTT"
TITLE: Final = "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI CƠ QUAN, ĐƠN VỊ TRỰC TIẾP GIẢI QUYẾT"
UNIT: Final = "Đơn vị tính: Số hồ sơ thủ tục hành chính"
# The form's own words, never translated: group, then the columns under it with their numbers as the form writes them.
GROUPS: Final = (
    (
        "Số lượng hồ sơ tiếp nhận",
        (
            (Column.RECEIVED, "Tổng số", "(3)=(4)+(5)+(6)"),
            (Column.ONLINE, "Trong kỳ: trực tuyến", "(4)"),
            (Column.DIRECT, "Trong kỳ: trực tiếp, dịch vụ bưu chính", "(5)"),
            (Column.CARRIED, "Từ kỳ trước", "(6)"),
        ),
    ),
    (
        "Số lượng hồ sơ đã giải quyết",
        (
            (Column.SETTLED, "Tổng số", "(7)=(8)+(9)+(10)"),
            (Column.EARLY, "Trước hạn", "(8)"),
            (Column.ON_TIME, "Đúng hạn", "(9)"),
            (Column.OVERDUE, "Quá hạn", "(10)"),
        ),
    ),
    (
        "Số lượng hồ sơ đang giải quyết",
        (
            (Column.OPEN, "Tổng số", "(11)=(12)+(13)"),
            (Column.WITHIN, "Trong hạn", "(12)"),
            (Column.OPEN_OVERDUE, "Quá hạn", "(13)"),
        ),
    ),
)
DEMO: Final = "DỮ LIỆU MẪU"

COLUMNS: Final[Mapping[Column, Words]] = MappingProxyType(
    {
        Column.RECEIVED: _("Tiếp nhận"),
        Column.ONLINE: _("Tiếp nhận trực tuyến trong kỳ"),
        Column.DIRECT: _("Tiếp nhận trực tiếp, qua bưu chính trong kỳ"),
        Column.CARRIED: _("Từ kỳ trước chuyển sang"),
        Column.SETTLED: _("Đã giải quyết"),
        Column.EARLY: _("Giải quyết trước hạn"),
        Column.ON_TIME: _("Giải quyết đúng hạn"),
        Column.OVERDUE: _("Giải quyết quá hạn"),
        Column.OPEN: _("Đang giải quyết"),
        Column.WITHIN: _("Đang giải quyết, trong hạn"),
        Column.OPEN_OVERDUE: _("Đang giải quyết, quá hạn"),
    }
)
ENDINGS: Final[Mapping[Ending, Words]] = MappingProxyType(
    {Ending.FINISHED: _("có kết quả"), Ending.WITHDRAWN: _("rút hồ sơ"), Ending.STOPPED: _("dừng giải quyết")}
)
INDICATORS: Final[Mapping[int, Words]] = MappingProxyType(
    {
        1: _("Tổng thời gian giải quyết so với quy định"),
        2: _("Thời gian thực hiện của từng cơ quan, đơn vị tham gia"),
        3: _("Số lần phải liên hệ với nơi tiếp nhận để hoàn thiện hồ sơ"),
        4: _("Số lượng cơ quan, đơn vị phải liên hệ để hoàn thiện hồ sơ"),
        5: _("Tổ chức tiếp nhận, giải quyết, trả kết quả tại Bộ phận Một cửa"),
        6: _("Công khai thủ tục hành chính"),
        7: _("Thái độ của cán bộ, công chức, viên chức"),
        8: _("Tiếp thu, giải trình phản ánh, kiến nghị"),
        9: _("Tiến độ và chất lượng cung cấp dịch vụ công trực tuyến"),
    }
)
SOURCES: Final[Mapping[Source, Words]] = MappingProxyType(
    {
        Source.LOG: _("nhật ký hồ sơ"),
        Source.LOG_AND_CATALOGUE: _("nhật ký hồ sơ và danh mục thủ tục"),
        Source.NOT_RECORDED: _("chưa có nguồn: hệ thống chưa ghi phiếu đánh giá, phản ánh, kiểm tra"),
    }
)
CLASSES: Final[Mapping[Class, Words]] = MappingProxyType(
    {
        Class.EXCELLENT: _("Xuất sắc"),
        Class.GOOD: _("Tốt"),
        Class.FAIR: _("Khá"),
        Class.AVERAGE: _("Trung bình"),
        Class.WEAK: _("Yếu"),
        Class.ALL: _("Hoàn thành 100% nhiệm vụ"),
        Class.MOST: _("Hoàn thành từ 70% đến dưới 100% nhiệm vụ"),
        Class.LESS: _("Hoàn thành dưới 70% nhiệm vụ"),
    }
)


def figure(number: int) -> str:
    """A figure as Vietnamese forms write it: 1.250."""
    return f"{number:,}".replace(",", ".")
