"""What was found in a signed PDF: each signature, and the first thing that is wrong with it, in words. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Fault(StrEnum):
    """Why a signed PDF is not taken, the graver before the lighter."""

    BROKEN = "broken"
    UNSIGNED = "unsigned"
    CHANGED = "changed"
    PARTIAL = "partial"
    WEAK = "weak"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    USAGE = "usage"


# What is wrong, and what to do.
MESSAGES: Final[Mapping[Fault, Promise]] = MappingProxyType(
    {
        Fault.BROKEN: _("Không đọc được chữ ký trong tệp PDF này. Hãy tải lại tệp từ nơi đã ký, không in rồi quét."),
        Fault.UNSIGNED: _("Tệp PDF này chưa có chữ ký số. Hãy ký số rồi tải lên lại."),
        Fault.CHANGED: _("Tệp đã bị sửa sau khi ký nên chữ ký không còn giá trị. Hãy xin lại bản gốc đã ký."),
        Fault.PARTIAL: _("Chữ ký không bao gồm toàn bộ tệp: có phần được thêm sau khi ký. Hãy xin lại bản gốc đã ký."),
        Fault.WEAK: _("Chữ ký dùng thuật toán không còn an toàn. Hãy ký lại bằng phần mềm ký số mới."),
        Fault.REVOKED: _("Chứng thư số của người ký đã bị thu hồi. Hãy ký lại bằng chứng thư còn hiệu lực."),
        Fault.UNKNOWN: _(
            "Chứng thư số do nơi cấp mà hệ thống không biết. Hãy ký bằng chứng thư của nhà cung cấp được phép, "
            "hoặc báo người quản trị."
        ),
        Fault.EXPIRED: _("Chứng thư số của người ký đã hết hạn. Hãy gia hạn rồi ký lại."),
        Fault.NOT_YET: _("Chứng thư số của người ký chưa đến ngày có hiệu lực. Hãy ký lại từ ngày đó."),
        Fault.USAGE: _("Chứng thư số này không dùng để ký văn bản. Hãy ký bằng chứng thư ký số."),
    }
)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature as it stands in a file.

    `signed_at` is proven by a timestamp when `timestamped`, else it is what the signer's machine said. `fault` is the
    gravest thing wrong with it, None when it holds; `level` its PAdES level (B-B, B-T, B-LT, B-LTA).
    """

    signer: str
    organisation: str
    issuer: str
    fingerprint: str
    valid_from: datetime
    valid_to: datetime
    signed_at: datetime | None
    timestamped: bool
    whole: bool
    test: bool
    level: str
    fault: Fault | None

    @property
    def message(self) -> str:
        """What is wrong and what to do; empty when it holds."""
        return str(MESSAGES[self.fault]) if self.fault else ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a PDF's signatures come to: none of them may be wrong."""

    signatures: tuple[Signature, ...] = ()
    fault: Fault | None = None

    @property
    def holds(self) -> bool:
        """Whether there is a signature and all of them hold."""
        return self.fault is None

    @property
    def message(self) -> str:
        """What is wrong first and what to do; empty when all holds."""
        return str(MESSAGES[self.fault]) if self.fault else ""

    @property
    def changed(self) -> bool:
        """Whether the file is not what was signed."""
        return self.fault in (Fault.BROKEN, Fault.CHANGED, Fault.PARTIAL)


def of_signatures(signatures: tuple[Signature, ...]) -> Report:
    """The report of these signatures; the gravest fault is the file's."""
    found = {each.fault for each in signatures} - {None}
    order = list(Fault)
    fault = min((each for each in found if each), key=order.index, default=None)
    return Report(signatures, fault if signatures else Fault.UNSIGNED)


def to_text(report: Report) -> str:
    """A report as JSON, for the way from one process to another."""
    return json.dumps(asdict(report), default=datetime.isoformat)


def of_text(text: str) -> Report:
    """The reverse of `to_text`; raises ValueError, KeyError, TypeError for anything else."""
    data: dict[str, Any] = json.loads(text)
    signatures = tuple(_signature(each) for each in data["signatures"])
    return Report(signatures, Fault(data["fault"]) if data["fault"] else None)


def _signature(data: dict[str, Any]) -> Signature:
    moments = {
        name: datetime.fromisoformat(data[name]) if data[name] else None
        for name in ("valid_from", "valid_to", "signed_at")
    }
    return Signature(**{**data, **moments, "fault": Fault(data["fault"]) if data["fault"] else None})
