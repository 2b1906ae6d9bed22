"""Names come out letter by letter: nothing in them is obeyed, nothing is a box, every Vietnamese letter is there."""

import json
import re
import unicodedata
from dataclasses import replace

import pytest
import typst
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.papers.bases import Basis
from motcua.papers.forms import Component
from motcua.papers.render import UnprintableTextError, render
from motcua.papers.typeface import FAMILY, FOLDER, PRINTABLE, clean, unprintable
from motcua.ui.fonts import PAPER_STYLES
from papers.reading import pages, squeeze, text_of
from papers.samples import ORDINARY, RECEIPT

VIETNAMESE = "".join(
    half
    for vowels, d in (("aăâeêioôơuưy", "đ"), ("AĂÂEÊIOÔƠUƯY", "Đ"))
    for half in (
        *(
            unicodedata.normalize("NFC", vowel + tone)
            for vowel in vowels
            for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
        ),
        d,
    )
)


@pytest.mark.parametrize(
    "name",
    [
        '#eval("1+1")',
        "#sys.inputs.form",
        "$x^2$",
        "a\\b\\",
        "@tin",
        "*đậm*",
        "_nghiêng_",
        "`mã`",
        "<nhãn>",
        "[khối]",
        "{khối}",
        "= Đầu đề",
        "// chú thích",
        "/* chú thích",
        "\"ngoặc\" 'đơn'",
        "~ -- --- ...",
        "- mục",
        "+ mục",
        "1. mục",
        "\\u{41}",
        '#include "/etc/passwd"',
        "&amp; <b>",
        "Đặng",
    ],
)
def test_marks_that_typst_would_obey_come_out_as_written(name):
    form = replace(RECEIPT, owner_name=name, components=(Component(name=name),), request_content=name)
    assert text_of(render(form)).count(squeeze(name)) >= 3


NAMES = st.text(st.sampled_from(sorted(PRINTABLE)), min_size=1, max_size=60).filter(
    # A base letter with a chain of loose marks has no one order that extraction must give back.
    lambda text: clean(text) and not any(unicodedata.combining(char) for char in unicodedata.normalize("NFC", text))
)


@settings(max_examples=60, deadline=None)
@given(name=NAMES)
def test_any_printable_name_stands_on_the_receipt_letter_by_letter(name):
    assert squeeze(clean(name)) in text_of(render(replace(RECEIPT, owner_name=name)))


@settings(max_examples=60, deadline=None)
@given(name=st.text(min_size=1, max_size=40).filter(str.strip))
def test_any_text_at_all_is_either_printed_or_refused_by_name(name):
    form = replace(RECEIPT, owner_name=name)
    if unprintable(name):
        with pytest.raises(UnprintableTextError) as caught:
            render(form)
        assert caught.value.field == "owner_name"
    else:
        assert pages(render(form))


def test_a_character_the_typeface_lacks_is_named_with_its_field_and_not_printed_as_a_box():
    with pytest.raises(UnprintableTextError, match=r"components\[1\]\.name: .*U\+4E2D") as caught:
        render(replace(RECEIPT, components=(Component(name="Tờ khai"), Component(name="Bản dịch 中"))))
    assert caught.value.characters == "中"
    assert "Bản dịch" not in str(caught.value)


def test_invisible_characters_cannot_turn_or_hide_what_a_paper_says():
    assert clean("Nguyễn\u202e Thị\u200b\x00 Mẫu\u2066") == "Nguyễn Thị Mẫu"
    assert clean("Nguyễn\n\tThị\u00a0Mẫu ") == "Nguyễn Thị Mẫu"


def test_every_vietnamese_letter_comes_back_as_itself_in_regular_bold_and_italic():
    assert len(set(VIETNAMESE)) == 2 * 73  # 12 vowels in 6 tones and đ, small and capital
    # Bold, regular and italic on the receipt; single letters between blanks, so that lines may break anywhere.
    small, capital = " ".join(VIETNAMESE[:73]), " ".join(VIETNAMESE[73:])
    for first, second in ((small, capital), (capital, small)):
        head = replace(RECEIPT.head, place=first)
        text = text_of(render(replace(RECEIPT, head=head, owner_name=first, address=second)))
        assert text.count(squeeze(first)) >= 2
        assert squeeze(second) in text


STYLES = ("char", "strong(char)", "emph(char)", "strong(emph(char))")


def test_every_character_called_printable_has_a_glyph_in_all_four_styles(tmp_path):
    source = tmp_path / "glyphs.typ"
    source.write_text(
        f'#set text(font: "{FAMILY}", fallback: false, ligatures: false)\n#set page(width: 80mm, height: auto)\n'
        f"#for char in json(bytes(sys.inputs.chars)) [{' '.join(f'#box({style})' for style in STYLES)} #parbreak()]\n"
    )
    compiler = typst.Compiler(source, root=tmp_path, font_paths=[FOLDER], ignore_system_fonts=True)

    def glyphs(*chars: str) -> set[bytes]:
        svg = compiler.compile(format="svg", sys_inputs={"chars": json.dumps(chars)})
        return set(re.findall(rb'href="#(g[^"]+)"', svg if isinstance(svg, bytes) else b"".join(svg)))

    missing = glyphs("\u4e2d")
    assert missing, "the mark of a missing glyph should be visible"
    assert glyphs("\U0001f600") == missing
    assert glyphs(*sorted(PRINTABLE)).isdisjoint(missing)


@pytest.mark.parametrize("name", PAPER_STYLES)
def test_every_vietnamese_letter_has_a_glyph_of_its_own_in_every_style(name):
    font = TTFont(FOLDER / name)
    cmap = font.getBestCmap()
    assert set(map(ord, VIETNAMESE)) <= set(cmap)
    drawn = {char: font["glyf"][cmap[ord(char)]] for char in VIETNAMESE}
    assert all(glyph.numberOfContours for glyph in drawn.values())
    assert len({cmap[ord(char)] for char in VIETNAMESE}) == len(VIETNAMESE)


# Widths of Times-Roman and Times-Bold in thousandths of the size, from Adobe's metrics of the 14 standard typefaces.
TIMES = {
    "tinos.ttf": {" ": 250, "A": 722, "a": 444, "i": 278, "m": 778, "n": 500, "W": 944, "0": 500, ".": 250, "-": 333},
    "tinos-bold.ttf": {" ": 250, "A": 722, "a": 500, "i": 278, "m": 833, "n": 556, "W": 1000, "0": 500, ".": 250},
}


@pytest.mark.parametrize("name", TIMES)
def test_the_typeface_has_the_widths_of_times(name):
    font = TTFont(FOLDER / name)
    cmap, unit = font.getBestCmap(), font["head"].unitsPerEm
    widths = {char: font["hmtx"][cmap[ord(char)]][0] / unit * 1000 for char in TIMES[name]}
    assert widths == pytest.approx(TIMES[name], abs=1)


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("form", ORDINARY, ids=lambda form: type(form).__name__)
def test_no_paper_falls_back_to_another_typeface(form, basis):
    whole = VIETNAMESE[:73] + " " + VIETNAMESE[73:]
    head = replace(form.head, agency=whole, desk_name=whole, parent_agency=whole, place=whole)
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2].partition("-")[0]
        for page in pages(render(replace(form, head=head), basis=basis))
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts == {FAMILY}
