"""Vietnamese order and unaccented search keys, made in Python so that every database server answers alike."""

import re
import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng
_SHAPES = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn make letters of their own
_RANK = {letter: chr(0x61 + index) if index < 26 else chr(0x7B + index - 26) for index, letter in enumerate(_LETTERS)}
_ETH = "ð"  # what old fonts left where đ was meant: the two look the same as capitals
_END, _NEXT_WORD = "\x01", "\x02"  # less than any letter, so that what is shorter comes first
_SPACES = re.compile(r"\s+")


def without_marks(text: str) -> str:
    """The same text in plain letters, as old text messages carry it: no diacritics, đ as d, Đ as D."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D")


def unaccent(text: str) -> str:
    """Lower-case text without any diacritic, đ as d, runs of white space as one blank: the key for searching."""
    return _SPACES.sub(" ", without_marks(text.lower()).replace(_ETH, "d")).strip()


def sort_key(text: str) -> str:
    """A string whose order under collation "C" is Vietnamese dictionary order.

    Word by word: in each the letters (a ă â … d đ … u ư) come first, then, for equal letters, the tone
    (ngang, huyền, hỏi, ngã, sắc, nặng). So every "ba …" stands before the first "bà …". On which letter the tone is
    written (hoà, hòa) counts last of all.
    """
    words = [[_split(char) for char in word] for word in unicodedata.normalize("NFC", text.lower()).split()]
    keys = ["".join(_RANK.get(letter, letter) for letter, _ in word) + _END + _tones(word) for word in words]
    places = "".join(str(tone) for word in words for _, tone in word)
    return _NEXT_WORD.join(keys) + _END + places if keys else ""


def _tones(word: list[tuple[str, int]]) -> str:
    return "".join(str(tone) for _, tone in word if tone)


def _split(char: str) -> tuple[str, int]:
    """One composed character as its Vietnamese letter and the rank of its tone."""
    tone = 0
    kept: list[str] = []
    for part in unicodedata.normalize("NFD", char):
        if part in _TONES:
            tone = _TONES[part]
        elif not unicodedata.combining(part) or part in _SHAPES:
            kept.append("đ" if part == _ETH else part)
    return unicodedata.normalize("NFC", "".join(kept)), tone
