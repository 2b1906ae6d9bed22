"""Carries out one act on a dossier; a refusal is said at its place, with everything that was typed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.agencies.access import NotPermitted, staff_required
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.intake import NotOffered
from motcua.dossiers.wording import Refused
from motcua.office import acting, printing, signing
from motcua.office.act_forms import ActForm, SignForm
from motcua.office.dossier import show
from motcua.office.shell import StaffRequest
from motcua.persons.commands import InvalidApplicant
from motcua.signatures.commands import SignatureRefused


@staff_required
@require_POST
def act(request: StaffRequest, dossier_id: UUID, act: str) -> HttpResponse:
    """Does the act and goes back to the dossier, or shows the dossier with what was wrong."""
    kind = acting.KINDS.get(act)
    if kind is None:
        raise Http404(act)
    form = acting.make_form(act, request.POST, request.FILES)
    try:
        if form.is_valid() and _done(request, dossier_id, kind, form):
            messages.success(request, _("%(act)s: đã ghi vào hồ sơ.") % {"act": kind.label})
            return redirect("office:dossier", dossier_id)
    except NoSuchDossier as error:
        raise Http404(dossier_id) from error
    except NotPermitted:
        show(request, dossier_id)  # 404 for who may not even know of it: the answers must not tell them apart
        raise
    return show(request, dossier_id, failed=(act, form))


def _done(request: StaffRequest, dossier_id: UUID, kind: acting.Kind, form: ActForm) -> bool:
    if kind.slug in ("chuyen", "giao"):
        acting.check_person(request.reader, dossier_id, form, timezone.now())
    if form.errors:
        return False
    if isinstance(form, SignForm):
        form.tracking = printing.tracking(request)
    try:
        kind.run(request.reader, dossier_id, form, form.common())
    except (Refused, NotOffered) as refused:
        form.add_error(None, str(refused.message))
    except signing.TROUBLES as trouble:
        form.add_error(None, signing.words_of(trouble))
    except SignatureRefused as refused:
        form.add_error("document", refused.message)
    except InvalidApplicant as invalid:
        for error in invalid.errors:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    return not form.errors
