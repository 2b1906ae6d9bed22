"""What the build makes: Vietnamese fonts with tabular figures, one stylesheet without foreign addresses, one sprite."""

import io
import json
import re

import pytest
from fontTools.ttLib import TTFont

from motcua.ui import build
from motcua.ui.fonts import DIGITS, WEIGHTS, characters, vietnamese_letters
from motcua.ui.icons import ICONS, SHAPES


@pytest.fixture(scope="module")
def dist():
    """The folder of built files, brought up to date first."""
    build.build()
    return build.DIST


def test_a_second_build_of_the_same_tree_does_nothing(dist) -> None:
    assert build.build() is False


def test_the_stamp_changes_with_any_source(dist, monkeypatch) -> None:
    before = build.sources_stamp()
    monkeypatch.setattr(build, "sources", lambda: [build.PROJECT / "package.json"])
    assert build.sources_stamp() != before


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((build.PROJECT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all("resolved" not in entry for entry in packages.values())
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert "registry" not in json.dumps(lock)


def test_packages_are_named_with_exact_versions() -> None:
    wanted = json.loads((build.PROJECT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())


def test_vietnamese_has_134_letters_beyond_ascii() -> None:
    letters = vietnamese_letters()
    assert len(letters) == 134
    assert set("ĂÂĐÊÔƠƯăâđêôơưạếỗữỹ") <= set(letters)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_a_font_subset_writes_all_of_vietnamese_with_figures_of_one_width(dist, weight) -> None:
    font = TTFont(io.BytesIO((dist / f"be-vietnam-pro-{weight}.woff2").read_bytes()))
    cmap = font.getBestCmap()
    assert {ord(character) for character in characters()} <= set(cmap)
    records = font["GSUB"].table.FeatureList.FeatureRecord
    tags = [record.FeatureTag for record in records]
    assert tags == sorted(tags)
    lookup = font["GSUB"].table.LookupList.Lookup[records[tags.index("tnum")].Feature.LookupListIndex[0]]
    mapping = lookup.SubTable[0].mapping
    assert set(mapping) == {cmap[ord(digit)] for digit in DIGITS}
    assert len({font["hmtx"][name][0] for name in mapping.values()}) == 1


def test_the_stylesheet_asks_nobody_else_and_holds_no_data_pictures(dist) -> None:
    css = (dist / "motcua.css").read_text(encoding="utf-8")
    assert re.findall(r"url\(([^)]+)\)", css) == [f'"be-vietnam-pro-{weight}.woff2"' for weight in WEIGHTS]
    assert not re.search(r"https?:|data:|@import|sourceMappingURL", css)


def test_the_sprite_holds_every_icon_and_every_shape(dist) -> None:
    ids = set(re.findall(r'<symbol id="([^"]+)"', (dist / "icons.svg").read_text(encoding="utf-8")))
    assert ids == {f"i-{name}" for name in ICONS} | {f"s-{name}" for name in SHAPES} | {"mark"}


def test_licences_travel_with_the_files(dist) -> None:
    text = (dist / "LICENSES.txt").read_text(encoding="utf-8")
    assert all(word in text for word in ("SIL Open Font License", "MIT", "Zero-Clause BSD", "lucide"))


def test_a_step_that_fails_says_which_and_what_to_do(monkeypatch, capsys) -> None:
    def fail() -> bool:
        build._node(["-e", "console.error('no such thing'); process.exit(3)"], "compile the styles")
        return True

    monkeypatch.setattr(build, "build", fail)
    assert build.main() == 1
    error = capsys.readouterr().err
    assert "could not compile the styles" in error and "no such thing" in error and "run this again" in error


def _tokens() -> dict[str, str]:
    settings = (build.UI / "scss" / "_settings.scss").read_text(encoding="utf-8")
    tokens = (build.UI / "scss" / "_tokens.scss").read_text(encoding="utf-8")
    variables = dict(re.findall(r"^\$([a-z-]+): (#[0-9a-f]{3,6});", settings, re.MULTILINE))
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", tokens))
    found |= {name: variables[variable] for name, variable in re.findall(r"--([a-z-]+): #\{\$([a-z-]+)\};", tokens)}
    return found


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [(text, ground) for text in ("ink", "ink-soft", "sky", "lotus", "lotus-deep") for ground in ("paper", "canvas")]
    + [(tone, ground) for tone in SHAPES for ground in ("paper", "canvas", f"{tone}-tint")]
    + [("paper", "lotus"), ("paper", "lotus-deep"), ("ink", "lotus-tint"), ("ink-soft", "lotus-tint")]
    + [("lotus-deep", "lotus-tint"), ("sky", "lotus-tint"), ("ink", "sky-tint"), ("ink-soft", "none-tint")],
)
def test_text_stands_out_from_its_ground(text, ground) -> None:
    tokens = _tokens()
    assert _contrast(tokens[text], tokens[ground]) >= 4.5
