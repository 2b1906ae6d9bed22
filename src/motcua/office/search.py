"""The search box on top of every page: a code, a receipt's QR, an id number, a name, or a procedure.

What was typed comes by POST, so that no number and no name stands in an address or a server's log.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from motcua.agencies.access import Act, Reader, Role, for_citizen, staff_required
from motcua.agencies.limited import too_often
from motcua.dossiers import queries as dossiers
from motcua.office.inbox import lines
from motcua.office.shell import StaffRequest, page
from motcua.persons import queries as persons
from motcua.persons.identity import CardUnreadable, normal_id, parse_card_qr
from motcua.procedures import queries as catalogue

PROCEDURES = 10
_TOKEN = re.compile(r"/t/([0-9a-f]{32})\b")
_CODE = re.compile(r"[0-9A-Za-z.\-_/]*-[0-9]{6,8}-[0-9]+")
_NUMBER = re.compile(r"[0-9]{9}|[0-9]{10}|[0-9]{12}|[0-9]{13}")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: StaffRequest) -> HttpResponse:
    """One dossier found leads to it; else a page of what the words find. A visit without words shows how to search."""
    text = request.POST.get("q", "").strip()[:600]
    refused = too_often(request, "office-search") if text else None
    if refused is not None:
        return refused
    one = _dossier(request.reader, text) if text else None
    if one is not None:
        return redirect("office:dossier", one)
    context: dict[str, Any] = {"office_query": "", "text": text}
    if text:
        context |= _found(request.reader, text)
    return page(request, "office/search.html", context)


def _dossier(reader: Reader, text: str) -> UUID | None:
    """The dossier of a code, or of the address in a receipt's QR code."""
    token = _TOKEN.search(text)
    if token is not None:
        tracked = dossiers.tracking(for_citizen(token[1]))
        return dossiers.by_code(reader, tracked.code) if tracked else None
    return dossiers.by_code(reader, text) if _CODE.fullmatch(text) else None


def _found(reader: Reader, text: str) -> dict[str, Any]:
    number = _number(text)
    if number:
        if reader.scope(Act.SEE_ID).nothing:
            return {"by_number": True, "not_permitted": True}
        records = persons.find_by_id_number(reader, number)
        return {"by_number": True, "lines": _lines(reader, records, Act.SEE_ID)}
    by_code = bool(_CODE.fullmatch(text) or _TOKEN.search(text))
    found: dict[str, Any] = {"by_code": by_code}
    if not by_code:
        if Role.DESK_OFFICER in reader.roles:
            found["procedures"] = catalogue.search(reader, text, agency_id=reader.agency_id, limit=PROCEDURES)
        if not reader.scope(Act.SEE_NAME).nothing:
            found["lines"] = _lines(reader, persons.find_by_name_words(reader, text), Act.SEE_NAME)
    return found


def _number(text: str) -> str:
    """The id number typed, or the one in a card's QR text; empty for anything else."""
    if "|" in text:
        try:
            return parse_card_qr(text).number
        except CardUnreadable:
            return ""
    bare = normal_id(text)
    return bare if _NUMBER.fullmatch(bare) else ""


def _lines(reader: Reader, records: list[UUID], act: Act) -> list[Any]:
    """The dossiers of these people, as far as the reader may know that they are theirs."""
    rows = tuple(
        row
        for row in dossiers.owned_by(reader, records)
        if reader.may(act, receiving_agency_id=row.receiving_agency_id, competent_agency_id=row.competent_agency_id)
    )
    return lines(reader, rows, timezone.now())
