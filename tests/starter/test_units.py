"""The packaged units: complete, consistent, right where we know the answer, and quick to load again."""

import collections
from datetime import date

import pytest

from motcua.places.models import Unit, UnitChange
from motcua.places.queries import find_units, provinces, successors, unit, units_under
from motcua.starter import units
from motcua.starter.loading import facts

OLD, NEW, NOW = date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 22)
# The districts of the five places that began this project, with their province and number of communes on the last day.
SEED_DISTRICTS = {
    "655": ("Huyện Krông A Na", "Tỉnh Đắk Lắk", 8, "66"),
    "515": ("Huyện Bắc Trà My", "Tỉnh Quảng Nam", 13, "48"),
    "100": ("Huyện Điện Biên", "Tỉnh Điện Biên", 21, "11"),
    "561": ("Huyện Sông Hinh", "Tỉnh Phú Yên", 11, "66"),
    "676": ("Huyện Lâm Hà", "Tỉnh Lâm Đồng", 16, "68"),
}
MERGERS = {
    "49": "Thành phố Đà Nẵng",
    "54": "Tỉnh Đắk Lắk",
    "67": "Tỉnh Lâm Đồng",
    "60": "Tỉnh Lâm Đồng",
    "74": "Thành phố Hồ Chí Minh",
    "62": "Tỉnh Quảng Ngãi",
    "02": "Tỉnh Tuyên Quang",
    "11": "Tỉnh Điện Biên",
}


@pytest.fixture(scope="module")
def read():
    return units.records(facts(units.FILE))


def in_force(read, day):
    return [
        row
        for row in read[0]
        if (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or row.valid_to >= day)
    ]


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (OLD, {"province": 63, "district": 696, "commune": 10035}),
        (NEW, {"province": 34, "commune": 3321}),
        (NOW, {"province": 34, "commune": 3321}),
    ],
)
def test_each_day_has_its_whole_tree(read, day, counts):
    assert collections.Counter(row.level for row in in_force(read, day)) == counts


def test_the_kinds_of_communes_are_those_of_the_day(read):
    def kinds(day):
        return collections.Counter(row.kind for row in in_force(read, day) if row.level == "commune")

    assert kinds(NEW) == {"xã": 2621, "phường": 687, "đặc khu": 13}
    assert kinds(NOW) == {"xã": 2599, "phường": 709, "đặc khu": 13}


def test_every_old_unit_without_a_row_of_its_own_today_became_something(read):
    records, changes = read
    default = collections.Counter(change.old for change in changes if change.is_default)
    ended = {row.key for row in records if row.valid_to is not None}
    with_children = {row.parent for row in records}
    assert {row.key for row in records if row.key in ended and row.key not in default} <= with_children
    assert set(default.values()) == {1}


def test_no_two_units_bear_one_code_on_one_day(read):
    for day in (date(2024, 12, 31), OLD, NEW, date(2026, 4, 24), NOW):
        codes = collections.Counter(row.code for row in in_force(read, day))
        assert codes.most_common(1)[0][1] == 1, day


def test_a_unit_is_approximate_exactly_when_it_was_split(read):
    _, changes = read
    ways = collections.Counter(change.old for change in changes)
    assert all(change.approximate == (ways[change.old] > 1) for change in changes)
    assert sum(count > 1 for count in ways.values()) == 471


@pytest.mark.django_db
class TestLoaded:
    @pytest.fixture(autouse=True)
    def load(self):
        self.first = units.load()

    def test_the_second_load_only_asks_whether_there_is_something_to_do(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(3):
            again = units.load()
        assert (self.first.loaded, again.loaded) == (True, False)
        assert Unit.objects.count() == self.first.counts["units"]
        assert UnitChange.objects.count() == self.first.counts["changes"]

        for code, (name, province, count, later) in SEED_DISTRICTS.items():
            found = unit(None, code, OLD)
            assert (found.name, found.parent_name, len(units_under(None, code, OLD))) == (name, province, count)
            assert unit(None, code, NEW) is None
            assert {item.unit.parent_code for item in successors(None, code, NOW)} == {later}

        for code, name in MERGERS.items():
            assert [item.unit.name for item in successors(None, code, NEW)] == [name]

        assert [row.name for row in provinces(None, NOW)][:4] == [
            "Tỉnh An Giang", "Thành phố Bắc Ninh", "Tỉnh Cà Mau", "Tỉnh Cao Bằng",
        ]  # fmt: skip
        assert [row.code for row in find_units(None, "krong ana", OLD, level="district")] == ["655"]
        assert find_units(None, "nam ban", NOW)[0].name == "Xã Nam Ban Lâm Hà"
        assert unit(None, "46", date(2024, 12, 31)).name == "Tỉnh Thừa Thiên Huế"
        assert unit(None, "00004", NOW).name == "Phường Ba Đình"
        assert unit(None, "07294", date(2026, 8, 3)).name == "Xã Bố Hạ"
        assert unit(None, "07294", NOW).name == "Phường Bố Hạ"
