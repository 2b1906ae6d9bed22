"""A small province to test in: four agencies with staff for every role, a calendar, three procedures and dossiers.

Everything is made through the rooms' commands. All people are plainly invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.totp.internal.auth import TOTP

from motcua.agencies import commands as agencies
from motcua.agencies.access import Reader, Role, for_staff
from motcua.agencies.models import User
from motcua.dossiers import asides, rules
from motcua.dossiers import commands as dossiers
from motcua.law.dossier.commands import Claim
from motcua.law.dossier.reckoning import VIETNAM, aware
from motcua.law.dossier.vocabulary import Channel, Component, Ground
from motcua.persons.identity import ApplicantData, ApplicantKind, IdKind, Sex
from motcua.procedures import commands as procedures
from motcua.procedures import content as c
from motcua.procedures.records import Source, record_of
from motcua.starter.calendar import starter_calendar

PROVINCE, WARD, OTHER_WARD, POLICE = "P", "W1", "W2", "CA"
CERTIFY, MARRIAGE, RESIDENCE = "2.000815", "1.004873", "1.004222"
PASSWORD = "mot cua lien thong 61"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the authenticator apps of leaders and administrators
LONG_NAME = "Nguyễn Phước Quý Thị Tôn Nữ Hoàng Ngọc Bảo Châu Thùy Dương A"  # 60 characters

APPLICANT = ApplicantData(
    kind=ApplicantKind.CITIZEN,
    name="Nguyễn Thị Mẫu",
    id_number="079190000012",
    id_kind=IdKind.CCCD,
    sex=Sex.FEMALE,
    address="Số 12, đường Hoa Sen, khu phố 3, phường Tân An, tỉnh Mẫu",
    phone="0901234123",
    email="mau.nguyen@example.vn",
)
CARD = "079190000012|271234567|Nguyễn Thị Mẫu|05021990|Nữ|Số 12, đường Hoa Sen, khu phố 3, Tân An, Mẫu|18112021"

# The smallest file that is a PDF: one empty page.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)

# Two steps at the agency that settles: prepared by a case officer, signed by the leader.
PROCESS = {
    "code": "hai-buoc",
    "name": "Thụ lý và ký duyệt",
    "start": "thu-ly",
    "steps": [
        {
            "code": "thu-ly",
            "name": "Thụ lý hồ sơ",
            "function": "case_officer",
            "agency": "competent",
            "allotted_minutes": 480,
            "outcomes": [
                {"code": "trinh-ky", "name": "Trình lãnh đạo ký", "to": "ky-duyet"},
                {"code": "khong-du-dieu-kien", "name": "Không đủ điều kiện giải quyết", "to": "@refused"},
            ],
        },
        {
            "code": "ky-duyet",
            "name": "Ký duyệt kết quả",
            "function": "leader",
            "agency": "competent",
            "allotted_minutes": 240,
            "outcomes": [
                {"code": "ky", "name": "Ký và trả kết quả về Bộ phận Một cửa", "to": "@granted"},
                {"code": "lam-lai", "name": "Yêu cầu làm lại", "to": "thu-ly"},
            ],
        },
    ],
}


@dataclass(frozen=True)
class World:
    """Ids of agencies by code and of posts by agency and role, with what tests do most."""

    agencies: Mapping[str, int]
    posts: Mapping[tuple[str, Role], int]
    second_case_officer: int
    users: Mapping[tuple[str, Role], User] = field(repr=False)

    def user(self, role: Role, agency: str = WARD) -> User:
        """The account of this role at an agency."""
        return self.users[agency, role]

    def reader(self, role: Role, agency: str = WARD) -> Reader:
        """The reader of this role at an agency."""
        return for_staff(self.user(role, agency))

    def receive(
        self,
        procedure: str = MARRIAGE,
        *,
        agency: str = WARD,
        owner: ApplicantData = APPLICANT,
        at: datetime | None = None,
        **values: object,
    ) -> dossiers.Answer:
        """A dossier taken in at the agency's desk; `at` (local) claims an earlier moment, as demonstrations may."""
        new = dossiers.NewDossier(
            procedure=procedure, owner=owner, components=(Component(1, originals=1), Component(2, copies=1)), fee=0
        )
        claim = Claim(aware(at), Ground.DEMONSTRATION) if at else None
        return dossiers.receive(
            self.reader(Role.DESK_OFFICER, agency),
            replace(new, **values),  # type: ignore[arg-type]
            command_id=dossiers.new_id(),
            claim=claim,
        )

    def hand_over(self, dossier: UUID, role: Role, outcome: str, *, agency: str = WARD, note: str = "") -> None:
        """One hand-over by that role at the agency, now."""
        reader = self.reader(role, agency)
        dossiers.hand_over(reader, dossier, outcome, command_id=dossiers.new_id(), note=note)

    def finish(self, dossier: UUID, *, agency: str = WARD) -> None:
        """Both steps of the process, up to the result at the desk; the police's comes back to the ward's."""
        self.hand_over(dossier, Role.CASE_OFFICER, "trinh-ky", agency=agency)
        self.hand_over(dossier, Role.LEADER, "ky", agency=agency)
        if agency == POLICE:
            asides.make_ready(self.reader(Role.DESK_OFFICER), dossier, command_id=dossiers.new_id())


