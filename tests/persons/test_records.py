"""Records about persons: sealed, found by keyed indexes, shown by permission, logged when opened, erased for good."""

import base64
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.agencies.access import NotPermitted, Role, for_citizen, for_system
from motcua.persons import commands, queries
from motcua.persons.identity import ApplicantData, ApplicantKind, IdKind, Sex, check, normalised
from motcua.persons.keys import DataKey
from motcua.persons.models import Access, Record
from motcua.persons.queries import Sight, Verdict
from motcua.persons.sealing import open_record, read_applicant, read_note, seal_applicant, seal_note
from support.readers import make_tree, reader_at, staff_reader

pytestmark = pytest.mark.django_db

SYSTEM = for_system("tests of persons")
THU = ApplicantData(
    kind=ApplicantKind.CITIZEN,
    name="Nguyễn Thị Thử",
    id_number="079190000012",
    id_kind=IdKind.CCCD,
    birth_date=date(1990, 2, 28),
    sex=Sex.FEMALE,
    address="1 Lê Lợi, phường Một",
    phone="0901234123",
    email="thu@example.vn",
)
HERE = {"receiving_agency_id": 1, "competent_agency_id": 1}


def everything_in(table: str) -> str:
    """All of a table as the text that a dump would hold."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
        return "\n".join(row[0] for row in cursor.fetchall())


def test_an_applicant_comes_back_as_it_was_kept():
    kept = commands.keep_applicant(THU)
    shown = queries.applicant(SYSTEM, kept.record_id, **HERE, full=True, purpose="in giấy tiếp nhận")
    assert shown.name == THU.name
    for field in ("kind", "id_number", "id_kind", "birth_date", "sex", "address", "phone", "email"):
        assert getattr(shown, field) == getattr(THU, field)
    assert not shown.masked


def test_a_note_comes_back_as_it_was_kept():
    kept = commands.keep_note("Người nộp xin nhận thay con.\nCó giấy ủy quyền.")
    assert queries.note(SYSTEM, kept.record_id, **HERE) == "Người nộp xin nhận thay con.\nCó giấy ủy quyền."


def test_keeping_takes_one_statement_and_so_does_reading(django_assert_num_queries):
    with django_assert_num_queries(1):
        kept = commands.keep_applicant(THU)
    with django_assert_num_queries(1):
        queries.applicant(SYSTEM, kept.record_id, **HERE)


def test_a_copy_of_the_table_shows_nothing_of_the_person():
    commands.keep_applicant(THU)
    commands.keep_note("bí mật của Thử")
    dump = everything_in("persons_record")
    hidden = ["Thử", "Nguyễn", "nguyen", "079190000012", "0901234123", "example", "Lê Lợi", "1990", "bí mật"]
    for value in hidden:
        for spelling in (value, value.encode().hex(), base64.b64encode(value.encode()).decode().strip("=")):
            assert spelling not in dump, value


def test_the_same_person_twice_is_sealed_differently_and_committed_differently():
    first, second = commands.keep_applicant(THU), commands.keep_applicant(THU)
    rows = {row.pk: bytes(row.sealed) for row in Record.objects.all()}
    assert rows[first.record_id] != rows[second.record_id]
    assert first.commitment != second.commitment


def test_wrong_data_is_refused_by_field_without_showing_it():
    with pytest.raises(commands.InvalidApplicant) as refusal:
        commands.keep_applicant(replace(THU, id_number="987"))
    assert [error.field for error in refusal.value.errors] == ["id_number"]
    assert "987" not in str(refusal.value)
    assert not Record.objects.exists()


NAMES = st.text(st.characters(categories=["L", "Zs"], max_codepoint=0x1EF9), min_size=1, max_size=60)


@st.composite
def applicants(draw):
    return ApplicantData(
        kind=draw(st.sampled_from(ApplicantKind)),
        name=draw(NAMES),
        id_number=draw(st.from_regex(r"\A[0-9]{12}\Z") | st.just("")),
        id_kind=IdKind.CCCD,
        birth_date=draw(st.none() | st.dates(min_value=date(1900, 1, 1))),
        sex=draw(st.none() | st.sampled_from(Sex)),
        address=draw(st.text(max_size=80)),
        phone=draw(st.from_regex(r"\A0[35789][0-9]{8}\Z") | st.just("")),
        email="",
    )


KEY = DataKey(bytes(range(32)))


@given(applicants().filter(lambda data: not check(data)), st.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sealed_opens_to_the_same_and_matches_its_commitment(data, text):
    for sealed, read, plain in (
        (seal_applicant(normalised(data), KEY), read_applicant, normalised(data)),
        (seal_note(text, KEY), read_note, text),
    ):
        own_key, body = open_record(sealed.id, sealed.kind, sealed.sealed, KEY)
        assert read(body) == plain
        assert queries.commitment(own_key, body) == sealed.commitment


# -- what a reader sees -----------------------------------------------------------------------------------------------

DESK, CASE, REFORM = Role.DESK_OFFICER, Role.CASE_OFFICER, Role.REFORM_OFFICER


@pytest.mark.parametrize(
    ("role", "receiving", "competent", "sees"),
    [
        (DESK, 1, 2, "full"),
        (DESK, 2, 1, "name"),
        (CASE, 2, 1, "full"),
        (CASE, 1, 2, "that it is"),
        (Role.LEADER, 1, 2, "full"),
        (Role.LEADER, 3, 3, "that it is"),
        (REFORM, 1, 1, "that it is"),
        (DESK, 2, 2, "nothing"),
        (Role.ADMINISTRATOR, 1, 1, "nothing"),
    ],
)
@pytest.mark.parametrize("full", [False, True])
def test_each_reader_sees_as_much_of_a_person_as_the_table_allows(role, receiving, competent, sees, full):
    kept = commands.keep_applicant(THU)
    reader = reader_at(1, role, below=frozenset({3}))
    ask = {"receiving_agency_id": receiving, "competent_agency_id": competent, "full": full, "purpose": "xem"}
    if sees == "nothing":
        with pytest.raises(NotPermitted):
            queries.applicant(reader, kept.record_id, **ask)
        return
    shown = queries.applicant(reader, kept.record_id, **ask)
    assert (shown.kind, shown.name) == (
        (None, None) if sees == "that it is" else (ApplicantKind.CITIZEN, "Nguyễn Thị Thử")
    )
    opened = full and sees == "full"
    numbers = {"that it is": ("", ""), "name": ("0791******12", "090****123"), "full": ("0791******12", "090****123")}[
        sees
    ]
    assert (shown.id_number, shown.phone) == (("079190000012", "0901234123") if opened else numbers)
    assert bool(shown.address) == bool(shown.birth_date) == bool(shown.email) == opened
    assert shown.masked == (not opened)
    assert Access.objects.count() == (1 if opened else 0)


def test_a_citizen_sees_nothing_of_anybody():
    kept = commands.keep_applicant(THU)
    with pytest.raises(NotPermitted):
        queries.applicant(for_citizen("t"), kept.record_id, **HERE)
    assert queries.names_for(for_citizen("t"), [Sight(kept.record_id, 1, 1)]) == {}


def test_names_for_a_page_take_one_statement_and_leave_out_what_may_not_be_seen(django_assert_num_queries):
    kept = commands.keep_many([replace(THU, name=f"Trần Thử {letter}") for letter in "ABC"])
    sights = [Sight(kept[0].record_id, 1, 2), Sight(kept[1].record_id, 2, 1), Sight(kept[2].record_id, 2, 2)]
    with django_assert_num_queries(1):
        names = queries.names_for(reader_at(1, DESK), sights)
    assert names == {kept[0].record_id: "Trần Thử A", kept[1].record_id: "Trần Thử B"}
    assert queries.names_for(reader_at(1, REFORM), sights) == {}
    assert not Access.objects.exists()


def test_a_note_is_read_by_who_may_see_names_only():
    kept = commands.keep_note("hoàn cảnh khó khăn")
    assert queries.note(reader_at(1, DESK), kept.record_id, **HERE) == "hoàn cảnh khó khăn"
    assert queries.note(reader_at(1, REFORM), kept.record_id, **HERE) is None


def test_an_applicant_is_no_note_and_a_note_no_applicant():
    note, person = commands.keep_note("x"), commands.keep_applicant(THU)
    assert queries.note(SYSTEM, person.record_id, **HERE) is None
    with pytest.raises(commands.NoSuchRecord):
        queries.applicant(SYSTEM, note.record_id, **HERE)


# -- the access log ---------------------------------------------------------------------------------------------------


def test_opening_several_persons_in_full_leaves_one_row_that_names_them_all(django_assert_num_queries):
    tree = make_tree()
    reader = staff_reader(DESK, "W")
    kept = commands.keep_many([THU, replace(THU, name="Trần Văn Thử")])
    sights = [Sight(item.record_id, tree.ward, tree.ward) for item in kept]
    with django_assert_num_queries(2):
        queries.applicants(reader, sights, full=True, purpose="kiểm tra hồ sơ")
    (row,) = Access.objects.all()
    assert (row.staff_id, row.act, row.purpose) == (reader.staff_id, "see_id", "kiểm tra hồ sơ")
    assert set(row.record_ids) == {item.record_id for item in kept}
    (seen,) = queries.accesses(SYSTEM, kept[0].record_id)
    assert (seen.staff_id, seen.purpose) == (reader.staff_id, "kiểm tra hồ sơ")
    with pytest.raises(NotPermitted):
        queries.accesses(reader, kept[0].record_id)


def test_nothing_is_opened_without_a_purpose():
    kept = commands.keep_applicant(THU)
    with pytest.raises(ValueError, match="purpose"):
        queries.applicant(reader_at(1, DESK), kept.record_id, **HERE, full=True)


def test_the_systems_purpose_is_its_reason():
    kept = commands.keep_applicant(THU)
    queries.applicant(SYSTEM, kept.record_id, **HERE, full=True)
    assert Access.objects.get().purpose == "tests of persons"


@pytest.mark.parametrize("statement", ["UPDATE persons_access SET purpose = ''", "DELETE FROM persons_access"])
def test_the_application_cannot_change_the_access_log(statement):
    kept = commands.keep_applicant(THU)
    queries.applicant(SYSTEM, kept.record_id, **HERE, full=True)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Access.objects.get().purpose == "tests of persons"


# -- finding ----------------------------------------------------------------------------------------------------------


def test_a_person_is_found_by_number_however_it_is_written():
    kept = commands.keep_applicant(THU)
    commands.keep_applicant(replace(THU, id_number="079190000013"))
    assert queries.find_by_id_number(SYSTEM, "0791 9000 0012") == [kept.record_id]
    assert queries.find_by_id_number(SYSTEM, "079190000014") == []


@pytest.mark.parametrize("words", ["thử", "THU nguyen", "Nguyễn thị", "thi  thu"])
def test_a_person_is_found_by_any_words_of_the_name_with_or_without_diacritics(words):
    kept = commands.keep_applicant(THU)
    commands.keep_applicant(replace(THU, name="Trần Văn Khác"))
    assert queries.find_by_name_words(SYSTEM, words) == [kept.record_id]


@pytest.mark.parametrize("words", ["thử trần", "th", "", "   "])
def test_all_words_must_be_whole_words_of_the_name(words):
    commands.keep_applicant(THU)
    assert queries.find_by_name_words(SYSTEM, words) == []


def test_the_latest_are_found_first_and_not_more_than_asked_for():
    kept = commands.keep_many([THU] * 5)
    latest = [item.record_id for item in kept[::-1]][:3]
    assert queries.find_by_id_number(SYSTEM, THU.id_number, limit=3) == latest
    assert queries.find_by_name_words(SYSTEM, "thu", limit=3) == latest


@pytest.mark.parametrize(
    ("find", "role"),
    [
        (queries.find_by_id_number, REFORM),
        (queries.find_by_name_words, REFORM),
        (queries.find_by_name_words, Role.ADMINISTRATOR),
    ],
)
def test_who_may_see_no_name_or_number_anywhere_may_not_search_by_it(find, role):
    with pytest.raises(NotPermitted):
        find(reader_at(1, role), "079190000012")
    assert find(reader_at(1, DESK), "079190000012") == []


# -- many at once -----------------------------------------------------------------------------------------------------


def test_many_are_kept_in_their_order_just_like_one_by_one(monkeypatch):
    monkeypatch.setattr(commands, "_BATCH", 3)
    items = [replace(THU, name=f"Lê Thử {letter}") for letter in "ABCDEFG"] + ["một ghi chú"]
    kept = commands.keep_many(iter(items))
    sights = [Sight(item.record_id, 1, 1) for item in kept]
    names = queries.names_for(SYSTEM, sights)
    assert [names[item.record_id] for item in kept[:-1]] == [item.name for item in items[:-1]]
    assert queries.notes(SYSTEM, sights) == {kept[-1].record_id: "một ghi chú"}
    wanted = {item.record_id: item.commitment for item in kept}
    assert set(queries.check_commitments(SYSTEM, wanted).values()) == {Verdict(holds=True)}
    assert len(queries.find_by_id_number(SYSTEM, THU.id_number)) == 7


def test_one_wrong_item_among_many_keeps_none(monkeypatch):
    monkeypatch.setattr(commands, "_BATCH", 1)
    with pytest.raises(commands.InvalidApplicant):
        commands.keep_many([THU, replace(THU, name="")])
    assert not Record.objects.exists()


# -- commitments, erasure, rotation -----------------------------------------------------------------------------------


def test_a_commitment_holds_for_its_own_record_only():
    first, second = commands.keep_applicant(THU), commands.keep_applicant(replace(THU, name="Trần Khác"))
    missing = uuid4()
    swapped = {first.record_id: second.commitment, second.record_id: second.commitment, missing: first.commitment}
    assert queries.check_commitments(SYSTEM, swapped) == {
        first.record_id: Verdict(holds=False),
        second.record_id: Verdict(holds=True),
        missing: Verdict(holds=False),
    }
    with pytest.raises(NotPermitted):
        queries.check_commitments(reader_at(1, Role.LEADER), swapped)


def test_nothing_readable_remains_of_an_erased_person_but_the_order():
    kept = commands.keep_applicant(THU)
    commands.erase(kept.record_id, "Quyết định 12/QĐ-UBND")
    row = Record.objects.get()
    assert (row.sealed, row.id_index, row.name_index) == (None, None, [])
    assert row.erased_at is not None
    shown = queries.applicant(SYSTEM, kept.record_id, **HERE, full=True)
    assert (shown.name, shown.kind, shown.erased_by) == (None, None, "Quyết định 12/QĐ-UBND")
    verdict = queries.check_commitments(SYSTEM, {kept.record_id: kept.commitment})[kept.record_id]
    assert verdict == Verdict(holds=False, erased_by="Quyết định 12/QĐ-UBND")
    assert queries.find_by_id_number(SYSTEM, THU.id_number) == []
    assert queries.find_by_name_words(SYSTEM, "thu") == []
    assert queries.names_for(SYSTEM, [Sight(kept.record_id, 1, 1)]) == {}
    assert not Access.objects.exists()


def test_the_first_order_to_erase_stays():
    kept = commands.keep_note("x")
    commands.erase(kept.record_id, "QĐ 1")
    commands.erase(kept.record_id, "QĐ 2")
    assert Record.objects.get().erasure_order == "QĐ 1"


def test_erasing_needs_an_order_and_a_record():
    kept = commands.keep_note("x")
    with pytest.raises(ValueError, match="order"):
        commands.erase(kept.record_id, " ")
    with pytest.raises(commands.NoSuchRecord):
        commands.erase(uuid4(), "QĐ 1")
    assert queries.note(SYSTEM, kept.record_id, **HERE) == "x"


@pytest.mark.parametrize("half", [{"sealed": None}, {"erasure_order": "QĐ 1"}])
def test_the_database_refuses_a_half_erased_record(half):
    commands.keep_applicant(THU)
    with pytest.raises(DatabaseError), transaction.atomic():
        Record.objects.update(**half)


def test_after_a_rotation_old_records_open_are_found_and_move_to_the_new_key(monkeypatch):
    old, new = (base64.b64encode(bytes([n]) * 32).decode() for n in (7, 8))
    monkeypatch.setenv("MOTCUA_DATA_KEY", old)
    kept = commands.keep_applicant(THU)
    note = commands.keep_note("ghi chú")
    monkeypatch.setenv("MOTCUA_DATA_KEY", f"{new},{old}")

    def found():
        assert queries.find_by_id_number(SYSTEM, THU.id_number) == [kept.record_id]
        assert queries.find_by_name_words(SYSTEM, "nguyen thu") == [kept.record_id]
        assert queries.names_for(SYSTEM, [Sight(kept.record_id, 1, 1)]) == {kept.record_id: THU.name}
        wanted = {kept.record_id: kept.commitment, note.record_id: note.commitment}
        assert set(queries.check_commitments(SYSTEM, wanted).values()) == {Verdict(holds=True)}

    found()
    assert [commands.seal_anew(limit=1) for _ in range(3)] == [1, 1, 0]
    monkeypatch.setenv("MOTCUA_DATA_KEY", new)
    found()
