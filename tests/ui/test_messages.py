"""The catalogues are complete, and the tool that says so would notice if they were not."""

import pytest
from babel.messages.catalog import Catalog
from django.utils.translation import gettext, ngettext, override

from motcua.ui import messages

SOURCE = """
from django.utils.translation import gettext as _, gettext_lazy as _later, ngettext, pgettext
A = _("Một")
B = _later("Hai " "ba")
C = ngettext("%(n)s hồ sơ", "%(n)s hồ sơ", 2)
D = pgettext("giấy", "Nộp")
"""
TEMPLATE = """{% load i18n %}
      {% translate "Bốn" %} <p>it's {{ odd }} ( [</p>
  {% blocktranslate trimmed with x=y %}
     Năm {{ x }}
  {% endblocktranslate %}
    {% include "x" with text=_("Sáu") %}
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with one module and one template, and catalogues of its own."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "code.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    collect = messages.collect
    monkeypatch.setattr(messages, "collect", lambda: collect(tmp_path))
    return tmp_path


def _translate_all() -> None:
    catalog = messages.read("en")
    for message in catalog:
        if message.id:
            message.string = message.id
    messages.write(catalog, "en")


def test_every_text_has_its_english() -> None:
    assert messages.check() == []


def test_texts_are_found_in_code_and_templates(package) -> None:
    ids = {message.id if isinstance(message.id, str) else message.id[0] for message in messages.collect() if message.id}
    assert ids == {"Một", "Hai ba", "%(n)s hồ sơ", "Nộp", "Bốn", "Năm %(x)s", "Sáu"}


def test_a_new_text_is_missing_until_it_is_translated(package) -> None:
    assert all("missing" in problem for problem in messages.check())
    assert messages.update() == 7
    assert all("no English" in problem for problem in messages.check())
    _translate_all()
    assert messages.check() == []


def test_an_update_keeps_translations_and_drops_what_is_no_longer_used(package) -> None:
    messages.update()
    _translate_all()
    (package / "code.py").write_text("", encoding="utf-8")
    assert any("no longer used: 'Một'" in problem for problem in messages.check())
    assert messages.update() == 0
    assert messages.check() == []
    assert messages.read("en").get("Bốn").string == "Bốn"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda message: message.flags.add("fuzzy"), "fuzzy"),
        (lambda message: setattr(message, "string", "Five %(y)s"), "Năm"),
    ],
)
def test_a_doubtful_translation_is_found(package, change, complaint) -> None:
    messages.update()
    _translate_all()
    catalog = messages.read("en")
    change(catalog.get("Năm %(x)s"))
    messages.write(catalog, "en")
    assert any(complaint in problem for problem in messages.check())


def test_vietnamese_words_for_texts_that_nobody_says_are_found(package) -> None:
    messages.update()
    _translate_all()
    catalog = Catalog(locale="vi")
    catalog.add("This field is required.", "Hãy điền vào ô này.")
    catalog.add("No library says this.", "Không ai nói vậy.")
    messages.write(catalog, "vi")
    assert [problem for problem in messages.check() if problem.startswith("vi")] == [
        "vi: neither Django nor allauth says this any more: 'No library says this.'"
    ]


def test_writing_the_same_catalogue_twice_changes_nothing(package) -> None:
    messages.update()
    before = messages.po_file("en").read_bytes()
    messages.update()
    assert messages.po_file("en").read_bytes() == before


def test_the_command_line_knows_its_options(package, capsys) -> None:
    assert messages.main(["--what"]) == 2
    assert messages.main([]) == 0
    assert messages.main(["--check"]) == 1
    _translate_all()
    assert messages.main(["--check"]) == 0
    assert messages.main(["--compile"]) == 0
    assert messages.po_file("en").with_suffix(".mo").exists()
    assert "no English" in capsys.readouterr().out


def test_django_shows_vietnamese_first_and_english_with_plurals() -> None:
    with override("vi"):
        assert gettext("Tra cứu hồ sơ") == "Tra cứu hồ sơ"
        assert gettext("This field is required.") == "Hãy điền vào ô này."
    with override("en"):
        assert gettext("Tra cứu hồ sơ") == "Track a dossier"
        assert ngettext("%(count)s ngày", "%(count)s ngày", 1) % {"count": 1} == "1 day"
        assert ngettext("%(count)s ngày", "%(count)s ngày", 2) % {"count": 2} == "2 days"
