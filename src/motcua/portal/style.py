"""A page that shows every component with long Vietnamese names, for those who build pages; only with MOTCUA_DEBUG."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.agencies.policies import public
from motcua.ui.icons import ICONS
from motcua.ui.templatetags.motcua_ui import TimelineEntry

LONG_NAME = "Nguyễn Hoàng Bảo Trân Công Tằng Tôn Nữ Thị Phương Nghiêm Uyên"
LONG_UNIT = "Trung tâm Phục vụ hành chính công phường Đông Hòa Hiệp Thạnh Bình An, tỉnh Thử Nghiệm"
LONG_TASK = (
    "Đăng ký đất đai, tài sản gắn liền với đất, cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền "
    "với đất lần đầu đối với hộ gia đình, cá nhân"
)
TONES = (
    ("early", "Trước hạn"),
    ("on-time", "Đúng hạn"),
    ("soon", "Sắp đến hạn"),
    ("late", "Quá hạn"),
    ("none", "Dừng"),
)
MINUTES = (2880, 1440, 481, 480, 120, 40, 0, -5, -490, None)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the sample list."""

    minutes: int | None
    due: datetime
    procedure: str
    applicant: str
    step: str
    code: str


@dataclass(frozen=True, slots=True)
class NavItem:
    """A line of the sample sidebar."""

    url: str
    icon: str
    label: str
    current: bool = False
    count: int | None = None


class SampleForm(forms.Form):
    """Every kind of field."""

    name = forms.CharField(label="Họ và tên", help_text="Viết như trên thẻ căn cước.")
    number = forms.CharField(label="Số định danh", max_length=12)
    birth = forms.DateField(label="Ngày sinh", help_text="Ví dụ 25/11/2026", input_formats=["%d/%m/%Y"])
    fee = forms.IntegerField(label="Lệ phí", required=False)
    field_of = forms.ChoiceField(label="Lĩnh vực", choices=[("1", "Hộ tịch"), ("2", "Đất đai")])
    way = forms.ChoiceField(
        label="Nhận kết quả", choices=[("desk", "Tại quầy"), ("post", "Qua bưu điện")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    sure = forms.BooleanField(label="Đã đối chiếu với bản chính")


@public
@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """The components; `?look=office` in the frame that staff see."""
    if not settings.DEBUG:
        raise Http404("only with MOTCUA_DEBUG")
    look = "office" if request.GET.get("look") == "office" else "portal"
    return render(request, "portal/style.html", {"frame": f"ui/base_{look}.html", **_samples()})


def _samples() -> dict[str, object]:
    due = datetime(2026, 11, 25, 16, 30)  # noqa: DTZ001 - local time, as on paper
    texts = ("Chứng thực bản sao", LONG_TASK, "Đăng ký tạm trú")
    return {
        "icons": sorted(ICONS),
        "tones": TONES,
        "minutes": MINUTES,
        "due": due,
        "form": SampleForm({"name": LONG_NAME, "number": "", "birth": "31/02/2026", "fee": "abc", "way": ""}),
        "rows": [
            Row(minutes, due, texts[no % 3], LONG_NAME, f"bước {no % 3 + 1}/3", f"H55.24-261122-{no + 1:04}")
            for no, minutes in enumerate(MINUTES)
        ],
        "story": [
            TimelineEntry("Tiếp nhận hồ sơ", due.replace(hour=8), f"{LONG_NAME}, {LONG_UNIT}", "Giao ngay"),
            TimelineEntry(
                "Thẩm định", due.replace(hour=10), LONG_NAME, "Giữ 1 ngày, được giao 4 giờ", "late", "Quá hạn"
            ),
            TimelineEntry("Ký kết quả", None, LONG_NAME, state="open"),
            TimelineEntry("Trả kết quả", state="future"),
        ],
        "pairs": [("Người nộp", LONG_NAME), ("Nơi tiếp nhận", LONG_UNIT), ("Mã hồ sơ", "H55.24-261122-0007")],
        "long_unit": LONG_UNIT,
        "office_nav": [
            NavItem("#", "inbox", "Hộp", True, 12),
            NavItem("#", "landmark", "Quầy"),
            NavItem("#", "file-text", "Giấy"),
            NavItem("#", "map", "Bản đồ"),
            NavItem("#", "chart-column", "Chỉ số", False, 1250),
        ],
        "office_user": {"name": LONG_NAME, "agency": LONG_UNIT, "title": "Công chức tư pháp - hộ tịch"},
    }
