"""The reader chooses the language with a plain form; no browser chooses it for them."""

import pytest
from django import forms
from django.utils.translation import override

pytestmark = pytest.mark.django_db


def test_vietnamese_comes_first_whatever_the_browser_prefers(client) -> None:
    answer = client.get("/tra-cuu", headers={"accept-language": "en-US,en;q=0.9"})
    assert '<html lang="vi">' in answer.content.decode()
    assert answer.headers["Content-Language"] == "vi"
    assert "Cookie" in answer.headers["Vary"]


def test_the_switch_is_a_form_that_keeps_the_place_and_the_choice(client) -> None:
    page = client.get("/tra-cuu").content.decode()
    assert 'action="/language/"' in page and 'name="language" value="en"' in page
    answer = client.post("/language/", {"language": "en", "next": "/tra-cuu"})
    assert (answer.status_code, answer.url) == (302, "/tra-cuu")
    assert client.cookies["django_language"]["httponly"]
    english = client.get("/tra-cuu").content.decode()
    assert '<html lang="en">' in english and "Track a dossier" in english
    assert 'name="language" value="vi"' in english


@pytest.mark.parametrize("language", ["de", "", "../../etc", "EN"])
def test_a_language_that_we_do_not_have_is_passed_over(client, language) -> None:
    client.cookies["django_language"] = language
    assert '<html lang="vi">' in client.get("/tra-cuu").content.decode()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("03/04/2026", (2026, 4, 3)),
        ("25-11-2026", (2026, 11, 25)),
        ("25112026", (2026, 11, 25)),
        ("2026-11-25", (2026, 11, 25)),
    ],
)
def test_forms_read_the_day_before_the_month_in_both_languages(language, typed, day) -> None:
    with override(language):
        read = forms.DateField().clean(typed)
    assert (read.year, read.month, read.day) == day


@pytest.mark.parametrize("typed", ["13/25/2026", "31/02/2026", "11/25/2026", "hôm nay"])
def test_a_date_that_does_not_exist_is_refused_with_an_example(typed) -> None:
    with override("vi"), pytest.raises(forms.ValidationError, match="25/11/2026"):
        forms.DateField().clean(typed)
