"""The papers of the one-stop desk as plain data: what each form says (TT 01/2018, TT 03/2025), not how it looks.

Times are Vietnamese wall-clock when naive; aware ones are shown at +07:00. `None` leaves a dotted line to be filled
in by hand. Every field is checked when a form is made (`motcua.papers.checks.FormError`).
`log_statement` is one line about the log's last signed head, printed at the foot of the page.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from motcua.papers.checks import Checked


class Copy(StrEnum):
    """Which copy (liên) of a paper a page is: the receipt is made out in two (form M01, note)."""

    KEPT = "Lưu"
    CUSTOMER = "Giao khách hàng"


@dataclass(frozen=True, kw_only=True)
class FormHead(Checked):
    """What stands above the title: whose paper it is, its number, place and date (Decree 30/2020, Art. 8).

    `desk_name` is in ordinary case ("Trung tâm Phục vụ hành chính công phường …"); the head sets it in capitals.
    M04 is signed by the agency itself and shows `agency` in place of `desk_name`.
    """

    parent_agency: str
    desk_name: str
    agency: str
    place: str
    date: date
    document_number: str | None
    digital_signature: str | None = None


@dataclass(frozen=True, kw_only=True)
class Component(Checked):
    """One paper handed in, with the number of originals, certified copies and plain copies."""

    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0


@dataclass(frozen=True, kw_only=True)
class Receipt(Checked):
    """M01 Giấy tiếp nhận hồ sơ và hẹn trả kết quả (TT 01/2018 Art. 9; TT 03/2025 form 01).

    `legal_limit` in words ("05 ngày làm việc"). `qr_url` is the tracking address with its random token. `fee` in words,
    printed by TT 03/2025 only. `appointed_at` is None for a procedure without a limit; `provisional`: it rests on a
    calendar not yet official ("tạm tính").
    """

    head: FormHead
    dossier_code: str
    owner_name: str
    submitter_name: str | None
    id_number: str | None
    address: str | None
    phone: str | None
    email: str | None
    request_content: str
    components: tuple[Component, ...]
    set_count: int
    legal_limit: str
    received_at: datetime
    appointed_at: datetime | None
    provisional: bool = False
    return_method: str
    stage2_received_at: datetime | None = None
    stage2_appointed_at: datetime | None = None
    fee: str | None = None
    register_book: str | None
    register_serial: str | None
    receiver_name: str | None
    qr_url: str
    log_statement: str | None = None
    demo: bool = False


@dataclass(frozen=True, kw_only=True)
class SupplementRequest(Checked):
    """M02 Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ: all that is missing, asked for once (NĐ 61/2018 Art. 11.2c)."""

    head: FormHead
    dossier_code: str | None
    owner_name: str
    request_content: str
    address: str | None
    phone: str | None
    email: str | None
    items_required: tuple[str, ...] = field(metadata={"at_least": 1})
    reason: str
    contact_name: str
    contact_phone: str
    website: str | None = None
    guide_name: str | None
    qr_url: str | None = None
    log_statement: str | None = None
    demo: bool = False


@dataclass(frozen=True, kw_only=True)
class Refusal(Checked):
    """M03 Phiếu từ chối tiếp nhận giải quyết hồ sơ, with the reasons one by one."""

    head: FormHead
    dossier_code: str | None
    owner_name: str
    address: str | None
    phone: str | None
    email: str | None
    request_content: str
    reasons: tuple[str, ...] = field(metadata={"at_least": 1})
    submitter_name: str | None
    receiver_name: str | None
    qr_url: str | None = None
    log_statement: str | None = None
    demo: bool = False


@dataclass(frozen=True, kw_only=True)
class Apology(Checked):
    """M04 Phiếu xin lỗi và hẹn lại ngày trả kết quả, signed by the head of the handling agency (NĐ 61/2018 Art. 19.9).

    `salutation` is how the letter speaks to the addressee: "Ông", "Bà", "Quý Công ty". `signature_lines` stand above
    the signature, one a line: ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH").
    """

    head: FormHead
    addressee: str
    salutation: str = "Ông (Bà)"
    dossier_code: str
    request_content: str
    received_on: date
    appointed_at: datetime
    reason: str
    new_appointed_at: datetime
    provisional: bool = False
    recipients: tuple[str, ...] = ("Như trên", "Bộ phận Một cửa", "Lưu: VT")
    signature_lines: tuple[str, ...] = field(default=("Thủ trưởng cơ quan, đơn vị",), metadata={"at_least": 1})
    signer_name: str | None
    qr_url: str | None = None
    log_statement: str | None = None
    demo: bool = False


@dataclass(frozen=True, kw_only=True)
class StopNotice(Checked):
    """Form 05 of TT 03/2025, Thông báo dừng giải quyết hồ sơ; TT 01/2018 has none, there it is a plain notice.

    Signed by the head of the agency that settles; `reason` names the ground in law.
    """

    head: FormHead
    addressee: str
    salutation: str = "Ông (Bà)"
    dossier_code: str
    request_content: str
    received_on: date
    stopped_at: datetime
    reason: str
    contact_name: str
    contact_phone: str
    recipients: tuple[str, ...] = ("Như trên", "Bộ phận Một cửa", "Lưu: VT")
    signature_lines: tuple[str, ...] = field(default=("Thủ trưởng cơ quan, đơn vị",), metadata={"at_least": 1})
    signer_name: str | None
    qr_url: str | None = None
    log_statement: str | None = None
    demo: bool = False


class Timeliness(StrEnum):
    """How a step ended against its allowance, in the words of form M05."""

    EARLY = "Trước hạn"
    ON_TIME = "Đúng hạn"
    LATE = "Quá hạn"


@dataclass(frozen=True, kw_only=True)
class Handover(Checked):
    """One hand-over on the control slip; what has not happened yet is None and stays open for the pen."""

    from_unit: str | None = None
    to_unit: str | None = None
    handed_at: datetime | None = None
    giver: str | None = None
    receiver: str | None = None
    timeliness: Timeliness | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class ControlSlip(Checked):
    """M05 Phiếu kiểm soát quá trình giải quyết hồ sơ, one block a hand-over."""

    head: FormHead
    dossier_code: str
    owner_name: str
    request_content: str | None = None
    received_at: datetime
    appointed_at: datetime | None
    provisional: bool = False
    handling_unit: str
    coordinating_units: tuple[str, ...] = ()
    handovers: tuple[Handover, ...] = field(metadata={"at_least": 1})
    register_book: str | None
    register_serial: str | None
    qr_url: str | None = None
    log_statement: str | None = None
    demo: bool = False


@dataclass(frozen=True, kw_only=True)
class RegisterRow(Checked):
    """One dossier in the register: `no` is its serial, which runs on from 1 to the end of the year, across books.

    `page` is the page of its book that it stands on (TT 01/2018 Art. 10.2b, c).
    """

    no: int
    page: int
    dossier_code: str
    procedure_name: str
    set_count: int
    owner_name: str
    address: str | None
    phone: str | None
    lead_agency: str
    received_at: datetime | None
    appointed_at: datetime | None
    provisional: bool = False
    returned_at: datetime | None = None
    return_method: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class RegisterClosing(Checked):
    """The year's end: the book is closed by the head of the desk, who signs and stamps (TT 01/2018 Art. 10.2a).

    `dossier_count` and `book_count` are the whole year's; `closed_by` is who said so in the system.
    """

    closed_on: date
    dossier_count: int
    book_count: int | None = None
    closed_by: str | None = None
    desk_head: str | None


@dataclass(frozen=True, kw_only=True)
class DossierRegister(Checked):
    """M06 Sổ theo dõi hồ sơ (A4 landscape), one book or some pages of it; rows in the order of their serials."""

    head: FormHead
    year: int
    book: str
    rows: tuple[RegisterRow, ...]
    closing: RegisterClosing | None = None
    demo: bool = False


AnyForm = Receipt | SupplementRequest | Refusal | Apology | StopNotice | ControlSlip | DossierRegister
