"""The components of the design system as template tags and filters: `{% load motcua_ui %}`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm, BoundField, CheckboxInput, FileInput, Select, Textarea
from django.forms.widgets import Input
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from motcua.ui import formats
from motcua.ui.icons import ICONS, SHAPES

register = template.Library()

register.filter("day", formats.day)
register.filter("clock", formats.clock)
register.filter("moment", formats.moment)
register.filter("number", formats.number)
register.filter("money", formats.money)
register.filter("percent", formats.percent)
register.filter("points", formats.points)
register.filter("duration", formats.duration)


@register.filter
def as_json(value: object) -> str:
    """A value as JSON text for a data attribute, where a script of ours reads it; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)


def _sprite() -> str:
    return static("ui/dist/icons.svg")


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """One icon. Without a label it is decoration and hidden from screen readers; with one it is read aloud.

    Raises ValueError for a name that the sprite does not carry.
    """
    if name not in ICONS:
        raise ValueError(f"no icon {name!r}: add it to ICONS in motcua/ui/icons.py and run python -m motcua.ui.build")
    classes = f"icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#i-{}"></use></svg>',
            classes,
            label,
            _sprite(),
            name,
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>', classes, _sprite(), name)


@register.simple_tag
def mark() -> SafeString:
    """The mark of the house, as decoration beside its name."""
    return format_html('<svg aria-hidden="true"><use href="{}#mark"></use></svg>', _sprite())


@register.simple_tag
def shape(tone: str) -> SafeString:
    """The shape that goes with a tone: early ▲, on-time ●, soon ◆, late ■, none ○."""
    _check_tone(tone)
    return format_html('<svg class="shape" aria-hidden="true"><use href="{}#s-{}"></use></svg>', _sprite(), tone)


def _check_tone(tone: str) -> None:
    if tone not in SHAPES:
        raise ValueError(f"no tone {tone!r}: one of {', '.join(SHAPES)}")


@register.simple_tag
def time_left(minutes: int | None, due: datetime | None = None) -> SafeString:
    """Time left as shape, words and colour, the due time as tooltip. `minutes` of working time, below 0 when late."""
    left = formats.time_left(minutes)
    title = _("Hẹn trả %(moment)s") % {"moment": formats.moment(due)} if due else ""
    return format_html(
        '<span class="time-left is-{}" title="{}">{}{}</span>', left.tone, title, shape(left.tone), left.words
    )


@register.simple_tag
def badge(tone: str, text: str) -> SafeString:
    """A state with its shape: `{% badge "late" _("Quá hạn") %}`."""
    return format_html('<span class="badge-state is-{}">{}{}</span>', tone, shape(tone), text)


@register.simple_tag
def moment_tag(value: date | datetime | None) -> SafeString:
    """A `<time>` element with the machine's form beside the people's."""
    if value is None:
        return SafeString("")
    words = formats.moment(value) if isinstance(value, datetime) else formats.day(value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.inclusion_tag("ui/components/field.html")
def field(bound: BoundField, css: str = "", optional: bool = True, autofocus: bool = False) -> dict[str, Any]:
    """A form field: label, help, errors beside it, and what was typed.

    `css` goes on the control (`w-code`, `w-date`, `w-money` …); `optional=False` hides the words for optional fields.
    """
    widget = bound.field.widget
    attributes: dict[str, str | bool] = {}
    boxed = isinstance(widget, (Input, Select, Textarea)) and not isinstance(widget, CheckboxInput)
    if boxed and not bound.use_fieldset:
        attributes["class"] = f"{widget.attrs.get('class', '')} form-control {css}".strip()
    if widget.attrs.get("placeholder") == str(bound.label):
        attributes["placeholder"] = ""  # says the label a second time, and in grey it looks like something typed
    if autofocus:
        attributes["autofocus"] = True
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attributes),
        "single_check": isinstance(widget, CheckboxInput),
        "group": bound.use_fieldset,
        "file": isinstance(widget, FileInput),
        "show_optional": optional and not bound.field.required,
    }


@dataclass(frozen=True)
class FieldMistake:
    """One line of the error summary: what is wrong and the id of the control to go to."""

    target: str
    label: str
    message: str


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(*forms: BaseForm | None) -> dict[str, Any]:
    """All errors of the forms on top of the page, each linked to its field. Nothing when there are none."""
    mistakes: list[FieldMistake] = []
    general: list[str] = []
    for form in forms:
        if form is None or not form.is_bound:
            continue
        general += [str(error) for error in form.non_field_errors()]
        for bound in form:
            target = f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label or bound.auto_id
            mistakes += [FieldMistake(target, str(bound.label), str(error)) for error in bound.errors]
    return {"mistakes": mistakes, "general": general, "count": len(mistakes) + len(general)}


@register.inclusion_tag("ui/components/empty.html")
def empty_state(icon_name: str, title: str, text: str = "", url: str = "", action: str = "") -> dict[str, str]:
    """What will appear here and how to begin."""
    return {"icon_name": icon_name, "title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("ui/components/pager.html")
def pager(previous: str = "", next: str = "", summary: str = "") -> dict[str, str]:
    """Keyset pages: addresses of the previous and the next page, either empty. Nothing when both are."""
    return {"previous": previous or "", "next": next or "", "summary": summary}


@register.inclusion_tag("ui/components/progress_steps.html")
def progress_steps(step: int, steps: int, state: str = "") -> dict[str, Any]:
    """How far a dossier is: dots and the sentence "Đang ở bước 3 trong 5". `step` 0 = not begun; > steps = finished."""
    dots = ["done" if no < step else "now" if no == step else "next" for no in range(1, steps + 1)]
    return {"dots": dots, "step": step, "steps": steps, "state": state, "finished": step > steps}


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened: what, when, who, and how long it took against its allowance."""

    title: str
    when: date | datetime | None = None
    who: str = ""
    note: str = ""
    tone: str = ""
    tone_words: str = ""
    state: str = "done"  # "done" | "open" (now) | "future"


@register.inclusion_tag("ui/components/timeline.html")
def timeline(entries: Iterable[TimelineEntry]) -> dict[str, Any]:
    """The story of a dossier, oldest first. Entries: TimelineEntry, or anything with the same attributes."""
    return {"entries": list(entries)}


@register.inclusion_tag("ui/components/facts.html")
def facts(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A list of label and value; pairs whose value is empty are left out."""
    return {"pairs": [(label, value) for label, value in pairs if value not in (None, "")]}


@register.inclusion_tag("ui/components/language_switch.html", takes_context=True)
def language_switch(context: template.Context) -> dict[str, Any]:
    """The button that shows this page in the other language; a plain form, kept in a cookie."""
    request = context.get("request")
    return {
        "next": request.get_full_path() if request is not None and request.method == "GET" else "",
        "target": "vi" if formats.is_english() else "en",
    }
