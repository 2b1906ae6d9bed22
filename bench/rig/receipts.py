"""Receipts as a morning at a counter makes them: one procedure, one desk, a new invented applicant each time."""

import itertools
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from motcua.law.vietnamese import unaccent
from motcua.papers.forms import Component, FormHead, Receipt

SERIAL = itertools.count(1)
NAMES = (
    ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi", "Đỗ", "Lý"),
    ("Thị", "Văn", "Ngọc", "Hữu", "Mỹ", "Quốc", "Thu"),
    (
        "An",
        "Bình",
        "Chi",
        "Dũng",
        "Giang",
        "Hạnh",
        "Khánh",
        "Lợi",
        "Mẫu",
        "Phượng",
        "Quỳnh",
        "Sương",
        "Thử",
        "Vỹ",
        "Yến",
    ),
)

RECEIPT = Receipt(
    head=FormHead(
        parent_agency="Ủy ban nhân dân phường Tân An",
        desk_name="Trung tâm Phục vụ hành chính công phường Tân An",
        agency="Ủy ban nhân dân phường Tân An",
        place="Tân An",
        date=datetime(2026, 11, 18).date(),
        document_number="07/TTPVHCC",
    ),
    dossier_code="H55.24-261118-0007",
    owner_name="Nguyễn Thị Mẫu",
    submitter_name=None,
    id_number="079190000001",
    address="Số 12, đường Hoa Sen, khu phố 3, phường Tân An, tỉnh Mẫu",
    phone="0901234567",
    email="mau.nguyen@example.vn",
    request_content="Đăng ký khai sinh",
    components=(
        Component(name="Tờ khai đăng ký khai sinh theo mẫu", originals=1),
        Component(name="Giấy chứng sinh do cơ sở y tế cấp", originals=1),
        Component(name="Giấy chứng nhận kết hôn của cha, mẹ", certified=1, copies=2),
    ),
    set_count=1,
    legal_limit="05 ngày làm việc",
    received_at=datetime(2026, 11, 18, 8, 5),
    appointed_at=datetime(2026, 11, 25, 16, 30),
    return_method="Bộ phận Một cửa phường Tân An",
    register_book="02",
    register_serial="153",
    receiver_name="Trần Văn Thử",
    qr_url="https://motcua.example.vn/t/Zk3v9QmXw2Lr7Tn5Yb8cDg",
)


def applicants(count: int) -> list[Receipt]:
    """Receipts of one procedure that differ as those of a morning do. No two calls give the same one."""
    return [applicant(next(SERIAL)) for _ in range(count)]


def applicant(number: int) -> Receipt:
    """The receipt of an invented person."""
    family, middle, given = (names[number * step % len(names)] for names, step in zip(NAMES, (3, 5, 7), strict=True))
    name = f"{family} {middle} {given}"
    digits = number * 7919 % 100_000_000
    return replace(
        RECEIPT,
        owner_name=name,
        id_number=f"0791{digits:08d}",
        phone=f"09{digits:08d}",
        email=f"{unaccent(given)}{digits}@example.vn",
        address=f"Số {number}, đường {given} {family}, khu phố 3, phường Tân An, tỉnh Mẫu",
        dossier_code=f"H55.24-261118-{number:04d}",
        register_serial=str(number),
        received_at=RECEIPT.received_at + timedelta(minutes=number % 480),
        qr_url=f"https://motcua.example.vn/t/{secrets.token_urlsafe(16)}",
    )
