"""The rules for an applicant's data, the masks, and the text in an identity card's QR code."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from motcua.persons.identity import (
    MESSAGES,
    ApplicantData,
    ApplicantKind,
    CardUnreadable,
    FieldError,
    IdKind,
    Sex,
    check,
    mask_id,
    mask_phone,
    normal_phone,
    normalised,
    parse_card_qr,
)

PERSON = ApplicantData(
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


def test_a_full_applicant_and_a_bare_name_are_both_right():
    assert check(PERSON) == ()
    assert check(ApplicantData(ApplicantKind.ENTERPRISE, "Công ty TNHH 36")) == ()


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"name": "   "}, "name", "name_missing"),
        ({"name": "A" * 201}, "name", "name_long"),
        ({"name": "---"}, "name", "name_letters"),
        ({"name": "Nguyễn\u202eAn"}, "name", "name_letters"),
        ({"name": "Nguyễn An 2"}, "name", "name_digits"),
        ({"id_kind": None}, "id_kind", "id_kind_missing"),
        ({"id_number": "07919000001"}, "id_number", "cccd_digits"),
        ({"id_number": "0791900000123"}, "id_number", "cccd_digits"),
        ({"id_number": "07919000001a"}, "id_number", "cccd_digits"),
        ({"id_number": "02456789", "id_kind": IdKind.CMND}, "id_number", "cmnd_digits"),
        ({"id_number": "HOCHIEU", "id_kind": IdKind.PASSPORT}, "id_number", "passport_shape"),
        ({"id_number": "030000000", "id_kind": IdKind.TAX_CODE}, "id_number", "tax_code_shape"),
        ({"birth_date": date(1899, 12, 31)}, "birth_date", "birth_date_range"),
        ({"address": "x" * 301}, "address", "address_long"),
        ({"phone": "1234567890"}, "phone", "phone_shape"),
        ({"phone": "090123412"}, "phone", "phone_shape"),
        ({"phone": "không có"}, "phone", "phone_shape"),
        ({"email": "thu@"}, "email", "email_shape"),
        ({"email": "thu example.vn"}, "email", "email_shape"),
        ({"email": "thu@example"}, "email", "email_shape"),
    ],
)
def test_one_wrong_value_is_one_error_beside_its_field(change, field, code):
    assert check(replace(PERSON, **change)) == (FieldError(field, code),)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("024 567 890", IdKind.CMND),
        ("c1234567", IdKind.PASSPORT),
        ("0300588569", IdKind.TAX_CODE),
        ("0300588569-001", IdKind.TAX_CODE),
        ("079190000012", IdKind.TAX_CODE),
    ],
)
def test_numbers_of_other_papers_are_accepted_as_people_write_them(number, kind):
    assert check(replace(PERSON, id_number=number, id_kind=kind)) == ()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+84 901 234 123", "0901234123"),
        ("84901234123", "0901234123"),
        ("090.123.4123", "0901234123"),
        ("(028) 3829-1234", "02838291234"),
    ],
)
def test_a_telephone_number_is_kept_in_one_spelling(written, kept):
    assert normal_phone(written) == kept
    assert check(replace(PERSON, phone=written)) == ()


def test_several_wrong_values_are_told_at_once_in_the_order_of_the_form():
    wrong = replace(PERSON, name="", phone="1", id_number="1")
    assert [error.field for error in check(wrong)] == ["name", "id_number", "phone"]


def test_every_error_has_a_message_and_none_holds_the_value():
    with translation.override("vi"):
        assert all(FieldError("x", code).message for code in MESSAGES)
        (error,) = check(replace(PERSON, id_number="98765"))
    assert error.message == "Số căn cước phải có đúng 12 chữ số."
    assert "98765" not in str(error)


TEXT = st.text(max_size=30)
APPLICANTS = st.builds(
    ApplicantData,
    kind=st.sampled_from(ApplicantKind),
    name=TEXT,
    id_number=TEXT,
    id_kind=st.none() | st.sampled_from(IdKind),
    birth_date=st.none() | st.dates(),
    sex=st.none() | st.sampled_from(Sex),
    address=TEXT,
    phone=TEXT,
    email=TEXT,
)


@given(APPLICANTS)
def test_one_spelling_is_final_and_checking_never_fails(data):
    once = normalised(data)
    assert normalised(once) == once
    assert check(once) == check(data)


def test_a_mask_shows_the_ends_only():
    assert mask_id("079012345612") == "0790******12"
    assert mask_id("024567890") == "0245***90"
    assert mask_phone("0901234123") == "090****123"
    assert mask_id("") == ""


@given(st.text("0123456789ABC", min_size=1, max_size=20))
def test_a_mask_keeps_the_length_and_never_shows_the_number(number):
    for mask in (mask_id, mask_phone):
        masked = mask(number)
        assert len(masked) == len(number)
        assert masked.count("*") >= min(3, len(number))
        assert masked != number


CARD = "079190000012|024567890|Nguyễn Thị Thử|28021990|Nữ|1 Lê Lợi, Phường Một, TP Thử|05052021"


def test_a_card_is_read():
    card = parse_card_qr(CARD)
    assert (card.number, card.old_number, card.name) == ("079190000012", "024567890", "Nguyễn Thị Thử")
    assert (card.birth_date, card.sex) == (date(1990, 2, 28), Sex.FEMALE)
    assert (card.address, card.issued_on) == ("1 Lê Lợi, Phường Một, TP Thử", date(2021, 5, 5))
    assert check(card.applicant()) == ()
    assert card.applicant().id_kind is IdKind.CCCD


@pytest.mark.parametrize(
    "text",
    [
        CARD.replace("024567890", ""),
        CARD + "||Tên cha|Tên mẹ|",
        f"  {CARD}\r\n",
        CARD.replace("Nữ", "nữ"),
        CARD.replace("|", " | "),
        CARD.replace("Nguyễn Thị Thử", "Nguye\u0302\u0303n Thị  Thử"),
    ],
)
def test_variants_of_real_cards_are_read_alike(text):
    card = parse_card_qr(text)
    assert (card.name, card.sex, card.issued_on) == ("Nguyễn Thị Thử", Sex.FEMALE, date(2021, 5, 5))


@pytest.mark.parametrize(
    ("part", "dirt", "code"),
    [
        (0, "07919000001", "card_number"),
        (0, "07919000001O", "card_number"),
        (1, "1234", "card_old_number"),
        (2, "", "card_name"),
        (2, "12345", "card_name"),
        (3, "31021990", "card_birth_date"),
        (3, "1990", "card_birth_date"),
        (3, "1990-02-28", "card_birth_date"),
        (4, "?", "card_sex"),
        (5, "", "card_address"),
        (6, "", "card_issued_on"),
        (6, "99999999", "card_issued_on"),
    ],
)
def test_a_dirty_card_is_refused_by_the_part_that_is_wrong(part, dirt, code):
    parts = CARD.split("|")
    parts[part] = dirt
    with pytest.raises(CardUnreadable) as refusal:
        parse_card_qr("|".join(parts))
    assert [error.code for error in refusal.value.errors] == [code]
    assert "Nguyễn" not in str(refusal.value)


def test_every_dirty_part_is_named():
    with pytest.raises(CardUnreadable) as refusal:
        parse_card_qr("|x||x|x||x")
    assert [error.field for error in refusal.value.errors] == [
        "number", "old_number", "name", "birth_date", "sex", "address", "issued_on",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "079190000012", "https://example.vn/?a=1", "||||"])
def test_another_text_is_no_card(text):
    with pytest.raises(CardUnreadable) as refusal:
        parse_card_qr(text)
    assert [error.code for error in refusal.value.errors] == ["card_parts"]


@given(st.text(max_size=80) | st.lists(TEXT, min_size=7, max_size=9).map("|".join))
def test_no_text_makes_the_reading_of_cards_fail_otherwise(text):
    try:
        assert check(parse_card_qr(text).applicant()) in ((), (FieldError("birth_date", "birth_date_range"),))
    except CardUnreadable as refusal:
        assert all(error.message for error in refusal.errors)
