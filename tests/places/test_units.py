"""Units by code, name and day, and what became of the old ones."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from motcua.places.commands import ChangeRecord, UnitRecord, put_units
from motcua.places.models import Unit
from motcua.places.queries import find_units, provinces, successors, unit, unit_by_id, units_under

BEFORE, REFORM, LATER = date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 22)
RENAMED = date(2026, 4, 24)

pytestmark = pytest.mark.django_db


def record(code, level, name, parent=None, first=None, last=None, aliases=()):
    kind, _, own = name.partition(" ")
    return UnitRecord(code, level, kind.lower(), name, own, parent, first, last, "", tuple(aliases))


def small_tree():
    """Two old provinces into one; a district of three communes, one of them split; a province renamed later."""
    ended = {"last": BEFORE}
    units = [
        record("68", "province", "Tỉnh Lâm Đồng", None, None, BEFORE),
        record("67", "province", "Tỉnh Đắk Nông", None, None, BEFORE),
        record("68", "province", "Tỉnh Lâm Đồng", None, REFORM, date(2026, 4, 23)),
        record("68", "province", "Phố Lâm Đồng", None, RENAMED),
        record("676", "district", "Huyện Lâm Hà", ("68", None), **ended),
        record("24868", "commune", "Xã Nam Ban", ("676", None), **ended),
        record("24892", "commune", "Xã Mê Linh", ("676", None), **ended),
        record("24895", "commune", "Xã Đạ Đờn", ("676", None), **ended),
        record("24868", "commune", "Xã Nam Ban Lâm Hà", ("68", REFORM), REFORM),
        record("24895", "commune", "Xã Phú Sơn", ("68", REFORM), REFORM, aliases=("Phu Son Da Don",)),
    ]
    new, other = ("24868", REFORM), ("24895", REFORM)
    changes = [
        ChangeRecord(("68", None), ("68", REFORM), REFORM, True, False),
        ChangeRecord(("67", None), ("68", REFORM), REFORM, True, False),
        ChangeRecord(("68", REFORM), ("68", RENAMED), RENAMED, True, False),
        ChangeRecord(("24868", None), new, REFORM, True, False),
        ChangeRecord(("24892", None), new, REFORM, True, True),
        ChangeRecord(("24892", None), other, REFORM, False, True),
        ChangeRecord(("24895", None), other, REFORM, True, False),
    ]
    return units, changes


@pytest.fixture
def tree():
    return put_units(*small_tree())


def test_a_code_names_another_unit_on_another_day(tree):
    assert unit(None, "24868", BEFORE).name == "Xã Nam Ban"
    assert unit(None, "24868", REFORM).name == "Xã Nam Ban Lâm Hà"
    assert unit(None, "676", REFORM) is None
    assert unit(None, "676", BEFORE).parent_name == "Tỉnh Lâm Đồng"


def test_units_under_a_province_are_districts_before_and_communes_after(tree):
    assert [row.code for row in units_under(None, "68", BEFORE)] == ["676"]
    assert [row.name for row in units_under(None, "68", REFORM)] == ["Xã Nam Ban Lâm Hà", "Xã Phú Sơn"]
    assert units_under(None, "99", REFORM) == ()


def test_children_of_a_renamed_unit_stay_and_show_its_name_of_the_day(tree):
    assert [row.parent_name for row in units_under(None, "68", REFORM)] == ["Tỉnh Lâm Đồng"] * 2
    assert [row.parent_name for row in units_under(None, "68", LATER)] == ["Phố Lâm Đồng"] * 2


def test_provinces_stand_in_vietnamese_order(tree):
    assert [row.name for row in provinces(None, BEFORE)] == ["Tỉnh Đắk Nông", "Tỉnh Lâm Đồng"]
    assert [row.name for row in provinces(None, LATER)] == ["Phố Lâm Đồng"]


def test_a_merged_province_leads_through_a_later_renaming_to_the_present_one(tree):
    found = successors(None, "67", LATER)
    assert [(item.unit.name, item.is_default, item.approximate) for item in found] == [("Phố Lâm Đồng", True, False)]
    assert [item.unit.valid_from for item in successors(None, "67", REFORM)] == [REFORM]


def test_a_split_unit_goes_to_its_default_successor_marked_approximate(tree):
    found = successors(None, "24892", LATER)
    assert [(item.unit.code, item.is_default) for item in found] == [("24868", True), ("24895", False)]
    assert all(item.approximate and item.share is None for item in found)


def test_a_district_leads_to_the_communes_of_its_communes(tree):
    found = successors(None, "676", LATER)
    assert [(item.unit.code, item.is_default, item.approximate) for item in found] == [
        ("24868", True, True),
        ("24895", False, True),
    ]


def test_a_unit_in_force_is_its_own_successor(tree):
    found = successors(None, "24895", BEFORE)
    assert [item.unit.name for item in found] == ["Xã Đạ Đờn"]
    assert [item.unit.name for item in successors(None, "24895", LATER, known_on=REFORM)] == ["Xã Phú Sơn"]
    assert successors(None, "00000", LATER) == ()


@pytest.mark.parametrize(
    ("text", "day", "codes"),
    [
        ("nam ban", LATER, ["24868"]),
        ("NAM BAN LÂM HÀ", LATER, ["24868"]),
        ("me linh", LATER, ["24868", "24895"]),
        ("phú sơn", LATER, ["24895"]),
        ("son phu", LATER, ["24895"]),
        ("phu s", LATER, ["24895"]),
        ("hu son", LATER, []),
        ("lam ha", BEFORE, ["676"]),
        ("24895", LATER, ["24895"]),
        ("  ", LATER, []),
        ("%", LATER, []),
    ],
)
def test_a_unit_is_found_by_words_of_its_name_or_of_the_units_that_went_into_it(tree, text, day, codes):
    assert [row.code for row in find_units(None, text, day)] == codes


def test_own_names_come_before_former_ones_and_levels_can_be_chosen(tree):
    names = [row.name for row in find_units(None, "lam", BEFORE)]
    assert names == ["Tỉnh Lâm Đồng", "Huyện Lâm Hà"]
    assert [row.level for row in find_units(None, "lam", BEFORE, level="district")] == ["district"]
    assert len(find_units(None, "xa", BEFORE, limit=2)) == 2


def test_putting_the_same_units_again_changes_nothing(tree):
    again = put_units(*small_tree())
    assert (tree.created, tree.updated) == (10, 0)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 10)


def test_a_unit_ends_and_its_code_begins_again_in_one_put(tree):
    units, changes = small_tree()
    day = date(2027, 1, 1)
    index = next(i for i, row in enumerate(units) if row.name == "Xã Phú Sơn")
    old = units[index]
    units[index] = record("24895", "commune", old.name, old.parent, REFORM, date(2026, 12, 31))
    units.append(record("24895", "commune", "Phường Phú Sơn", old.parent, day))
    changes.append(ChangeRecord(("24895", REFORM), ("24895", day), day, True, False))
    assert put_units(units, changes).updated == 1
    assert unit(None, "24895", day).name == "Phường Phú Sơn"
    assert unit_by_id(None, unit(None, "24895", LATER).id).valid_to == date(2026, 12, 31)


@pytest.mark.parametrize("fault", ["parent", "change"])
def test_a_unit_that_is_not_known_is_named_and_nothing_is_put(fault):
    units, changes = small_tree()
    if fault == "parent":
        units.append(record("99999", "commune", "Xã Lạc", ("99", None), None, BEFORE))
    else:
        changes.append(ChangeRecord(("99999", None), ("68", REFORM), REFORM, True, False))
    with pytest.raises(ValueError, match="99"):
        put_units(units, changes)
    assert not Unit.objects.exists()


def test_the_database_keeps_one_unit_in_force_for_a_code(tree):
    with pytest.raises(IntegrityError, match="unit_one_in_force_per_code"), transaction.atomic():
        Unit.objects.create(
            code="24895",
            level="commune",
            kind="xã",
            name="Xã Hai",
            short_name="Hai",
            valid_from=LATER,
            sort_key="",
            search="",
        )


def test_looking_up_costs_a_fixed_number_of_statements(tree, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        find_units(None, "xa", LATER)
    with django_assert_max_num_queries(2):
        units_under(None, "68", LATER)
    with django_assert_max_num_queries(5):
        successors(None, "676", LATER)
