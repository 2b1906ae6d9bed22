"""A small tree of agencies with a member of staff for each role, for tests of rooms that ask who reads."""

from dataclasses import dataclass, replace

from motcua.agencies import commands
from motcua.agencies.access import Reader, Role, for_citizen, for_staff
from motcua.agencies.models import User

PASSWORD = "mot cua lien thong 61"


@dataclass(frozen=True)
class Tree:
    """A province committee above a ward and a department; another ward beside; all ids."""

    province: int
    ward: int
    department: int
    elsewhere: int


def make_tree() -> Tree:
    """Four agencies, two of them below the province committee."""
    common = {"identifier": "H99", "desk_name": "Bộ phận Một cửa"}
    province = commands.keep_agency(code="P", name="UBND tỉnh Thử", kind="province_committee", **common)
    ward = commands.keep_agency(code="W", name="UBND phường Một", kind="commune_committee", parent_code="P", **common)
    department = commands.keep_agency(code="D", name="Sở Tư pháp", kind="department", parent_code="P", **common)
    elsewhere = commands.keep_agency(code="E", name="UBND phường Lạ", kind="commune_committee", **common)
    return Tree(province, ward, department, elsewhere)


def staff_reader(role: Role | str, agency_code: str) -> Reader:
    """The reader for a new member of staff with this one role."""
    username = f"{role}.{agency_code}".lower()
    commands.keep_staff(username=username, display_name="Trần Văn Thử", agency_code=agency_code, roles=[role])
    return for_staff(User.objects.get(username=username))


def reader_at(agency_id: int, *roles: Role, below: frozenset[int] = frozenset(), staff_id: int | None = None) -> Reader:
    """A reader at an agency without any row behind it, for tests of rules only."""
    return replace(
        for_citizen("-"),
        kind="staff",
        token="",
        staff_id=staff_id,
        agency_id=agency_id,
        roles=frozenset(roles),
        descendant_agency_ids=below,
    )
