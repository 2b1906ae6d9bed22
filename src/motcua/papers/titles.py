"""What the papers of a dossier are called on pages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.papers.kinds import Kind

# M01 to M05 of TT 01/2018, 01 to 06 of TT 03/2025.
TITLES: Final[Mapping[Kind, Promise | str]] = MappingProxyType(
    {
        Kind.RECEIPT: _("Giấy tiếp nhận và hẹn trả"),
        Kind.SLIP: _("Phiếu kiểm soát"),
        Kind.SUPPLEMENT: _("Phiếu yêu cầu bổ sung"),
        Kind.REFUSAL: _("Phiếu từ chối"),
        Kind.APOLOGY: _("Phiếu xin lỗi và hẹn lại"),
        Kind.STOP: _("Thông báo dừng giải quyết"),
    }
)
