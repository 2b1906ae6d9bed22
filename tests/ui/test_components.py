"""Components say what is wrong beside the field, keep what was typed, and never rely on colour alone."""

import re
from datetime import datetime

import pytest
from django import forms
from django.template import Context, Template

from motcua.ui.icons import ICONS, SHAPES
from motcua.ui.templatetags import motcua_ui
from motcua.ui.templatetags.motcua_ui import TimelineEntry

LONG_NAME = "Nguyễn Hoàng Bảo Trân Công Tằng Tôn Nữ Thị Phương Nghiêm Uyên"


class Sample(forms.Form):
    name = forms.CharField(label="Họ tên", help_text="Như trên thẻ", max_length=70)
    way = forms.ChoiceField(label="Nhận kết quả", choices=[("a", "Quầy"), ("b", "Bưu điện")], widget=forms.RadioSelect)
    kind = forms.ChoiceField(label="Loại", choices=[("x", "X")])
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea)
    sure = forms.BooleanField(label="Đã đối chiếu")

    def clean(self) -> None:
        raise forms.ValidationError("Hai ô không khớp nhau.")


def render(text: str, **context: object) -> str:
    return Template("{% load motcua_ui %}" + text).render(Context(context))


ALL = "{% error_summary form %}{% for bound in form %}{% field bound %}{% endfor %}"


def test_every_line_of_the_error_summary_leads_to_a_control_on_the_page() -> None:
    page = render(ALL, form=Sample({"name": "", "way": "", "kind": "?", "note": "", "sure": ""}))
    targets = re.findall(r'href="#([^"]+)"', page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(targets) == 4
    assert set(targets) <= set(ids)
    assert "Hai ô không khớp nhau." in page
    assert "Có 5 chỗ cần sửa" in page


def test_a_field_keeps_what_was_typed_and_shows_the_error_beside_it() -> None:
    form = Sample({"name": LONG_NAME * 2, "way": "b"})
    page = render("{% field form.name %}", form=form)
    assert LONG_NAME * 2 in page
    assert 'aria-invalid="true"' in page
    described = re.search(r'aria-describedby="([^"]+)"', page)
    assert described and set(described[1].split()) == {"id_name_helptext", "id_name_error"}
    assert all(f'id="{name}"' in page for name in described[1].split())
    assert str(form.errors["name"][0]) in page


def test_a_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    page = render("{% field form.way %}", form=Sample())
    assert "<fieldset" in page and "<legend>" in page
    assert 'class="form-control' not in page


def test_optional_fields_say_so() -> None:
    assert "(không bắt buộc)" in render("{% field form.note %}", form=Sample())
    assert "(không bắt buộc)" not in render("{% field form.note optional=False %}", form=Sample())
    assert "(không bắt buộc)" not in render("{% field form.name %}", form=Sample())


def test_an_error_summary_without_errors_is_nothing() -> None:
    assert render("{% error_summary form %}", form=Sample()).strip() == ""
    assert render("{% error_summary form %}", form=None).strip() == ""


@pytest.mark.parametrize("minutes", [2000, 100, 0, -100, None])
def test_time_left_always_has_words_a_shape_and_a_colour(minutes) -> None:
    page = render("{% time_left minutes due %}", minutes=minutes, due=datetime(2026, 11, 25, 16, 30))
    tone = re.search(r'class="time-left is-([a-z-]+)"', page)
    assert tone and f"#s-{tone[1]}" in page
    assert re.sub(r"<[^>]+>", "", page).strip()
    assert "16:30" in page and "25/11/2026" in page


@pytest.mark.parametrize("tone", SHAPES)
def test_each_tone_has_its_own_shape(tone) -> None:
    assert f"#s-{tone}" in render("{% badge tone 'Lời' %}", tone=tone)
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_an_unknown_icon_or_tone_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match="add it to ICONS"):
        motcua_ui.icon("no-such-icon")
    with pytest.raises(ValueError, match="early, on-time, soon, late, none"):
        motcua_ui.badge("purple", "x")


def test_text_in_components_is_escaped() -> None:
    evil = "<script>alert(1)</script>"
    page = render(
        "{% badge 'late' evil %}{% icon 'x' label=evil %}{% empty_state 'inbox' evil evil '#' evil %}{% facts pairs %}"
        "{% timeline story %}{% progress_steps 1 2 evil %}{% pager previous='?a' summary=evil %}",
        evil=evil,
        pairs=[(evil, evil)],
        story=[TimelineEntry(evil, None, evil, evil, "late", evil)],
    )
    assert "<script" not in page


@pytest.mark.parametrize(
    ("step", "steps", "words", "done", "now"),
    [
        (0, 4, "Chưa bắt đầu xử lý", 0, 0),
        (3, 5, "Đang ở bước 3 trong 5", 2, 1),
        (6, 5, "Đã xong cả 5 bước", 5, 0),
    ],
)
def test_progress_is_told_in_dots_and_in_words(step, steps, words, done, now) -> None:
    page = render("{% progress_steps step steps %}", step=step, steps=steps)
    assert words in page
    assert (page.count('class="done"'), page.count('class="now"')) == (done, now)
    assert page.count("<li") == steps


def test_a_pager_with_neither_side_is_nothing() -> None:
    assert render("{% pager %}").strip() == ""
    assert 'rel="next"' in render("{% pager next='?after=x' %}")


def test_empty_facts_are_left_out() -> None:
    assert render("{% facts pairs %}", pairs=[("A", ""), ("B", None), ("C", 0)]).count("<dt>") == 1


def test_icon_names_are_plain() -> None:
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in ICONS)
