"""What people most often come for, in their own words: each leads to the procedure that the law knows by its code."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Task:
    """One everyday task: icon, words, and the national code of its procedure."""

    code: str
    icon: str
    title: Promise | str
    text: Promise | str


TASKS: tuple[Task, ...] = (
    Task("1.001193", "baby", _("Làm giấy khai sinh"), _("Cho con mới sinh")),
    Task("1.000894", "heart", _("Đăng ký kết hôn"), _("Hai người cùng đến")),
    Task("2.000815", "stamp", _("Chứng thực bản sao"), _("Sao y giấy tờ, bằng cấp")),
    Task("1.004222", "house", _("Đăng ký thường trú"), _("Chuyển hẳn đến nơi ở mới")),
    Task("1.004194", "map-pin", _("Đăng ký tạm trú"), _("Ở trọ, đi làm, đi học xa nhà")),
    Task("1.004873", "file-text", _("Xác nhận tình trạng hôn nhân"), _("Để kết hôn, mua bán nhà đất")),
    Task("1.000656", "hand-heart", _("Đăng ký khai tử"), _("Khi người thân qua đời")),
    Task("2.000635", "files", _("Xin bản sao giấy khai sinh, trích lục"), _("Khi cần thêm bản hoặc bị mất")),
    Task("2.000884", "pencil", _("Chứng thực chữ ký"), _("Giấy ủy quyền, tờ khai, sơ yếu lý lịch")),
    Task("1.001612", "store", _("Mở hộ kinh doanh"), _("Cửa hàng, quán, nghề riêng")),
    Task("1.013978", "trees", _("Làm sổ đỏ lần đầu"), _("Đất và nhà chưa có giấy chứng nhận")),
    Task("1.011607", "users", _("Xét hộ nghèo, cận nghèo"), _("Để được hỗ trợ")),
)
