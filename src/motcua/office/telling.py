"""How applicants are told: the words of every occasion, the channels they go by, how the channels fare."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.agencies.access import NotPermitted, staff_required
from motcua.law.telling import ARTICLES, Occasion
from motcua.law.vietnamese import without_marks
from motcua.notices import commands, queries
from motcua.notices.kinds import Channel
from motcua.notices.outbox import configured
from motcua.notices.queries import InForce
from motcua.notices.texts import FIELDS, BadText, Texts, filled, parts, short
from motcua.notices.wording import TITLES
from motcua.office.shell import StaffRequest, page

_PLACE: Final = "office:telling"
_EXAMPLE: Final = {
    "code": "H55.24-261122-0007",
    "procedure": "Đăng ký kết hôn",
    "agency": "Ủy ban nhân dân xã Mẫu",
    "desk": "Trung tâm Phục vụ hành chính công xã Mẫu",
    "due": "16:30 25/11/2026",
    "link": "https://motcua.example.vn/t/0123456789abcdef0123456789abcdef",
}
_MISTAKES: Final = {
    "missing": _l("Cần có tiêu đề, nội dung thư và tin ngắn bằng tiếng Việt."),
    "half_english": _l("Bản tiếng Anh cần cả tiêu đề và nội dung, hoặc để trống cả hai."),
    "too_long": _l("Một phần dài quá 4.000 ký tự."),
    "one_line": _l("Tiêu đề chỉ có một dòng."),
    "control": _l("Có ký tự điều khiển không gửi được."),
    "brace": _l("Dấu ngoặc nhọn phải đi thành cặp quanh tên một trường, ví dụ {code}."),
}


def _words(label: Any, rows: int, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "spellcheck": "true"}) if rows else forms.TextInput()
    return forms.CharField(label=label, required=False, strip=False, max_length=5000, widget=area, help_text=help_text)


class TextsForm(forms.Form):
    """The words of one occasion, and the channels it goes by."""

    channels = forms.MultipleChoiceField(
        label=_l("Gửi qua"), required=False, choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    subject = _words(_l("Tiêu đề thư"), 0)
    body = _words(_l("Nội dung thư"), 10)
    short = _words(_l("Tin ngắn (SMS, mạng xã hội)"), 3)
    subject_en = _words(_l("Tiêu đề thư, tiếng Anh"), 0)
    body_en = _words(_l("Nội dung thư, tiếng Anh"), 10)
    short_en = _words(_l("Tin ngắn, tiếng Anh"), 3, _l("Gửi thay tin tiếng Việt cho người dùng hộ chiếu."))

    def texts(self) -> Texts:
        """What was typed, as texts."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "channels"}
        return Texts(**values)


@staff_required(roles=queries.EDITORS)
@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """Every occasion with its channels, and how the channels fare."""
    words = queries.in_force()
    lines = [
        {
            "occasion": each,
            "title": TITLES[each],
            "article": ARTICLES[each],
            "force": words[each],
            "channels": [channel.label for channel in Channel if channel in words[each].channels],
        }
        for each in Occasion
    ]
    fares = queries.fares(request.reader)
    context = {
        "lines": lines,
        "fares": [(each.channel.label, each) for each in fares],
        "configured": [each.label for each in configured()],
    }
    return page(request, "office/telling.html", context, place=_PLACE)


@staff_required(roles=queries.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def occasion(request: StaffRequest, occasion: str) -> HttpResponse:
    """The words of one occasion, with an example of how they read; saving puts them in force."""
    try:
        told = Occasion(occasion)
    except ValueError as error:
        raise Http404(occasion) from error
    force = queries.in_force()[told]
    form = TextsForm(request.POST) if request.method == "POST" else TextsForm(initial=_initial(force))
    if form.is_bound and form.is_valid():
        try:
            texts = form.texts().checked()
            if "save" in request.POST:
                commands.save_template(request.reader, told, texts, map(Channel, form.cleaned_data["channels"]))
                messages.success(request, _("Đã lưu. Lời mới dùng từ tin sau."))
                return redirect(_PLACE)
        except BadText as bad:
            form.add_error(None, _mistake(bad))
        else:
            force = InForce(told, texts, force.channels, force.saved_at)
    return _occasion(request, told, force, form)


def _occasion(request: StaffRequest, told: Occasion, force: InForce, form: TextsForm) -> HttpResponse:
    texts = force.texts
    brief = short(texts.short, _EXAMPLE)
    brief = without_marks(brief) if settings.MOTCUA_SMS_PLAIN else brief
    context = {
        "form": form,
        "title": TITLES[told],
        "article": ARTICLES[told],
        "occasion": told,
        "force": force,
        "fields": FIELDS,
        "example": {
            "subject": filled(texts.subject, _EXAMPLE),
            "body": filled(texts.body, _EXAMPLE),
            "short": brief,
            "parts": parts(brief),
            "body_en": filled(texts.body_en, _EXAMPLE),
        },
    }
    return page(request, "office/telling_occasion.html", context, place=_PLACE)


def _initial(force: InForce) -> dict[str, Any]:
    return {**force.texts.to_data(), "channels": sorted(force.channels)}


def _mistake(bad: BadText) -> str:
    if bad.code == "field":
        offered = ", ".join(f"{{{name}}}" for name in FIELDS)
        return _("Không có trường {%(name)s}. Dùng được: %(offered)s.") % {"name": bad.detail, "offered": offered}
    return str(_MISTAKES[bad.code])


@staff_required
@require_POST
def again(request: StaffRequest, dossier_id: UUID, position: int, channel: str) -> HttpResponse:
    """Puts a refused message of a dossier back into its line."""
    try:
        commands.send_again(request.reader, dossier_id, position, Channel(channel))
    except (ValueError, commands.NoSuchMessage, NotPermitted) as error:
        raise Http404(dossier_id) from error
    messages.success(request, _("Tin sẽ được gửi lại."))
    return redirect("office:dossier", dossier_id)
