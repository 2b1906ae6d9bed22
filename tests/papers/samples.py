"""Plainly invented forms for the tests of the papers room: one ordinary and one overlong of each kind."""

from dataclasses import replace
from datetime import date, datetime

from motcua.papers import forms as f

HEAD = f.FormHead(
    parent_agency="Ủy ban nhân dân phường Tân An",
    desk_name="Trung tâm Phục vụ hành chính công phường Tân An",
    agency="Ủy ban nhân dân phường Tân An",
    place="Tân An",
    date=date(2026, 11, 18),
    document_number="07/TTPVHCC",
)
LONG_HEAD = f.FormHead(
    parent_agency="Ủy ban nhân dân thành phố trực thuộc Trung ương Thử Nghiệm Dài",
    desk_name="Trung tâm Phục vụ hành chính công phường Tân Thạnh Đông Hưng Thuận",
    agency="Ủy ban nhân dân phường Tân Thạnh Đông Hưng Thuận Thới Tam Thôn Hạ",
    place="Tân Thạnh Đông Hưng Thuận",
    date=date(2026, 2, 5),
    document_number="1234567/2026/TTPVHCC-BPTNTKQ",
)
CODE = "H55.24-261118-0007"
LONG_CODE = "000.00.19.H15-210315-0003"
URL = "https://motcua.tanan.example.vn/t/Zk3v9QmXw2Lr7Tn5Yb8cDg"
LOG = (
    "Nhật ký hồ sơ: vị trí 1.234.567, mã gốc 4f2a9c1be3d05a77 (10:00 18/11/2026). "
    "Đối chiếu: motcua.tanan.example.vn/nhat-ky"
)
LONG_NAME = "Nguyễn Phước Quý Thị Tôn Nữ Hoàng Ngọc Bảo Châu Thùy Dương A"  # 60 characters
LONG_PROCEDURE = (
    "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong các trường hợp chuyển nhượng, "
    "thừa kế, tặng"
)
ADDRESS = "Số 12, đường Hoa Sen, khu phố 3, phường Tân An, tỉnh Mẫu"
LONG_ADDRESS = (
    "Căn hộ 1208, tòa nhà B2, khu chung cư Thử Nghiệm, đường Nguyễn Thị Minh Khai nối dài, phường Tân Thạnh Đông"
)
LONG_EMAIL = "nguyenphuocquythitonnuhoangngocbaochauthuyduong.vanphong@congtytrachnhiemhuuhan.example.vn"

