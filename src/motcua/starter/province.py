"""The demo province: invented agencies and people, plainly so, with staff for every role; nothing of it is real."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from motcua.agencies import commands as agencies
from motcua.agencies import queries
from motcua.agencies.access import for_system
from motcua.config.home import home
from motcua.procedures import commands as procedures

CALENDAR = "vn"
PROVINCE = "MAU"
WARDS = ("MAU-01", "MAU-02", "MAU-03")
POLICE, LAND = "MAU-CA", "MAU-DD"
_CENTRE = "Trung tâm Phục vụ hành chính công"
_PARENT = "Ủy ban nhân dân tỉnh Mẫu"


@dataclass(frozen=True, slots=True)
class SignIn:
    """An account of the demo province and what it is for."""

    username: str
    password: str
    role: str
    agency: str


# code, name, kind, identifier, parent, desk, place, head of forms
_AGENCIES = (
    (PROVINCE, _PARENT, "province_committee", "H99", None, f"{_CENTRE} tỉnh Mẫu", "Mẫu", ""),
    ("MAU-01", "Ủy ban nhân dân phường Hoa Sen", "commune_committee", "H99.01", PROVINCE,
     f"{_CENTRE} phường Hoa Sen", "Hoa Sen", _PARENT),
    ("MAU-02", "Ủy ban nhân dân phường Bến Nước", "commune_committee", "H99.02", PROVINCE,
     f"{_CENTRE} phường Bến Nước", "Bến Nước", _PARENT),
    ("MAU-03", "Ủy ban nhân dân xã Đồi Chè", "commune_committee", "H99.03", PROVINCE,
     f"{_CENTRE} xã Đồi Chè", "Đồi Chè", _PARENT),
    (POLICE, "Công an phường Hoa Sen", "police", "H99.CA", PROVINCE, "Bộ phận Một cửa Công an", "Hoa Sen",
     "Công an tỉnh Mẫu"),
    (LAND, "Chi nhánh Văn phòng Đăng ký đất đai số 1", "land_office", "H99.DD", PROVINCE,
     "Bộ phận Một cửa Đăng ký đất đai", "Hoa Sen", "Sở Nông nghiệp và Môi trường tỉnh Mẫu"),
)  # fmt: skip

_ROLES: Mapping[str, tuple[str, str, str]] = {
    "desk_officer": ("tiepnhan", "Chuyên viên tiếp nhận", "Cán bộ một cửa"),
    "case_officer": ("thuly", "Công chức thụ lý", "Công chức thụ lý"),
    "leader": ("lanhdao", "Phó Chủ tịch", "Lãnh đạo"),
    "reform_officer": ("cchc", "Chuyên viên cải cách hành chính", "Cán bộ cải cách hành chính"),
    "administrator": ("quantri", "Quản trị hệ thống", "Quản trị"),
    "inspector": ("thanhtra", "Thanh tra viên", "Thanh tra"),
}
_FAMILY = ("Trần", "Lê", "Phạm", "Võ", "Hồ", "Đặng", "Bùi", "Đỗ")
_GIVEN = ("Thị An", "Văn Bình", "Thị Chi", "Minh Dũng", "Thu Giang", "Ngọc Hà", "Văn Khánh", "Thùy Linh", "Đức Nam")
# Residence is settled by the police, land by the land registration office, wherever the dossier is brought.
_BY_POLICE = ("1.004222", "1.004194", "1.002755", "1.010028", "1.003197", "1.010038", "1.003677", "2.001159")
_BY_LAND_OFFICE = ("1.013978",)


def load(codes: tuple[str, ...]) -> None:
    """Make the demo province and let its desks offer these procedures; the calendar must be published already."""
    ids = {row[0]: _agency(row) for row in _AGENCIES}
    for number, row in enumerate(_AGENCIES):
        _staff(row[0], number)
    for ward in WARDS:
        own = [code for code in codes if code not in _BY_POLICE + _BY_LAND_OFFICE]
        procedures.offer_procedures(ids[ward], own)
        for settled, by in ((_BY_POLICE, POLICE), (_BY_LAND_OFFICE, LAND)):
            procedures.offer_procedures(
                ids[ward], [code for code in codes if code in settled], competent_agency_id=ids[by]
            )


def exists() -> bool:
    """Whether the demo province was made here."""
    try:
        queries.agency_by_code(for_system("demo"), PROVINCE)
    except LookupError:
        return False
    return True


def sign_ins() -> tuple[SignIn, ...]:
    """An account for each role at the first ward; the password is this installation's own, made at its first start."""
    ward = _AGENCIES[1]
    return tuple(
        SignIn(f"{name}.{ward[0].lower()}", demo_password(), label, ward[1]) for name, _, label in _ROLES.values()
    )


def demo_password() -> str:
    """The one password of all demo accounts, random for each installation, kept beside its keys."""
    path = home() / "keys" / "demo-password"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        # Letters and numbers that stand in no user name: a password that is like one would be refused.
        made = "".join(secrets.choice("23456789bekpsvwxz") for _ in range(9))
        path.write_text(f"mau-{made}\n", encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _agency(row: tuple[str, str, str, str, str | None, str, str, str]) -> int:
    code, name, kind, identifier, parent, desk, place, head = row
    return agencies.keep_agency(
        code=code,
        name=name,
        kind=kind,
        identifier=identifier,
        parent_code=parent,
        parent_name=head,
        desk_name=desk,
        place_name=place,
        address=f"Số 1, đường Trung Tâm, {place}, tỉnh Mẫu",
        phone="0000 000 000",
        calendar_code=CALENDAR,
        demo=True,
    )


def _staff(agency: str, number: int) -> None:
    """One account a role, and a second case officer so that work can be shared out; made once."""
    known = {person.username for person in queries.staff_of(for_system("demo"), _id(agency))}
    posts = [(role, "") for role in _ROLES] + [("case_officer", "2")]
    for index, (role, suffix) in enumerate(posts):
        name, title, _label = _ROLES[role]
        username = f"{name}{suffix}.{agency.lower()}"
        if username in known:
            continue
        family, given = _FAMILY[(number + index) % len(_FAMILY)], _GIVEN[(3 * number + index) % len(_GIVEN)]
        agencies.keep_staff(
            username=username,
            display_name=f"{family} {given} Mẫu",
            agency_code=agency,
            roles=[role],
            title=title,
            password=demo_password(),
        )


def _id(code: str) -> int:
    return queries.agency_by_code(for_system("demo"), code).id
