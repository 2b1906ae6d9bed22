"""The keyboard moves through a list, opens, searches, and leaves those who type alone."""

import pytest

from motcua.ui.build import UI

PAGE = """
<!doctype html><body data-keys>
<input id="search" data-key="/" value="old">
<a id="new" data-key="n" href="#new">new</a>
<ul data-rows>
  <li data-row id="r1"><a data-row-link href="#one">one</a> <a data-key="b" href="#hand-over-one">b</a></li>
  <li data-row id="hidden" hidden><a href="#no">no</a></li>
  <li data-row id="r2"><a href="#two">two</a> <a data-key="b" href="#hand-over-two">b</a></li>
</ul>
<details class="menu" open><summary>menu</summary><p>x</p></details>
<div class="error-summary" id="error-summary" tabindex="-1">errors</div>
</body>"""


@pytest.fixture
def keyboard(page):
    """A page with two rows and the script, and nothing else."""
    page.set_content(PAGE)
    page.add_script_tag(content=(UI / "static" / "ui" / "keys.js").read_text(encoding="utf-8"))
    return page


def _at(page) -> str:
    return page.evaluate("location.hash")


def _current(page) -> list[str]:
    return page.evaluate("[...document.querySelectorAll('.row-current')].map((row) => row.id)")


def test_the_error_summary_is_read_first(keyboard) -> None:
    assert keyboard.evaluate("document.activeElement.id") == "error-summary"


def test_j_and_k_walk_the_rows_that_are_shown_and_stop_at_the_ends(keyboard) -> None:
    seen = []
    for key in "jjjkk":
        keyboard.keyboard.press(key)
        seen.append(_current(keyboard))
    assert seen == [["r1"], ["r2"], ["r2"], ["r1"], ["r1"]]


def test_enter_opens_the_row(keyboard) -> None:
    keyboard.keyboard.press("j")
    keyboard.keyboard.press("j")
    keyboard.keyboard.press("Enter")
    assert _at(keyboard) == "#two"


def test_a_key_of_the_current_row_wins_over_the_first_on_the_page(keyboard) -> None:
    keyboard.keyboard.press("j")
    keyboard.keyboard.press("j")
    keyboard.keyboard.press("b")
    assert _at(keyboard) == "#hand-over-two"


def test_a_key_follows_its_link_from_anywhere(keyboard) -> None:
    keyboard.keyboard.press("n")
    assert _at(keyboard) == "#new"


def test_the_slash_goes_to_the_search_and_escape_leaves_it(keyboard) -> None:
    keyboard.keyboard.press("/")
    keyboard.keyboard.type("njk")
    assert keyboard.input_value("#search") == "njk"
    assert _at(keyboard) == ""
    keyboard.keyboard.press("Escape")
    keyboard.keyboard.press("n")
    assert _at(keyboard) == "#new"


@pytest.mark.parametrize("chord", ["Control+n", "Alt+n", "Meta+n"])
def test_the_browsers_own_shortcuts_are_left_alone(keyboard, chord) -> None:
    keyboard.evaluate("document.addEventListener('keydown', (event) => { window.prevented = event.defaultPrevented; })")
    keyboard.keyboard.press(chord)
    assert keyboard.evaluate("window.prevented") is False
    assert _at(keyboard) == ""


def test_a_click_elsewhere_closes_the_menu(keyboard) -> None:
    keyboard.click("#r1", position={"x": 1, "y": 1})
    assert keyboard.evaluate("document.querySelector('details').open") is False