RECEIPT = f.Receipt(
    head=HEAD,
    dossier_code=CODE,
    owner_name="Nguyễn Thị Mẫu",
    submitter_name=None,
    id_number="079190000001",
    address=ADDRESS,
    phone="0901234567",
    email="mau.nguyen@example.vn",
    request_content="Đăng ký khai sinh",
    components=(
        f.Component(name="Tờ khai đăng ký khai sinh theo mẫu", originals=1),
        f.Component(name="Giấy chứng sinh do cơ sở y tế cấp", originals=1),
        f.Component(name="Giấy chứng nhận kết hôn của cha, mẹ", certified=1, copies=2),
    ),
    set_count=1,
    legal_limit="05 ngày làm việc",
    received_at=datetime(2026, 11, 18, 8, 5),
    appointed_at=datetime(2026, 11, 25, 16, 30),
    return_method="Bộ phận Một cửa phường Tân An",
    fee="8.000 đ (đã thu)",
    register_book="02",
    register_serial="153",
    receiver_name="Trần Văn Thử",
    qr_url=URL,
    log_statement=LOG,
)
LONG_RECEIPT = replace(
    RECEIPT,
    head=LONG_HEAD,
    dossier_code=LONG_CODE,
    owner_name=LONG_NAME,
    submitter_name="Lê" + LONG_NAME[6:],
    address=LONG_ADDRESS,
    email=LONG_EMAIL,
    request_content=LONG_PROCEDURE,
    components=tuple(
        f.Component(
            name=f"Giấy tờ thứ {n}: bản vẽ, hợp đồng hoặc văn bản về việc {LONG_PROCEDURE[:60].lower()}",
            originals=1,
            certified=n % 3,
            copies=n,
        )
        for n in range(1, 16)
    ),
    provisional=True,
    stage2_received_at=datetime(2026, 12, 1, 7, 30),
    stage2_appointed_at=datetime(2026, 12, 31, 17, 0),
    return_method="Tại nhà, qua dịch vụ bưu chính công ích: " + LONG_ADDRESS,
    demo=True,
)
SUPPLEMENT = f.SupplementRequest(
    head=HEAD,
    dossier_code=CODE,
    owner_name="Nguyễn Thị Mẫu",
    request_content="Đăng ký khai sinh",
    address=ADDRESS,
    phone="0901234567",
    email=None,
    items_required=(
        "Giấy chứng sinh do cơ sở y tế cấp (bản chính)",
        "Giấy chứng nhận kết hôn của cha, mẹ (bản sao có chứng thực)",
    ),
    reason="Hồ sơ chưa đủ giấy tờ theo quy định của thủ tục.",
    contact_name="Trần Văn Thử",
    contact_phone="02723 123 456",
    website="https://motcua.tanan.example.vn",
    guide_name="Trần Văn Thử",
    qr_url=URL,
    log_statement=LOG,
)
LONG_SUPPLEMENT = replace(
    SUPPLEMENT,
    head=LONG_HEAD,
    dossier_code=LONG_CODE,
    owner_name=LONG_NAME,
    request_content=LONG_PROCEDURE,
    email=LONG_EMAIL,
    items_required=tuple(f"Giấy tờ thứ {n} về việc {LONG_PROCEDURE.lower()}" for n in range(1, 16)),
    contact_name=LONG_NAME,
    guide_name=LONG_NAME,
    demo=True,
)
REFUSAL = f.Refusal(
    head=HEAD,
    dossier_code=None,
    owner_name="Nguyễn Thị Mẫu",
    address=ADDRESS,
    phone="0901234567",
    email=None,
    request_content="Cấp bản sao trích lục hộ tịch",
    reasons=("Việc này không thuộc thẩm quyền giải quyết của phường Tân An.", "Sổ hộ tịch gốc được lưu tại tỉnh khác."),
    submitter_name="Nguyễn Thị Mẫu",
    receiver_name="Trần Văn Thử",
)
LONG_REFUSAL = replace(
    REFUSAL,
    head=LONG_HEAD,
    dossier_code=LONG_CODE,
    owner_name=LONG_NAME,
    request_content=LONG_PROCEDURE,
    reasons=tuple(f"Lý do thứ {n}: {LONG_PROCEDURE.lower()}" for n in range(1, 16)),
    submitter_name=LONG_NAME,
    receiver_name=LONG_NAME,
    qr_url=URL,
    log_statement=LOG,
    demo=True,
)
APOLOGY = f.Apology(
    head=replace(HEAD, parent_agency="Ủy ban nhân dân tỉnh Mẫu", document_number="03/PXL-UBND"),
    addressee="Bà Nguyễn Thị Mẫu",
    salutation="Bà",
    dossier_code=CODE,
    request_content="Đăng ký khai sinh",
    received_on=date(2026, 11, 18),
    appointed_at=datetime(2026, 11, 25, 16, 30),
    reason="cần xác minh thêm tại nơi cư trú trước đây của cha, mẹ.",
    new_appointed_at=datetime(2026, 12, 2, 16, 30),
    signature_lines=("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"),
    signer_name="Lê Thị Ví Dụ",
    qr_url=URL,
    log_statement=LOG,
)
LONG_APOLOGY = replace(
    APOLOGY,
    head=LONG_HEAD,
    addressee=LONG_NAME,
    salutation="Ông (Bà)",
    dossier_code=LONG_CODE,
    request_content=LONG_PROCEDURE,
    reason="; ".join([LONG_PROCEDURE.lower()] * 8) + ".",
    provisional=True,
    recipients=(
        "Như trên",
        *(f"Phòng chuyên môn thứ {n} phường Tân Thạnh Đông Hưng Thuận" for n in range(1, 6)),
        "Lưu: VT",
    ),
    signer_name=LONG_NAME,
    demo=True,
)
STOP = f.StopNotice(
    head=replace(HEAD, parent_agency="Ủy ban nhân dân tỉnh Mẫu", document_number="05/TB-UBND"),
    addressee="Bà Nguyễn Thị Mẫu",
    salutation="Bà",
    dossier_code=CODE,
    request_content="Đăng ký khai sinh",
    received_on=date(2026, 11, 18),
    stopped_at=datetime(2026, 11, 23, 9, 15),
    reason="việc khai sinh của trẻ đã được đăng ký tại phường khác ngày 20/11/2026.",
    contact_name="Trung tâm Phục vụ hành chính công phường Tân An",
    contact_phone="02723 123 456",
    signature_lines=("TM. Ủy ban nhân dân", "Chủ tịch"),
    signer_name="Lê Thị Ví Dụ",
    qr_url=URL,
    log_statement=LOG,
)
LONG_STOP = replace(
    STOP,
    head=LONG_HEAD,
    addressee=LONG_NAME,
    salutation="Ông (Bà)",
    dossier_code=LONG_CODE,
    request_content=LONG_PROCEDURE,
    reason="; ".join([LONG_PROCEDURE.lower()] * 18) + ".",
    contact_name=LONG_HEAD.desk_name,
    signer_name=LONG_NAME,
    demo=True,
)
CONTROL_SLIP = f.ControlSlip(
    head=HEAD,
    dossier_code=CODE,
    owner_name="Nguyễn Thị Mẫu",
    request_content="Đăng ký khai sinh",
    received_at=datetime(2026, 11, 18, 8, 5),
    appointed_at=datetime(2026, 11, 25, 16, 30),
    handling_unit="Phòng Văn hóa - Xã hội phường Tân An",
    coordinating_units=("Công an phường Tân An",),
    handovers=(
        f.Handover(
            from_unit="Bộ phận Một cửa",
            to_unit="Phòng Văn hóa - Xã hội",
            handed_at=datetime(2026, 11, 18, 9, 0),
            giver="Trần Văn Thử",
            receiver="Phạm Thị Giả Định",
            timeliness=f.Timeliness.ON_TIME,
        ),
        f.Handover(
            from_unit="Phòng Văn hóa - Xã hội",
            to_unit="Lãnh đạo Ủy ban nhân dân phường",
            handed_at=datetime(2026, 11, 20, 14, 15),
            giver="Phạm Thị Giả Định",
            receiver="Lê Thị Ví Dụ",
            timeliness=f.Timeliness.EARLY,
            note="Đã xác minh",
        ),
        f.Handover(),
    ),
    register_book="02",
    register_serial="153",
    qr_url=URL,
    log_statement=LOG,
)
LONG_CONTROL_SLIP = replace(
    CONTROL_SLIP,
    head=LONG_HEAD,
    dossier_code=LONG_CODE,
    owner_name=LONG_NAME,
    request_content=LONG_PROCEDURE,
    handling_unit=LONG_HEAD.agency,
    coordinating_units=tuple(f"Phòng chuyên môn thứ {n} phường Tân Thạnh Đông Hưng Thuận" for n in range(1, 5)),
    handovers=tuple(
        f.Handover(
            from_unit=LONG_HEAD.agency,
            to_unit=LONG_HEAD.desk_name,
            handed_at=datetime(2026, 11, n + 1, 14, 15),
            giver=LONG_NAME,
            receiver=LONG_NAME,
            timeliness=f.Timeliness.LATE,
            note="Chờ văn bản trả lời của cơ quan phối hợp.",
        )
        for n in range(8)
    ),
    provisional=True,
    demo=True,
)


