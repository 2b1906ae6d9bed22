"""A citizen who has signed in with the national identity: the own dossiers, who opened the own data, and all of it.

The provider tells a number; from it index tokens are made and the number is forgotten. The session holds these tokens,
sealed, and nothing else: no row is made about the citizen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.agencies import oidc
from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader, for_person
from motcua.agencies.limited import too_often
from motcua.agencies.policies import public
from motcua.agencies.session_store import BEGAN, CITIZEN
from motcua.dossiers import about, about_zip
from motcua.dossiers import queries as dossiers
from motcua.dossiers.wording import OWN_PURPOSE
from motcua.persons import queries as persons
from motcua.persons.identity import normal_id
from motcua.portal.tracking import ENDED, WORDS, private
from motcua.procedures import queries as catalogue

_NUMBER = re.compile(r"[0-9]{12}")
# The advice of these states is to look at the receipt for the due time, which stands here.
_DUE_SAYS_IT = frozenset({"accepted", "processing"})
_View = Callable[[HttpRequest, Reader], HttpResponseBase]


def signed_in(view: _View) -> Callable[[HttpRequest], HttpResponseBase]:
    """Gives a view the reader of the citizen who has signed in; others are sent to sign in first."""

    @public
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        tokens = request.session.get(CITIZEN)
        if not tokens:
            return private(render(request, "portal/person_sign_in.html", {"section": "person"}))
        return private(view(request, for_person(bytes.fromhex(token) for token in tokens)))

    return guarded


@public
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """To the national identity."""
    try:
        return oidc.begin(request, oidc.Audience.CITIZEN, reverse("portal:person_done"))
    except oidc.Refused as refused:
        return _back(request, refused.words)


@public
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Back from it: a new session that holds the number's index tokens, and nobody who used the browser before."""
    try:
        told = oidc.finish(request, oidc.Audience.CITIZEN)
    except oidc.Refused as refused:
        return _back(request, refused.words)
    number = normal_id(str(told.get(settings.MOTCUA_CITIZEN_OIDC_ID_CLAIM, "")))
    if not _NUMBER.fullmatch(number):
        return _back(request, _("Nơi xác nhận không cho biết số định danh 12 chữ số, nên chưa đăng nhập được."))
    request.session.flush()
    request.session[CITIZEN] = sorted(token.hex() for token in persons.person_tokens(number))
    request.session[BEGAN] = timezone.now().timestamp()
    return private(redirect("portal:person"))


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the citizen's session; an officer's is left alone."""
    if CITIZEN in request.session:
        request.session.flush()
    return private(redirect("portal:home"))


@require_safe
@signed_in
def own_dossiers(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The citizen's dossiers: code, procedure, how far, when due."""
    rows = dossiers.own(reader)
    procedures = catalogue.names(reader, {row.procedure_version_id for row in rows})
    names = agencies.agency_names(reader, {row.receiving_agency_id for row in rows})
    lines: list[dict[str, Any]] = [
        {
            "row": row,
            "procedure": procedures.get(row.procedure_version_id, ""),
            "agency": names.get(row.receiving_agency_id, ""),
            "words": WORDS[row.state],
            "advice": "" if row.state in _DUE_SAYS_IT else WORDS[row.state].advice,
            "open": row.closed_at is None and row.state not in ENDED,
        }
        for row in rows
    ]
    return render(request, "portal/person.html", {"section": "person", "lines": lines})


@require_safe
@signed_in
def accesses(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Who opened the citizen's data, when and what for."""
    rows = persons.own_accesses(reader, [row.code for row in dossiers.own(reader)])
    names = agencies.agency_names(reader, {row.agency_id for row in rows if row.agency_id is not None})
    lines = [{"row": row, "agency": names.get(row.agency_id or 0, "")} for row in rows]
    return render(request, "portal/person_accesses.html", {"section": "person", "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def own_data(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """All that is held about the citizen: what that is, and by the button the ZIP itself."""
    if request.method != "POST":
        return render(request, "portal/person_data.html", {"section": "person"})
    refused = too_often(request, "own-data")
    if refused is not None:
        return refused
    held = about.about_own(reader, purpose=str(OWN_PURPOSE))
    return StreamingHttpResponse(about_zip.stream(held), content_type=about_zip.MEDIA_TYPE, headers=about_zip.headers())


def _back(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return private(redirect("portal:person"))
