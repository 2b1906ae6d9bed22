"""Cuts Be Vietnam Pro down to what Vietnamese and English pages need, and gives it tabular figures."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

WEIGHTS: dict[int, str] = {
    400: "400Regular/BeVietnamPro_400Regular.ttf",
    500: "500Medium/BeVietnamPro_500Medium.ttf",
    600: "600SemiBold/BeVietnamPro_600SemiBold.ttf",
}
# The papers' typeface, with the metrics of Times New Roman: each style's file as papers find it, and in the package.
PAPER_STYLES: dict[str, str] = {
    "tinos.ttf": "400Regular/Tinos_400Regular.ttf",
    "tinos-italic.ttf": "400Regular_Italic/Tinos_400Regular_Italic.ttf",
    "tinos-bold.ttf": "700Bold/Tinos_700Bold.ttf",
    "tinos-bold-italic.ttf": "700Bold_Italic/Tinos_700Bold_Italic.ttf",
}
PUNCTUATION = "\u00a0–—‘’“”…•·×−≤≥‹›«»°²³₫§"
DIGITS = "0123456789"


def vietnamese_letters() -> str:
    """Every letter of Vietnamese beyond ASCII: each vowel with each tone, and đ, in both cases (134 letters)."""
    tones = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
    lower = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones] + ["đ"]
    return "".join(sorted({c for c in lower + [c.upper() for c in lower] if ord(c) > 127}))


def characters() -> str:
    """All characters in the subset."""
    return "".join(map(chr, range(0x20, 0x7F))) + vietnamese_letters() + PUNCTUATION


def subset_font(source: Path, target: Path) -> None:
    """Writes the woff2 subset of the TrueType file `source`; hints are dropped, since screens no longer need them."""
    from fontTools import subset

    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = ["kern", "ccmp", "locl", "mark", "mkmk"]
    options.glyph_names = False
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters())
    cutter.subset(font)
    add_tabular_figures(font)
    subset.save_font(font, str(target), options)


def unhinted(source: Path, target: Path) -> None:
    """Writes the TrueType file `source` with all its letters and without its hints, which print has no use for.

    They would be a fifth of every paper: each file carries them along for the letters that it uses.
    """
    from fontTools import subset

    options = subset.Options()
    options.hinting = False
    options.layout_features = ["kern", "ccmp", "locl", "mark", "mkmk"]
    options.notdef_outline = True  # a letter that is not there must be seen, not left out
    options.recalc_timestamp = False  # the same package gives the same bytes, and so the same papers
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=font.getBestCmap())
    cutter.subset(font)
    subset.save_font(font, str(target), options)


def add_tabular_figures(font: TTFont) -> None:
    """Adds figures of one width behind the OpenType feature `tnum`.

    The typeface has only proportional figures ("1" is little more than half as wide as "0"), and in a column of
    amounts or clocks the digits must stand under each other.
    """
    from fontTools.ttLib.tables import _g_l_y_f as glyf_table

    cmap, glyphs, metrics = font.getBestCmap(), font["glyf"], font["hmtx"]
    names = [cmap[ord(digit)] for digit in DIGITS]
    width = max(metrics[name][0] for name in names)
    mapping = {}
    for name in names:
        advance, bearing = metrics[name]
        shift = (width - advance) // 2
        component = glyf_table.GlyphComponent()
        component.glyphName, component.x, component.y, component.flags = name, shift, 0, 0x0004
        glyph = glyf_table.Glyph()
        glyph.numberOfContours, glyph.components = -1, [component]
        mapping[name] = f"{name}.tf"
        glyphs[mapping[name]] = glyph
        metrics[mapping[name]] = (width, bearing + shift)
        glyph.recalcBounds(glyphs)
    font.setGlyphOrder(glyphs.glyphOrder)
    _add_single_substitution(font, "tnum", mapping)


def _add_single_substitution(font: TTFont, tag: str, mapping: dict[str, str]) -> None:
    from fontTools.ttLib.tables import otTables

    substitution = otTables.SingleSubst()
    substitution.mapping = mapping
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag, lookup.SubTable, lookup.SubTableCount = 1, 0, [substitution], 1
    table = font["GSUB"].table
    table.LookupList.Lookup.append(lookup)
    feature = otTables.Feature()
    feature.FeatureParams, feature.LookupListIndex, feature.LookupCount = None, [len(table.LookupList.Lookup) - 1], 1
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = tag, feature
    # OpenType wants feature records in alphabetical order; "tnum" comes after every feature that the subset keeps,
    # so appending keeps the order and the indices that language systems already hold.
    table.FeatureList.FeatureRecord.append(record)
    index = len(table.FeatureList.FeatureRecord) - 1
    for script in table.ScriptList.ScriptRecord:
        for system in [script.Script.DefaultLangSys, *(lang.LangSys for lang in script.Script.LangSysRecord)]:
            if system is not None:
                system.FeatureIndex.append(index)
