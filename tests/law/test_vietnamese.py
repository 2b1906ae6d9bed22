"""Vietnamese order and search keys, against lists written by hand."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.vietnamese import sort_key, unaccent

# The entries of a dictionary: letter by letter, then the tones, then the next word.
DICTIONARY = """
a|à|ả|ã|á|ạ|ai|am|an|ăn|âm|ân
ba|ba ba|ba má|bà|bà ba|bà con|bả|bã|bá|bá chủ|bạ|bạ lang|bac|bác|bạc|băng|bằng|bẵng|bắng|bặng|bâng
ca|ch|cha|chả|da|đa|đá|đe|đê|e|ê|ga|gi|hoa|hoà|hòa|hoà bình|hòa bình|hoà giải|hỏa|hoả hoạn|hoá|hoạ
i|kha|la|ma|mã|na|nga|nghe|nha|o|ô|ơ|pha|qua|ra
sa|ta|tha|tra|u|ư|ưa|va|xa|y|ý
"""
# Names of places as an official list has them.
PLACES = (
    "An Giang|Bà Rịa|Bạc Liêu|Bắc Giang|Bắc Ninh|Bến Tre|Cà Mau|Cao Bằng|Cần Thơ|Đà Nẵng|Đắk Lắk|Điện Biên|Đồng Nai"
    "|Gia Lai|Hà Giang|Hà Nội|Hà Tĩnh|Hải Dương|Hải Phòng|Hòa Bình|Huế|Hưng Yên|Khánh Hòa|Kon Tum|Lai Châu|Lạng Sơn"
    "|Lào Cai|Lâm Đồng|Long An|Nam Định|Nghệ An|Ninh Bình|Phú Thọ|Quảng Nam|Quảng Ngãi|Quảng Ninh|Sóc Trăng|Tây Ninh"
    "|Thái Bình|Thanh Hóa|Thừa Thiên Huế|Tuyên Quang|Vĩnh Long|Yên Bái"
)
LISTS = [DICTIONARY.strip().replace("\n", "|").split("|"), PLACES.split("|")]

PLAIN = dict(zip("aăâbcdđeêghiklmnoôơpqrstuưvxy", "aaabcddeeghiklmnooopqrstuuvxy", strict=True))
TONES = "\u0300\u0309\u0303\u0301\u0323"
VOWELS = "aăâeêioôơuưy"
LETTERS = [*PLAIN, *(unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES)]
LETTERS += [letter.upper() for letter in LETTERS]


@pytest.mark.parametrize("expected", LISTS)
def test_lists_come_out_in_the_order_of_the_dictionary(expected):
    shuffled = expected[:]
    random.Random(7).shuffle(shuffled)
    assert sorted(shuffled, key=sort_key) == expected


@pytest.mark.parametrize("expected", LISTS)
def test_the_order_is_that_of_the_bytes_as_the_database_compares_them(expected):
    keys = [sort_key(text).encode() for text in expected]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert b"\x00" not in b"".join(keys)


def test_there_are_134_letters_with_diacritics_and_each_loses_them():
    """67 lower-case letters with diacritics (60 with a tone, and ă â ê ô ơ ư đ), and as many capitals."""
    accented = [letter for letter in LETTERS if not letter.isascii()]
    assert len(accented) == len(set(accented)) == 134
    for letter in LETTERS:
        base = unicodedata.normalize("NFD", letter.lower())[0]
        assert unaccent(letter) == PLAIN[base]
        assert unaccent(letter).isascii()


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_decomposed_letters_equal_composed_ones(letter, form):
    other = unicodedata.normalize(form, letter)
    assert sort_key(other) == sort_key(letter)
    assert unaccent(other) == unaccent(letter)


def test_marks_in_another_order_are_the_same_letter():
    assert sort_key("e\u0323\u0302") == sort_key("e\u0302\u0323") == sort_key("ệ")
    assert unaccent("e\u0323\u0302") == "e"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("  Nguyễn   Thị\tÁnh\u00a0", "nguyen thi anh"),
        ("ĐĂK LĂK", "dak lak"),
        ("Ðà Nẵng", "da nang"),  # the first letter is an eth, as old fonts left it
        ("Thừa Thiên – Huế", "thua thien – hue"),
        ("1.004222", "1.004222"),
        ("", ""),
    ],
)
def test_search_keys_are_plain_lower_case_with_single_blanks(text, key):
    assert unaccent(text) == key


def test_an_eth_sorts_where_the_letter_it_stands_for_does():
    assert sort_key("Ðà Nẵng") == sort_key("Đà Nẵng")


def test_capitals_and_blanks_do_not_change_the_order():
    assert sort_key(" HÀ   NỘI ") == sort_key("hà nội")


words = st.text("".join(LETTERS) + " -1", max_size=12)


@given(words, words)
def test_two_texts_share_a_key_only_if_they_read_alike(one, other):
    def reading(text):
        return " ".join(unicodedata.normalize("NFC", text.lower()).split())

    assert (sort_key(one) == sort_key(other)) == (reading(one) == reading(other))


@given(words)
def test_a_search_key_is_its_own_search_key(text):
    assert unaccent(unaccent(text)) == unaccent(text)
