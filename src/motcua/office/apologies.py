"""Apologies that wait for the leader: laid in time with a new time proposed, looked at, and sent together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from motcua.agencies.access import NotPermitted, Reader, Role, staff_required
from motcua.agencies.limited import limited
from motcua.dossiers import commands as dossiers
from motcua.dossiers import folders
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.queries import Row
from motcua.dossiers.wording import Refused
from motcua.notices import queries
from motcua.notices.queries import DraftView
from motcua.office.downloads import pdf, unprintable
from motcua.office.fields import MomentField, printable
from motcua.office.printing import tracking
from motcua.office.shell import StaffRequest, page
from motcua.papers import queries as papers
from motcua.papers.render import UnprintableTextError, prepare, typeset_many
from motcua.procedures import queries as catalogue

_PLACE: Final = "office:apologies"
_LEADERS: Final = frozenset({Role.LEADER})


class ApologyForm(forms.Form):
    """One reason for the chosen ones; each keeps the time proposed for it unless one is named for all."""

    reason = forms.CharField(
        label=_l("Lý do chưa trả đúng hẹn"),
        help_text=_l("In trên phiếu xin lỗi gửi người nộp."),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _l("Hãy ghi lý do: người nộp đọc nó trên phiếu xin lỗi.")},
    )
    due_at = MomentField(
        label=_l("Hẹn lại lúc"), help_text=_l("Để trống: theo đề xuất của từng hồ sơ."), required=False
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    def clean_reason(self) -> str:
        """What is printed on the letter must be printable, line by line."""
        reason: str = self.cleaned_data["reason"]
        for line in reason.splitlines():
            printable(line)
        return reason


@dataclass(frozen=True, slots=True)
class Line:
    """A draft with its dossier."""

    draft: DraftView
    row: Row
    procedure: str
    chosen: bool
    late: bool


@dataclass(slots=True)
class Asked:
    """What the leader chose, and for which new times."""

    form: ApologyForm
    chosen: list[UUID] = field(default_factory=list)
    drafts: dict[UUID, DraftView] = field(default_factory=dict)

    def times(self) -> dict[UUID, datetime]:
        """The new time of each chosen dossier."""
        named: datetime | None = self.form.cleaned_data.get("due_at")
        return {each: named or self.drafts[each].new_due_at for each in self.chosen}


@staff_required(roles=_LEADERS)
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """The drafts, the most urgent first; keyset pages."""
    return _listing(request, Asked(ApologyForm(initial={"once": uuid4()})))


@staff_required(roles=_LEADERS)
@require_POST
@limited("papers-print")
def preview(request: StaffRequest) -> HttpResponse:
    """The letters of the chosen ones in one PDF, each marked as a draft; nothing is decided by it."""
    asked = _asked(request)
    if not asked.form.is_valid() or not asked.chosen:
        return _listing(request, asked)
    reason = asked.form.cleaned_data["reason"]
    made = papers.apologies_ahead(request.reader, asked.times(), reason, timezone.now(), tracking(request))
    try:
        ready = [prepare(made[each], draft=True) for each in asked.chosen if each in made]
        return pdf(typeset_many(ready, _("Dự thảo phiếu xin lỗi")), "du-thao-xin-loi")
    except UnprintableTextError as error:
        return unprintable(request, error)


@staff_required(roles=_LEADERS)
@require_POST
def apologise(request: StaffRequest) -> HttpResponse:
    """Apologises for the chosen ones, each in a transaction of its own; what the law refuses stays, with its reason."""
    asked = _asked(request)
    if not asked.form.is_valid() or not asked.chosen:
        return _listing(request, asked)
    done, refused = _apologise(request.reader, asked)
    if done:
        said = ngettext("Đã xin lỗi, hẹn lại %(n)s hồ sơ.", "Đã xin lỗi, hẹn lại %(n)s hồ sơ.", done) % {"n": done}
        messages.success(request, said)
    for words in refused[:5]:
        messages.warning(request, words)
    if len(refused) > len(refused[:5]):
        messages.warning(request, _("và %(n)s hồ sơ khác chưa hẹn lại được.") % {"n": len(refused) - 5})
    return redirect(f"{reverse('office:papers')}?loai=xin-loi" if done and not refused else _PLACE)


def _apologise(reader: Reader, asked: Asked) -> tuple[int, list[str]]:
    """How many were done, and the words for each that was not. The same form sent twice does nothing twice."""
    done, refused = 0, []
    codes = {number: row.code for number, row in folders.rows(reader, asked.chosen).items()}
    once, reason = asked.form.cleaned_data["once"], asked.form.cleaned_data["reason"]
    for dossier_id, due_at in asked.times().items():
        try:
            dossiers.appoint_again(reader, dossier_id, due_at, reason, command_id=uuid5(once, str(dossier_id)))
            done += 1
        except Refused as refusal:
            refused.append(f"{codes.get(dossier_id, '')}: {refusal.message}")
        except (NoSuchDossier, NotPermitted):
            refused.append(f"{codes.get(dossier_id, '')}: " + _("bạn không còn quyền hẹn lại hồ sơ này."))
    return done, refused


def _asked(request: StaffRequest) -> Asked:
    asked = Asked(ApologyForm(request.POST))
    wanted = list(dict.fromkeys(_ids(request.POST.getlist("dossier"))))[: queries.PAGE]
    asked.drafts = queries.draft_of(request.reader, wanted)
    asked.chosen = [each for each in wanted if each in asked.drafts]
    if not asked.chosen:
        asked.form.add_error(None, _("Hãy chọn ít nhất một hồ sơ."))
    return asked


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue  # nobody's page has such a box
    return found


def _listing(request: StaffRequest, asked: Asked) -> HttpResponse:
    reader, now = request.reader, timezone.now()
    after = request.GET.get("after", "")
    try:
        found, following = queries.drafts(reader, after=after)
    except ValueError:  # a mark that a person has changed
        return redirect(_PLACE)
    rows = folders.rows(reader, [each.dossier_id for each in found]) if found else {}
    names = catalogue.names(reader, {row.procedure_version_id for row in rows.values()}) if rows else {}
    context: dict[str, Any] = {
        "form": asked.form,
        "lines": [_line(each, rows[each.dossier_id], names, asked, now) for each in found if each.dossier_id in rows],
        "total": queries.drafts_waiting(reader),
        "after": following,
        "asked_after": after,
    }
    return page(request, "office/apologies.html", context, place=_PLACE)


def _line(draft: DraftView, row: Row, names: dict[int, str], asked: Asked, now: datetime) -> Line:
    procedure = names.get(row.procedure_version_id, row.procedure_code)
    return Line(draft, row, procedure, draft.dossier_id in asked.chosen, draft.limit_at < now)