def make_world() -> World:
    """Province committee P above the wards W1 and W2; a police station CA that settles what W1 receives for it."""
    rules._KNOWN.clear()  # what another test's database had kept is not in this one
    agencies.publish_calendar("vn", calendar_data(), "Lịch ban đầu", name="Lịch chung")
    ids = _agencies()
    second = _staff("w1.case_officer.2", "Đặng Hai Thử", WARD, Role.CASE_OFFICER)
    _procedures(ids)
    return World(ids, _Posts(), second, _Users())


def calendar_data() -> dict[str, Any]:
    """The starter's calendar from last year to next: the tests go on when the starter's ends, and start quickly."""
    data, this = starter_calendar().to_data(), datetime.now(VIETNAM).year
    years = {str(year) for year in (this - 1, this, this + 1)}
    kept = {
        name: [day for day in days if day["date"][:4] in years]
        for name, days in data.items()
        if name in ("days_off", "working_days", "half_days")
    }
    return data | kept | {"valid_from": f"{this - 1}-01-01", "valid_to": f"{this + 1}-12-31"}


class _Posts(dict[tuple[str, Role], int]):
    """Posts made when they are first asked for: a test needs two or three of the twenty."""

    def __missing__(self, key: tuple[str, Role]) -> int:
        agency, role = key
        self[key] = _staff(_username(agency, role), _NAMES[role], agency, role)
        return self[key]


class _Users(dict[tuple[str, Role], User]):
    """The accounts of the posts, made with them."""

    def __missing__(self, key: tuple[str, Role]) -> User:
        agency, role = key
        username = _username(agency, role)
        if not User.objects.filter(username=username).exists():
            _staff(username, _NAMES[role], agency, role)
        self[key] = User.objects.get(username=username)
        return self[key]


def _username(agency: str, role: Role) -> str:
    return f"{agency}.{role}".lower()


_NAMES = {
    Role.DESK_OFFICER: "Trần Thị Tiếp Thử",
    Role.CASE_OFFICER: "Lê Văn Thụ Thử",
    Role.LEADER: "Phạm Lãnh Thử",
    Role.REFORM_OFFICER: "Võ Cải Cách Thử",
    Role.ADMINISTRATOR: "Hồ Quản Trị Thử",
    Role.INSPECTOR: "Mai Thanh Tra Thử",
}
_TITLES = {
    Role.DESK_OFFICER: "Chuyên viên tiếp nhận",
    Role.CASE_OFFICER: "Công chức thụ lý",
    Role.LEADER: "Phó Chủ tịch",
    Role.REFORM_OFFICER: "Chuyên viên cải cách hành chính",
    Role.ADMINISTRATOR: "Quản trị hệ thống",
    Role.INSPECTOR: "Thanh tra viên",
}


def _staff(username: str, name: str, agency: str, role: Role) -> int:
    staff_id = agencies.keep_staff(
        username=username, display_name=name, agency_code=agency, roles=[role], title=_TITLES[role]
    )
    user = User.objects.get(username=username)
    if role in (Role.LEADER, Role.ADMINISTRATOR) and not user.authenticator_set.exists():
        TOTP.activate(user, SECRET)  # who must have a second factor, has one
    return staff_id


