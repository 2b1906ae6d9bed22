"""Putting procedures in, their versions, what sources may change, searching and paging."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from motcua.agencies.access import for_citizen, for_system
from motcua.law.process import ProcessError
from motcua.procedures.commands import (
    offer_procedures,
    publish_process,
    put_procedure,
    put_procedures,
    withdraw_procedures,
)
from motcua.procedures.content import (
    Channel,
    Component,
    Content,
    Fee,
    Filing,
    Limit,
    content_from_data,
    content_to_data,
)
from motcua.procedures.models import Procedure, ProcedureVersion
from motcua.procedures.queries import (
    fields,
    list_by_field,
    offering,
    offerings,
    procedure_page,
    process_version,
    processes,
    search,
    version,
    versions,
)
from motcua.procedures.records import ProcedureRecord, Source, record_of
from support.readers import make_tree

pytestmark = pytest.mark.django_db

READER = for_system("test")
DAY, NEXT = date(2026, 3, 2), date(2026, 5, 4)
BIRTH = Content(
    name="Thủ tục đăng ký khai sinh",
    field="Hộ tịch",
    levels=("Cấp xã",),
    steps="Bước 1",
    filings=(Filing(Channel.DIRECT, Limit("1", "trong ngày", "resolved", "lý do"), (Fee("Miễn phí", free=True),)),),
    components=(Component(1, "Tờ khai", "submit", 1),),
)
NAMES = {
    "1.000001": ("Đăng ký lại khai sinh", "Hộ tịch"),
    "1.000002": ("Thủ tục đăng ký kết hôn", "Hộ tịch"),
    "1.000003": ("Cấp bản sao trích lục, bản sao Giấy khai sinh", "Hộ tịch"),
    "1.000004": ("Khai thuế đối với hộ kinh doanh", "Thuế"),
    "1.000005": ("Đăng ký khai thác nước dưới đất", "Tài nguyên nước"),
    "1.000006": ("Công nhận hòa giải viên, có lịch sinh hoạt", "Hòa giải"),
    "2.000007": ("Xóa đăng ký thường trú", "Đăng ký, quản lý cư trú"),
    "2.000008": ("Đăng ký thường trú", "Đăng ký, quản lý cư trú"),
}


def put(code="1.001193", content=BIRTH, source=Source.FULL, on=DAY, everyday=False):
    return put_procedure(record_of(code, content, source, everyday=everyday), on=on)


@pytest.fixture
def catalogue():
    put(everyday=True)
    put_procedures(
        [
            record_of(code, Content(name, field, levels=("Cấp xã",)), Source.LIST)
            for code, (name, field) in NAMES.items()
        ],
        on=DAY,
    )


def definition(name="Quy trình", minutes=60, to="@granted"):
    outcomes = [{"code": "xong", "name": "Xong", "to": to}]
    step = {"code": "lam", "name": "Làm", "function": "case_officer", "agency": "competent"}
    return {
        "code": "q",
        "name": name,
        "start": "lam",
        "steps": [{**step, "allotted_minutes": minutes, "outcomes": outcomes}],
    }


class TestVersions:
    def test_the_same_record_again_is_unchanged_and_makes_no_version(self):
        first, second = put(), put(on=NEXT)
        assert (first.outcome, second.outcome, second.version_id) == ("created", "unchanged", first.version_id)

    def test_a_change_makes_a_new_version_and_the_old_one_says_what_it_said(self):
        first = put()
        second = put(content=Content("Đăng ký khai sinh", "Hộ tịch"), on=NEXT)
        assert second.outcome == "updated"
        assert [(row.number, row.valid_from, row.valid_to) for row in versions(READER, "1.001193")] == [
            (2, NEXT, None),
            (1, DAY, date(2026, 5, 3)),
        ]
        assert procedure_page(READER, "1.001193").content.name == "Đăng ký khai sinh"
        assert procedure_page(READER, "1.001193", date(2026, 4, 1)).content == BIRTH
        assert procedure_page(READER, "1.001193", date(2026, 1, 1)) is None
        assert version(READER, first.version_id).content == BIRTH

    def test_two_changes_on_one_day_leave_one_version_for_that_day(self):
        put()
        put(content=Content("Tên hai"))
        put(content=Content("Tên ba"))
        assert procedure_page(READER, "1.001193", DAY).content.name == "Tên ba"
        assert [row.number for row in versions(READER, "1.001193")] == [3, 2, 1]

    @pytest.mark.parametrize("statement", ["update", "delete"])
    def test_the_database_refuses_to_alter_what_a_version_says(self, statement):
        put()
        rows = ProcedureVersion.objects.filter(procedure__code="1.001193")
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            rows.update(content={"name": "khác"}) if statement == "update" else rows._raw_delete(rows.db)

    def test_a_new_procedure_needs_a_name_and_a_code_comes_once(self):
        record = ProcedureRecord("1.000009", {"field": "Thuế"}, Source.LIST)
        with pytest.raises(ValueError, match="needs a name"):
            put_procedure(record)
        with pytest.raises(ValueError, match="twice"):
            put_procedures([record, record])
        with pytest.raises(ValueError, match="unknown parts"):
            ProcedureRecord("1.000009", {"colour": "red"}, Source.LIST)
        assert not Procedure.objects.exists()


class TestSources:
    def test_a_row_of_the_list_only_fills_what_is_empty_in_a_full_record(self):
        put()
        row = Content(name="Tên ngắn", field="Khác", issuer="Bộ Tư pháp")
        assert put(content=row, source=Source.LIST).outcome == "updated"
        content = procedure_page(READER, "1.001193").content
        assert (content.name, content.field, content.issuer, content.components) == (
            BIRTH.name,
            "Hộ tịch",
            "Bộ Tư pháp",
            BIRTH.components,
        )
        assert put(content=row, source=Source.LIST).outcome == "unchanged"
        assert put().outcome == "unchanged"

    def test_a_full_record_replaces_what_it_knows_and_leaves_the_rest(self):
        put(content=Content(name="Cũ", conditions="Có điều kiện"), source=Source.STARTER)
        put()
        content = procedure_page(READER, "1.001193").content
        assert (content.name, content.conditions) == (BIRTH.name, "Có điều kiện")

    def test_a_resolved_limit_stays_when_the_source_shows_the_same_number_without_unit(self):
        put(source=Source.STARTER)
        bare = Filing(Channel.DIRECT, Limit("1"), (Fee("Miễn phí", free=True),))
        other = Filing(Channel.ONLINE, Limit("1"))
        put(content=Content(BIRTH.name, filings=(bare, other)))
        filings = procedure_page(READER, "1.001193").content.filings
        assert [filing.limit.text for filing in filings] == ["trong ngày", None]
        put(content=Content(BIRTH.name, filings=(Filing(Channel.DIRECT, Limit("2")),)))
        assert [f.limit.text for f in procedure_page(READER, "1.001193").content.filings] == [None]

    def test_what_the_province_decided_stands_against_every_import(self):
        put(content=Content(name="Tên của tỉnh"), source=Source.LOCAL)
        put()
        assert procedure_page(READER, "1.001193").content.name == "Tên của tỉnh"

    def test_once_everyday_stays_everyday(self):
        assert put(everyday=True).outcome == "created"
        assert put().outcome == "unchanged"
        assert procedure_page(READER, "1.001193").everyday
        put(code="1.000002", content=Content("Hai"))
        assert put(code="1.000002", content=Content("Hai"), everyday=True).outcome == "updated"
        assert len(versions(READER, "1.000002")) == 1


def test_content_goes_to_json_and_back_and_unknown_parts_are_refused():
    assert content_from_data(content_to_data(BIRTH)) == BIRTH
    assert BIRTH.limit_for("online").text == "trong ngày"
    assert Content("x").limit_for("direct") is None
    with pytest.raises(ValueError, match="colour"):
        content_from_data({"name": "x", "colour": "red"})


class TestSearch:
    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("khai sinh", ["1.001193", "1.000001", "1.000003"]),
            ("KHAI SINH", ["1.001193", "1.000001", "1.000003"]),
            ("khai sinh đăng ký", ["1.001193", "1.000001"]),
            ("đăng ký khai sinh", ["1.001193", "1.000001"]),
            ("sinh khai dang", ["1.001193", "1.000001"]),
            ("khai si", ["1.001193", "1.000001", "1.000003"]),
            ("kha sinh", []),
            ("ks", []),
            ("kết hôn", ["1.000002"]),
            ("ho tich ket", ["1.000002"]),
            ("1.0000", ["1.000001", "1.000002", "1.000003", "1.000004", "1.000005", "1.000006"]),
            ("1001193", ["1.001193"]),
            ("2.000008", ["2.000008"]),
            ("thuong tru", ["2.000008", "2.000007"]),
            ("hòa giải", ["1.000006"]),
            ("", []),
            ("% _", []),
            ("!!!", []),
        ],
    )
    def test_words_in_any_order_find_and_the_nearest_name_is_first(self, catalogue, text, codes):
        assert [row.code for row in search(READER, text)] == codes

    def test_a_blank_behind_the_last_word_finishes_it(self, catalogue):
        assert [row.code for row in search(READER, "sin ")] == []
        assert "1.001193" in [row.code for row in search(READER, "sin")]

    def test_diacritics_that_were_typed_decide_between_equal_names(self):
        put_procedures(
            [
                record_of("1.000011", Content("Cấp mã"), Source.LIST),
                record_of("1.000012", Content("Cáp mả"), Source.LIST),
            ]
        )
        assert [row.code for row in search(READER, "cáp mả")] == ["1.000012", "1.000011"]
        assert [row.code for row in search(READER, "cấp mã")] == ["1.000011", "1.000012"]

    def test_a_desk_finds_what_it_receives_and_a_citizen_finds_all(self, catalogue):
        tree = make_tree()
        offer_procedures(tree.ward, ["1.000001"])
        assert [row.code for row in search(READER, "khai sinh", agency_id=tree.ward)] == ["1.000001"]
        assert search(READER, "khai sinh", agency_id=tree.department) == ()
        assert len(search(for_citizen("token"), "khai sinh", limit=2)) == 2

    def test_searching_costs_one_statement(self, catalogue, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert search(READER, "khai sinh")[0].levels == ("Cấp xã",)
        with django_assert_num_queries(1):
            procedure_page(READER, "1.001193")


class TestLists:
    def test_fields_stand_in_vietnamese_order_with_their_numbers(self, catalogue):
        assert [(row.name, row.key, row.count) for row in fields(READER)] == [
            ("Đăng ký, quản lý cư trú", "dang-ky-quan-ly-cu-tru", 2),
            ("Hòa giải", "hoa-giai", 1),
            ("Hộ tịch", "ho-tich", 4),
            ("Tài nguyên nước", "tai-nguyen-nuoc", 1),
            ("Thuế", "thue", 1),
        ]

    def test_pages_follow_each_other_without_gap_or_repetition(self, catalogue):
        seen, after = [], None
        while True:
            page = list_by_field(READER, after=after, limit=2)
            seen += [row.name for row in page.rows]
            after = page.next_after
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 9
        assert seen == [row.name for row in list_by_field(READER, limit=50).rows]
        assert seen.index("Công nhận hòa giải viên, có lịch sinh hoạt") < seen.index("Đăng ký thường trú")

    def test_a_field_and_a_level_narrow_the_list(self, catalogue):
        put(code="1.000020", content=Content("Việc của tỉnh", "Thuế", levels=("Cấp tỉnh",)))
        assert {row.code for row in list_by_field(READER, "thue").rows} == {"1.000004", "1.000020"}
        assert [row.code for row in list_by_field(READER, "thue", level="Cấp tỉnh").rows] == ["1.000020"]
        assert list_by_field(READER, "khong-co").rows == ()

    @pytest.mark.parametrize("after", ["", "x", "bnVsbA", "WyJhIl0", "[]", "ư"])
    def test_a_spoilt_position_starts_from_the_beginning(self, catalogue, after):
        assert len(list_by_field(READER, after=after).rows) == 9


class TestProcesses:
    def test_the_nearest_process_holds(self, catalogue):
        tree = make_tree()
        publish_process(definition("chung"))
        publish_process(definition("chung của phường"), agency_id=tree.ward)
        publish_process(definition("khai sinh"), procedure_code="1.001193")
        publish_process(definition("khai sinh của phường"), procedure_code="1.001193", agency_id=tree.ward)

        for agency in (tree.ward, tree.department):
            offer_procedures(agency, ["1.001193", "1.000001"])

        def process(code, agency):
            return process_version(READER, offering(READER, agency, code).process_version_id)

        assert process("1.001193", tree.ward).name == "khai sinh của phường"
        assert process("1.001193", tree.department).name == "khai sinh"
        assert process("1.000001", tree.ward).name == "chung của phường"
        assert process("1.000001", tree.department).name == "chung"
        assert process("1.000001", tree.department).general
        assert [view.procedure_code for view in processes(READER, agency_id=tree.ward)] == [None, "1.001193"]

    def test_the_process_of_the_agency_that_settles_it_holds(self, catalogue):
        tree = make_tree()
        publish_process(definition("của phường"), agency_id=tree.ward)
        settled = publish_process(definition("của sở"), agency_id=tree.department)
        offer_procedures(tree.ward, ["1.001193"], competent_agency_id=tree.department)
        assert offering(READER, tree.ward, "1.001193").process_version_id == settled.version_id

    def test_publishing_again_changes_nothing_and_a_change_makes_a_version(self, catalogue):
        ward = make_tree().ward
        offer_procedures(ward, ["1.001193"])
        first = publish_process(definition(), procedure_code="1.001193", valid_from=DAY)
        assert publish_process(definition(), procedure_code="1.001193") == type(first)(
            "unchanged", first.process_id, first.version_id
        )
        second = publish_process(definition(minutes=90), procedure_code="1.001193", valid_from=NEXT)
        assert second.outcome == "updated"
        assert process_version(READER, first.version_id).definition["steps"][0]["allotted_minutes"] == 60
        assert offering(READER, ward, "1.001193").process_version_id == second.version_id

    def test_a_process_without_an_end_or_for_nothing_is_refused(self, catalogue):
        ward = make_tree().ward
        offer_procedures(ward, ["1.001193"])
        with pytest.raises(ProcessError, match="dead_end"):
            publish_process(definition(to="lam"))
        with pytest.raises(ValueError, match=r"9\.999999"):
            publish_process(definition(), procedure_code="9.999999")
        assert offering(READER, ward, "1.001193").process_version_id is None


def test_a_desk_receives_for_itself_or_for_another_agency(catalogue):
    tree = make_tree()
    assert offer_procedures(tree.ward, ["1.001193", "1.000001"]) == 2
    assert offer_procedures(tree.ward, ["1.001193"], competent_agency_id=tree.department) == 0
    assert offerings(READER, tree.ward) == {"1.001193", "1.000001"}
    assert offering(READER, tree.ward, "1.001193").competent_agency_id == tree.department
    assert offering(READER, tree.ward, "1.000001").competent_agency_id == tree.ward
    assert withdraw_procedures(tree.ward, ["1.001193", "1.000005"]) == 1
    assert offering(READER, tree.ward, "1.001193") is None
    with pytest.raises(ValueError, match=r"9\.999999"):
        offer_procedures(tree.ward, ["1.000001", "9.999999"])
