"""Articles of law as refusals name them, and the numbers of official papers as people type them."""

import re
from collections.abc import Collection, Mapping
from typing import Final

# An instrument that took another's place: its layer, its short name, and its articles for the former ones. What it is
# not known to say elsewhere is cited by the former article, and as such.
_FOLLOWED: Final[Mapping[str, tuple[str, str, Mapping[str, str]]]] = {
    "NĐ 61/2018": ("nd118-2025", "NĐ 118/2025", {"16": "15", "17": "17", "17.1": "17", "18": "18", "20": "22"}),
    "TT 01/2018": ("tt03-2025", "TT 03/2025", {}),
}
_ARTICLE = re.compile(r"(?P<instrument>[^,]+), Điều (?P<articles>.+)")

# The number of an official paper and no more: free words could name the person whose data goes.
_ORDER = re.compile(
    r"((Quyết định|Bản án|Công văn|Thông báo|QĐ|CV)( số)? )?"
    r"\d{1,6}(/\d{4})?/[0-9A-ZĐ]{1,10}(-[0-9A-ZĐ.]{1,12}[a-z]{0,3}){0,4}( ngày \d{1,2}/\d{1,2}/\d{4})?"
)
_NUMBER = re.compile(r"(?=.*\d)[0-9A-ZĐ][0-9A-ZĐ./-]{0,39}")  # of a consignment or a money receipt
_PLACE = r"(điểm [a-zđ]|khoản \d{1,2}|Điều \d{1,3}[a-zđ]?|Chương [IVX]{1,6}|Phụ lục [IVX\d]{1,6})"
_INSTRUMENT = r"(Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư|Thông tư liên tịch|Quyết định)"
_CITATION = re.compile(
    rf"{_PLACE}([ ,;]{{1,2}}{_PLACE}){{0,5}} (của )?{_INSTRUMENT} (số )?\d{{1,4}}/\d{{4}}/[0-9A-ZĐ-]{{2,20}}"
)


def cited(article: str, layers: Collection[str]) -> str:
    """The article as the law in force for the dossier has it; "NĐ 61/2018, Điều 18" becomes "NĐ 118/2025, Điều 18".

    Where the text of the newer instrument is not known, the former article stands behind its name.
    """
    found = _ARTICLE.fullmatch(article)
    instrument = found["instrument"] if found else article.partition(",")[0]
    layer, name, articles = _FOLLOWED.get(instrument, ("", "", {}))
    if layer not in layers:
        return article
    wanted = found["articles"].split(", ") if found else []
    if wanted and all(each in articles for each in wanted):
        return f"{name}, Điều {', '.join(dict.fromkeys(articles[each] for each in wanted))}"
    return f"{name}, như {article}"


def is_order(text: str) -> bool:
    """Whether a text is the number of an official paper, such as 12/QĐ-UBND, with or without its kind and its day."""
    return _ORDER.fullmatch(text) is not None


def is_citation(text: str) -> bool:
    """Whether a text names a place in an instrument, such as "khoản 2 Điều 19 Nghị định 61/2018/NĐ-CP", and no more."""
    return _CITATION.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Whether a text is the number of a consignment or a money receipt: capitals, digits, and a digit at least."""
    return _NUMBER.fullmatch(text) is not None