def _agencies() -> dict[str, int]:
    province, ward = "Ủy ban nhân dân tỉnh Mẫu", "Ủy ban nhân dân phường Tân An"
    other = "Ủy ban nhân dân phường Tân Thạnh Đông Hưng Thuận Thới Tam Thôn"
    centre = "Trung tâm Phục vụ hành chính công"
    rows = [
        (PROVINCE, province, "province_committee", "H99", None, f"{centre} tỉnh Mẫu", "Mẫu"),
        (WARD, ward, "commune_committee", "H99.01", PROVINCE, f"{centre} phường Tân An", "Tân An"),
        (OTHER_WARD, other, "commune_committee", "H99.02", PROVINCE, f"{centre} phường Tân Thạnh", "Tân Thạnh"),
        (POLICE, "Công an phường Tân An", "police", "H99.CA", None, "Bộ phận Một cửa Công an phường Tân An", "Tân An"),
    ]
    return {
        code: agencies.keep_agency(
            code=code,
            name=name,
            kind=kind,
            identifier=identifier,
            parent_code=parent,
            parent_name="Công an tỉnh Mẫu" if kind == "police" else (province if parent else ""),
            desk_name=desk,
            place_name=place,
            address=f"Số 1, đường Trung Tâm, {place}",
            phone="0270 3 123 456",
            calendar_code="vn",
        )
        for code, name, kind, identifier, parent, desk, place in rows
    }


def _procedures(ids: Mapping[str, int]) -> None:
    for code, content in _CONTENTS.items():
        procedures.put_procedure(record_of(code, content, Source.STARTER, everyday=True))
    procedures.publish_process(PROCESS)
    for agency in (PROVINCE, WARD, OTHER_WARD):
        procedures.offer_procedures(ids[agency], [CERTIFY, MARRIAGE])
    procedures.offer_procedures(ids[WARD], [RESIDENCE], competent_agency_id=ids[POLICE])


def _filing(channel: Channel, limit: str, *fees: c.Fee) -> c.Filing:
    return c.Filing(c.Channel(channel.value), c.Limit(limit, limit, c.Confidence.PUBLISHED), fees)


_FREE = c.Fee("Miễn phí", free=True)
_CONTENTS: Mapping[str, c.Content] = {
    CERTIFY: c.Content(
        name="Thủ tục chứng thực bản sao từ bản chính giấy tờ, văn bản",
        field="Chứng thực",
        levels=("Cấp xã",),
        filings=(_filing(Channel.DIRECT, "trong ngày", c.Fee("2.000 đồng/trang", amount=2000)),),
        components=(
            c.Component(1, "Bản chính giấy tờ, văn bản", c.ComponentKind.PRESENT, originals=1),
            c.Component(2, "Bản sao cần chứng thực", copies=1),
        ),
    ),
    MARRIAGE: c.Content(
        name="Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
        field="Hộ tịch",
        levels=("Cấp xã",),
        filings=(
            _filing(Channel.DIRECT, "3 ngày làm việc", c.Fee("15.000 đồng", amount=15000)),
            _filing(Channel.ONLINE, "2 ngày làm việc", _FREE),
        ),
        components=(
            c.Component(1, "Tờ khai cấp Giấy xác nhận tình trạng hôn nhân theo mẫu", originals=1, form="TK-XNHN.docx"),
            c.Component(2, "Giấy tờ tùy thân của người yêu cầu", c.ComponentKind.PRESENT, originals=1),
            c.Component(
                3,
                "Bản án hoặc quyết định ly hôn đã có hiệu lực",
                c.ComponentKind.SUBMIT_IF,
                copies=1,
                case="Người yêu cầu đã có vợ hoặc chồng nhưng đã ly hôn",
            ),
        ),
    ),
    RESIDENCE: c.Content(
        name="Đăng ký thường trú",
        field="Đăng ký, quản lý cư trú",
        levels=("Cấp xã",),
        filings=(
            _filing(Channel.DIRECT, "7 ngày làm việc", c.Fee("20.000 đồng", amount=20000)),
            _filing(Channel.ONLINE, "7 ngày làm việc", c.Fee("10.000 đồng", amount=10000)),
        ),
        components=(
            c.Component(1, "Tờ khai thay đổi thông tin cư trú (Mẫu CT01)", originals=1, form="CT01.docx"),
            c.Component(2, "Giấy tờ chứng minh chỗ ở hợp pháp", originals=1, copies=1),
        ),
    ),
}
