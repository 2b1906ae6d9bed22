"""Every template keeps the content security policy and the language catalogue honest."""

import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

import motcua
from motcua.ui.fonts import vietnamese_letters
from motcua.ui.icons import ICONS

PACKAGE = Path(motcua.__file__).parent
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
NAMES = [path.relative_to(PACKAGE).as_posix() for path in TEMPLATES]
LETTERS = frozenset(vietnamese_letters())
OWN_NAMES = {"Tiếng Việt"}  # a language is named in itself


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_template_carries_no_inline_style_or_script(path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|hx-vals=['\"]js:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_template_loads_nothing_from_elsewhere(path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_vietnamese_words_stand_only_where_they_can_be_translated(path) -> None:
    inside = False
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        if token.token_type == TokenType.BLOCK:
            inside = token.contents.startswith("blocktrans") or (
                inside and not token.contents.startswith("endblocktrans")
            )
        elif token.token_type == TokenType.TEXT and not inside and token.contents.strip() not in OWN_NAMES:
            found = sorted(set(token.contents) & LETTERS)
            assert not found, f"line {token.lineno}: {token.contents.strip()!r} is not in a translate tag"


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_every_icon_that_a_template_names_is_in_the_sprite(path) -> None:
    used = set(re.findall(r"""{%\s*icon\s+["']([^"']+)["']""", path.read_text(encoding="utf-8")))
    assert used <= ICONS
