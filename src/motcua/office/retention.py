"""How long dossiers are kept: what is due, the leader's decision to erase it, holds, and what was erased."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.agencies import queries as agencies
from motcua.agencies.access import Act, NotPermitted, Role, staff_required
from motcua.dossiers import erasing, erasures, holds, retention
from motcua.dossiers import queries as dossiers
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.queries import Detail
from motcua.dossiers.wording import OUTCOMES, STATUS, Refused
from motcua.law.retention import Certainty
from motcua.office.person import EraseForm, HoldForm, OrderForm, tell
from motcua.office.shell import StaffRequest, page
from motcua.procedures import queries as catalogue

RETENTION_ROLES = frozenset({Role.LEADER})
_PLACE = "office:retention"
_ERASE = "id_erase_%s"


class LiftForm(HoldForm):
    """Lifting needs an order and a reason, and no day."""

    until = None  # type: ignore[assignment]


@staff_required(roles=RETENTION_ROLES)
@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """What is due at the own agency, the holds that stand, and the latest erasures."""
    return _overview(request, OrderForm())


@staff_required(roles=RETENTION_ROLES)
@require_POST
def erase_due(request: StaffRequest) -> HttpResponse:
    """Erases the chosen ones of what is due, by an order."""
    form = OrderForm(request.POST)
    chosen = _ids(request.POST.getlist("dossier"))
    if not chosen:
        form.add_error(None, _("Hãy chọn ít nhất một hồ sơ."))
    if form.is_valid():
        try:
            done = erasing.erase_due(request.reader, form.cleaned_data["order"], only=chosen)
        except Refused as refused:
            form.add_error("order", str(refused.message))
        else:
            tell(request, done, form.cleaned_data["order"])
            return redirect(_PLACE)
    return _overview(request, form, chosen=chosen)


@staff_required(roles=RETENTION_ROLES)
@require_POST
def lift(request: StaffRequest, hold_id: UUID) -> HttpResponse:
    """Lifts a hold that the own agency placed."""
    form = LiftForm(request.POST, auto_id=f"id_{hold_id}_%s")
    if form.is_valid():
        values = form.cleaned_data
        try:
            holds.lift(request.reader, hold_id, order=values["order"], reason=values["reason"])
        except Refused as refused:
            form.add_error("order", str(refused.message))
        except (LookupError, NotPermitted) as error:
            raise Http404(hold_id) from error  # somebody else's hold is not known here
        else:
            messages.success(request, _("Đã bỏ lệnh giữ theo %(order)s.") % {"order": values["order"]})
            return redirect(_PLACE)
    return _overview(request, OrderForm(), lifting=(hold_id, form))


@staff_required(roles=RETENTION_ROLES)
@require_safe
def dossier(request: StaffRequest, dossier_id: UUID) -> HttpResponse:
    """How long one dossier is kept, and what its leader can decide about it."""
    return _dossier(request, dossier_id)


@staff_required(roles=RETENTION_ROLES)
@require_POST
def hold(request: StaffRequest, dossier_id: UUID) -> HttpResponse:
    """Holds the dossier."""
    form = HoldForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            holds.hold_dossier(
                request.reader, dossier_id, order=values["order"], reason=values["reason"], until=values["until"]
            )
        except Refused as refused:
            form.add_error("until" if refused.refusal.code == "hold_ends_before" else "order", str(refused.message))
        except (NoSuchDossier, NotPermitted) as error:
            raise Http404(dossier_id) from error
        else:
            messages.success(request, _("Đã giữ hồ sơ theo %(order)s.") % {"order": values["order"]})
            return redirect("office:dossier_retention", dossier_id)
    return _dossier(request, dossier_id, hold=form)


@staff_required(roles=RETENTION_ROLES)
@require_POST
def erase(request: StaffRequest, dossier_id: UUID) -> HttpResponse:
    """Erases the dossier's personal data by an order."""
    form = EraseForm(request.POST, auto_id=_ERASE)
    if form.is_valid():
        values = form.cleaned_data
        try:
            erasing.erase_dossier(request.reader, dossier_id, values["order"], early=values["early"])
        except Refused as refused:
            form.add_error("order", str(refused.message))
        except (NoSuchDossier, NotPermitted) as error:
            raise Http404(dossier_id) from error
        else:
            messages.success(request, _("Đã xóa dữ liệu cá nhân theo %(order)s.") % {"order": values["order"]})
            return redirect("office:dossier", dossier_id)
    return _dossier(request, dossier_id, erase=form)


def _overview(
    request: StaffRequest,
    form: OrderForm,
    *,
    chosen: frozenset[UUID] = frozenset(),
    lifting: tuple[UUID, LiftForm] | None = None,
) -> HttpResponse:
    reader = request.reader
    try:
        due = retention.due(reader, after=request.GET.get("after", ""))
    except ValueError:  # a mark that a person has changed
        return redirect(_PLACE)
    names = catalogue.names(reader, {row.procedure_version_id for row in due.rows}) if due.rows else {}
    standing = holds.standing(reader)
    staff = agencies.staff_names(reader, {each.staff_id for each in standing if each.staff_id}) if standing else {}
    context = {
        "form": form,
        "plan": due.plan,
        "rows": [
            {
                "due": row,
                "procedure": names.get(row.procedure_version_id, row.procedure_code),
                "outcome": OUTCOMES[row.outcome],
                "unverified": row.rule.certainty is Certainty.UNVERIFIED,
                "chosen": row.id in chosen,
            }
            for row in due.rows
        ],
        "after": due.after,
        "asked_after": "after" in request.GET,
        "holds": [
            {
                "hold": each,
                "who": staff.get(each.staff_id or 0, ""),
                "form": lifting[1] if lifting and lifting[0] == each.id else LiftForm(auto_id=f"id_{each.id}_%s"),
                "open": bool(lifting and lifting[0] == each.id),
            }
            for each in standing
        ],
        "erasures": erasures.listed(reader),
    }
    return page(request, "office/retention.html", context, place=_PLACE)


def _dossier(
    request: StaffRequest, dossier_id: UUID, *, hold: HoldForm | None = None, erase: EraseForm | None = None
) -> HttpResponse:
    reader = request.reader
    try:
        detail = dossiers.detail(reader, dossier_id, timezone.now())
    except NoSuchDossier as error:
        raise Http404(dossier_id) from error
    if not _may_act(request, detail):
        raise Http404(dossier_id)
    keeping = retention.keeping(detail.state, retention.schedule())
    context = {
        "detail": detail,
        "row": detail.row,
        "status_words": STATUS[detail.row.status],
        "keeping": keeping,
        "over": keeping.over(timezone.localdate()),
        "unverified": bool(keeping.rule and keeping.rule.certainty is Certainty.UNVERIFIED),
        "held_by": retention.held_by(dossier_id),
        "hold": hold or HoldForm(),
        "erase": erase or EraseForm(auto_id=_ERASE),
        "may_erase": detail.row.competent_agency_id in reader.own_agency_ids and detail.state.is_terminal,
    }
    return page(request, "office/dossier_retention.html", context, place=_PLACE)


def _may_act(request: StaffRequest, detail: Detail) -> bool:
    row = detail.row
    return request.reader.may(
        Act.ACT, receiving_agency_id=row.receiving_agency_id, competent_agency_id=row.competent_agency_id
    )


def _ids(given: list[str]) -> frozenset[UUID]:
    """The ids of a form; what is none of an id was not chosen on our page."""
    found = set()
    for each in given:
        try:
            found.add(UUID(each))
        except ValueError:
            continue
    return frozenset(found)
