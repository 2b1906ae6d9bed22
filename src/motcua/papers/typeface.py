"""What the papers' one typeface (Tinos, with the metrics of Times New Roman) can print, and text made ready for it."""

import re
import unicodedata
from pathlib import Path

FAMILY = "Tinos"
# Built from a locked package at set-up (`python -m motcua.ui.build`), beside the templates; never kept in git.
FOLDER = Path(__file__).parent / "fonts"

# Code points with a glyph in each of the four styles, checked by the tests: Latin with every Vietnamese letter,
# combining marks, Greek, Cyrillic, punctuation, figures and the signs found in offices.
_RANGES = """
0020-007E 00A0-00AC 00AE-0241 0250-02E4 0300-0304 0306-030C 031B 0323 0327-0328 0331 0384-038A 038C 038E-03A1
03A3-03CE 0400-045F 0490-0491 1E00-1E9B 1EA0-1EF9 2010-2015 2018-201E 2020-2022 2026 2030 2032-2033 2039-203A 203E
2044 2070 2074-2079 2080-2089 20AB-20AC 2103 2116 2120 2122 2126 2153-2154 215B-215E 2190-2193 2212 221E
2248 2260 2264-2265 25A0-25A1 25CB 25CF
"""

_BREAK = "\u200b"
# A longer run without a blank (an e-mail, a URL) may be broken, after a punctuation mark where there is one and never
# between a letter and its combining mark. Dossier codes are shorter and break at their hyphens.
_LONG_RUN = re.compile(r"\S{26,}")
_PIECE = re.compile(r"(?:[^-./@_]{0,11}[-./@_]|.{1,12})[\u0300-\u036f]*")
_SPACES = re.compile(r"\s+")


def _code_points() -> frozenset[str]:
    printable: set[str] = set()
    for item in _RANGES.split():
        first, _, last = item.partition("-")
        printable.update(chr(point) for point in range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(printable)


PRINTABLE = _code_points()


def clean(text: str) -> str:
    """The text as it is printed: composed (NFC), blanks and line ends as single spaces, no control characters.

    Control and format characters have no shape of their own, but can turn the reading order round (U+202E) or hide
    words; a paper must show what it says.
    """
    if text.isprintable() and "  " not in text and text == text.strip() and unicodedata.is_normalized("NFC", text):
        return text  # nearly always; `isprintable` knows no blank but the space and no control or format character
    spaced = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return "".join(char for char in spaced if unicodedata.category(char)[0] != "C" or char in PRINTABLE)


def unprintable(text: str) -> str:
    """The characters of `text` that no paper can show (Chinese, emoji …), each once, in order; empty when all is well.

    A desk asks before it accepts a name: there the right spelling, in Latin letters, can still be had.
    """
    shown = clean(text)
    if PRINTABLE.issuperset(shown):
        return ""
    return "".join(dict.fromkeys(char for char in shown if char not in PRINTABLE))


def breakable(text: str) -> str:
    """Clean text with U+200B at the places where an over-long run of letters may be broken at the end of a line."""
    return _LONG_RUN.sub(lambda run: _BREAK.join(_PIECE.findall(run.group())), clean(text))
