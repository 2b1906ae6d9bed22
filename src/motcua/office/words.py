"""The law's codes in a clerk's words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.law.dossier.vocabulary import Channel, Ground, PaidBy, ReturnMethod, SignedBy, Status
from motcua.persons.identity import ApplicantKind, IdKind, Sex

Words = Promise | str

CHANNELS: Mapping[Channel, Words] = {
    Channel.DIRECT: _("Trực tiếp tại quầy"),
    Channel.POST: _("Bưu chính công ích"),
    Channel.ONLINE: _("Trực tuyến"),
}
RETURNS: Mapping[ReturnMethod, Words] = {
    ReturnMethod.DESK: _("Tại quầy"),
    ReturnMethod.POST: _("Qua bưu chính"),
    ReturnMethod.ONLINE: _("Trực tuyến"),
}
PAID_BY: Mapping[PaidBy, Words] = {
    PaidBy.CASH: _("Tiền mặt"),
    PaidBy.TRANSFER: _("Chuyển khoản"),
    PaidBy.ONLINE: _("Trực tuyến"),
}
SIGN_WITH: Mapping[SignedBy, Words] = {
    SignedBy.PERSON: _("Chứng thư của tôi"),
    SignedBy.SEAL: _("Con dấu số của cơ quan"),
}
SIGNED_BY: Mapping[SignedBy, Words] = {
    SignedBy.PERSON: _("Người có thẩm quyền"),
    SignedBy.SEAL: _("Cơ quan (con dấu số)"),
}
SIGNED: Mapping[str, Words] = {
    SignedBy.PERSON: _("Ký số của người có thẩm quyền"),
    SignedBy.SEAL: _("Ký số của cơ quan"),
}
KINDS: Mapping[ApplicantKind, Words] = {
    ApplicantKind.CITIZEN: _("Công dân"),
    ApplicantKind.ENTERPRISE: _("Doanh nghiệp, tổ chức"),
    ApplicantKind.HOUSEHOLD_BUSINESS: _("Hộ kinh doanh"),
}
ID_KINDS: Mapping[IdKind, Words] = {
    IdKind.CCCD: _("Căn cước"),
    IdKind.CMND: _("Chứng minh nhân dân"),
    IdKind.PASSPORT: _("Hộ chiếu"),
    IdKind.TAX_CODE: _("Mã số thuế"),
}
SEXES: Mapping[Sex, Words] = {Sex.MALE: _("Nam"), Sex.FEMALE: _("Nữ")}
GROUNDS: Mapping[str, Words] = {
    Ground.OFFLINE_COUNTER: _("quầy làm việc khi mất kết nối"),
    Ground.POST_SLIP: _("phiếu gửi bưu chính"),
    Ground.PAPER_REGISTER: _("sổ giấy"),
    Ground.IMPORTED_LOG: _("nhật ký của hệ thống khác"),
    Ground.DEMONSTRATION: _("dữ liệu mẫu"),
}
TIMELINESS: Mapping[str, tuple[str, Words]] = {
    "early": ("early", _("trước hạn")),
    "on_time": ("on-time", _("đúng hạn")),
    "overdue": ("late", _("quá hạn")),
}
# A status says where a dossier is, not how it stands in time: only waiting and ends that hurt have a colour.
STATUS_TONES: Mapping[Status, str] = dict.fromkeys(Status, "none") | {
    Status.SUPPLEMENT_REQUESTED: "soon",
    Status.PAYMENT_REQUESTED: "soon",
    Status.SUSPENDED: "soon",
    Status.REFUSED_AT_INTAKE: "late",
    Status.STOPPED: "late",
}