def register_row(no: int) -> f.RegisterRow:
    """One invented row; every fifth is overlong, every second has been returned."""
    long = no % 5 == 0
    return f.RegisterRow(
        no=no,
        page=(no - 1) // 8 + 1,
        dossier_code=LONG_CODE if long else f"H55.24-261118-{no:04d}",
        procedure_name=LONG_PROCEDURE if long else "Đăng ký khai sinh",
        set_count=1,
        owner_name=LONG_NAME if long else "Nguyễn Thị Mẫu",
        address=LONG_ADDRESS if long else ADDRESS,
        phone="0901234567",
        lead_agency=LONG_HEAD.agency if long else HEAD.agency,
        received_at=datetime(2026, 11, 18, 8, 5),
        appointed_at=datetime(2027, 1, 5, 16, 30) if long else datetime(2026, 11, 25, 16, 30),
        provisional=long,
        returned_at=datetime(2026, 11, 24, 10, 0) if no % 2 else None,
        return_method="Tại Bộ phận Một cửa" if no % 2 else "Bưu chính công ích",
        note="Đã xin lỗi, hẹn lại" if long else None,
    )


REGISTER = f.DossierRegister(
    head=HEAD,
    year=2026,
    book="02",
    rows=tuple(register_row(no) for no in range(153, 157)),
    closing=f.RegisterClosing(
        closed_on=date(2026, 12, 31),
        dossier_count=156,
        book_count=2,
        closed_by="Phạm Lãnh Thử",
        desk_head="Lê Thị Ví Dụ",
    ),
)
LONG_REGISTER = replace(REGISTER, head=LONG_HEAD, rows=tuple(register_row(no) for no in range(1, 61)), demo=True)

ORDINARY = (RECEIPT, SUPPLEMENT, REFUSAL, APOLOGY, STOP, CONTROL_SLIP, REGISTER)
LONG = (LONG_RECEIPT, LONG_SUPPLEMENT, LONG_REFUSAL, LONG_APOLOGY, LONG_STOP, LONG_CONTROL_SLIP, LONG_REGISTER)
