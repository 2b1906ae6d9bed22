"""The counter: find a procedure, take a dossier in, hand out the receipt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.agencies.access import Role, staff_required
from motcua.agencies.queries import NoCalendar
from motcua.dossiers import commands, figures, intake
from motcua.dossiers import queries as dossiers
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.wording import Refused
from motcua.law.dossier.vocabulary import Channel, Status
from motcua.office import clock, taking
from motcua.office.shell import StaffRequest, page
from motcua.office.taking import Taking, Terms
from motcua.papers.queries import content_of
from motcua.persons.commands import InvalidApplicant
from motcua.procedures import queries as catalogue
from motcua.procedures.content import Content

FOUND = 30
OFTEN = 9  # as many as there are number keys
_OFTEN_SINCE = timedelta(days=60)
desk_only = staff_required(roles={Role.DESK_OFFICER})


@desk_only
@require_safe
def procedures(request: StaffRequest) -> HttpResponse:
    """Find a procedure by any words, with or without diacritics, or by its code; Enter opens the only one found."""
    reader, text = request.reader, request.GET.get("q", "").strip()[:200]
    context: dict[str, Any] = {"text": text, "found_most": FOUND}
    if text:
        found = catalogue.search(reader, request.GET["q"][:200], agency_id=reader.agency_id, limit=FOUND)
        rows = [row for row in found if reader.permits_procedure(row.code)]
        if len(rows) == 1 and not request.headers.get("HX-Request"):
            return redirect("office:intake", rows[0].code)
        context["rows"] = rows
    else:
        context["often"] = _often(request)
    return page(request, "office/desk.html", context, place="office:desk")


def _often(request: StaffRequest) -> list[catalogue.ProcedureRow]:
    """What the desk takes in most; until there is a habit, the first everyday procedures in order."""
    reader = request.reader
    codes = figures.most_received(reader, timezone.localdate() - _OFTEN_SINCE, OFTEN)
    listed = catalogue.list_by_field(reader, agency_id=reader.agency_id, limit=500).rows
    offered = {row.code: row for row in listed if reader.permits_procedure(row.code)}
    first = [offered[code] for code in codes if code in offered]
    others = sorted((row for row in offered.values() if row not in first), key=lambda row: not row.everyday)
    return [*first, *others][:OFTEN]


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def intake_page(request: StaffRequest, code: str) -> HttpResponse:
    """The intake form; one press on "Tiếp nhận" saves and leads to the receipt."""
    channel = _channel(request.POST if request.method == "POST" else request.GET)
    try:
        if request.method == "POST":
            return _sent(request, code, channel)
        offer = intake.offer(request.reader, code, channel)
    except (intake.NotOffered, NoCalendar) as error:
        messages.error(request, str(getattr(error, "message", error)))
        return redirect("office:desk")
    content = content_of(offer.procedure_version)
    found = taking.terms(request.reader, offer, channel, content)
    return _form(request, code, content, found, taking.blank(content, found, channel))


@desk_only
@require_safe
def appointment(request: StaffRequest, code: str) -> HttpResponse:
    """The part of the form that follows from the channel: due time with its reason, and the fee."""
    channel = _channel(request.GET)
    try:
        offer = intake.offer(request.reader, code, channel)
    except (intake.NotOffered, NoCalendar) as error:
        raise Http404(code) from error
    content = content_of(offer.procedure_version)
    found = taking.terms(request.reader, offer, channel, content)
    context = {"terms": found, "taking": taking.blank(content, found, channel)}
    return page(request, "office/_terms.html", context)


def _channel(values: QueryDict) -> Channel:
    sent = values.get("channel", "")
    return Channel(sent) if sent in set(Channel) else Channel.DIRECT


def _sent(request: StaffRequest, code: str, channel: Channel) -> HttpResponse:
    reader, data, files = request.reader, request.POST, request.FILES
    offer = intake.offer(reader, code, channel)
    content = content_of(offer.procedure_version)
    do = data.get("do", "save")
    if do in ("fill-owner", "fill-by") or (do == "save" and data.get("card", "").strip()):
        # A scanner ends with Enter, which presses the first button: a card that nobody has read is read, not saved.
        form = taking.filled(content, data, files, "by" if do == "fill-by" else "owner")
    elif do == "again":
        form = taking.unchecked(content, data, files)
        form.focus = "fee"
    else:
        form = taking.bound(content, data, files)
        answer = _record(request, offer, form, do)
        if answer is not None:
            return redirect("office:done", answer.dossier_id)
    found = taking.terms(reader, offer, channel, content)
    return _form(request, code, content, found, form)


def _record(request: StaffRequest, offer: intake.Offer, form: Taking, do: str) -> commands.Answer | None:
    """Record what a valid form describes; None, with the mistakes in the form, when it cannot be."""
    checked = (form.is_valid(), _answerable(form, do))  # both, so that every mistake shows at once
    if not all(checked):
        return None
    new = form.new_dossier(offer.procedure)
    try:
        if do == "save":
            return commands.receive(request.reader, new, command_id=form.command_id, offer=offer)
        return commands.register(
            request.reader,
            new,
            command_id=form.command_id,
            supplement=form.supplement_text() if do == "supplement" else "",
            refusal=form.main.cleaned_data["why"] if do == "refuse" else "",
        )
    except Refused as refused:
        form.main.add_error(None, refused.message)
    except InvalidApplicant as invalid:
        for error in invalid.errors:
            form.owner.add_error(error.field if error.field in form.owner.fields else None, error.message)
    return None


def _answerable(form: Taking, do: str) -> bool:
    """Whether the papers fit the answer: complete to accept, something missing to ask for, a reason to refuse."""
    values = form.main.cleaned_data
    if do == "save" and form.papers.missing and not values.get("complete"):
        form.must_confirm = True
        said = form.papers.missing_words()
        form.main.add_error(
            "complete", _("%(missing)s Đánh dấu vào đây nếu trường hợp này không cần.") % {"missing": said}
        )
    elif do == "supplement" and not form.supplement_text():
        form.main.add_error("asked", _("Hãy ghi giấy tờ cần bổ sung: mọi giấy tờ bắt buộc đều đã đánh dấu đủ."))
    elif do == "refuse" and not values.get("why", "").strip() and "why" not in form.main.errors:
        form.main.add_error("why", _("Hãy ghi rõ lý do từ chối."))
    elif do not in ("save", "supplement", "refuse"):
        raise PermissionDenied
    return not form.main.errors


def _form(request: StaffRequest, code: str, content: Content, found: Terms, form: Taking) -> HttpResponse:
    form.place_focus()
    context = {"code": code, "content": content, "terms": found, "taking": form}
    return page(request, "office/intake.html", context, place="office:desk")


@desk_only
@require_safe
def done(request: StaffRequest, dossier_id: UUID) -> HttpResponse:
    """What the officer tells the applicant: the code, the due time, the paper to print; then the next one."""
    now = timezone.now()
    try:
        detail = dossiers.detail(request.reader, dossier_id, now)
    except NoSuchDossier as error:
        raise Http404(dossier_id) from error
    content = content_of(detail.row.procedure_version_id)
    context = {
        "detail": detail,
        "row": detail.row,
        "content": content,
        "waiting": detail.row.status is Status.SUPPLEMENT_REQUESTED,
        "refused": detail.row.status is Status.REFUSED_AT_INTAKE,
        "competent": detail.agency_names[detail.row.competent_agency_id],
        "other_agency": detail.row.competent_agency_id != detail.row.receiving_agency_id,
        "limit": clock.limit_words(detail.state.appointment.limit if detail.state.appointment else None),
        "provisional": bool(detail.state.appointment and detail.state.appointment.provisional),
    }
    return page(request, "office/done.html", context, place="office:desk")
