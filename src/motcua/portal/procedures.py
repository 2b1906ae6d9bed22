"""Pages that say what a procedure asks for: the home page, search, lists by field, and the procedure itself."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.agencies.limited import too_often
from motcua.agencies.policies import public
from motcua.portal import plain
from motcua.portal.site import VISITOR, site
from motcua.portal.tasks import TASKS
from motcua.procedures import queries
from motcua.procedures.content import Channel
from motcua.procedures.queries import ProcedurePage

PAGE = 30
PORTAL_OF_STATE = "https://dichvucong.gov.vn/"


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What do you need to do? Search, everyday tasks, look-up by code."""
    desk = site(request).desk
    received = queries.offerings(VISITOR, desk.id) if desk else None
    tasks = [task for task in TASKS if received is None or task.code in received]
    return render(request, "portal/home.html", {"tasks": tasks, "desk": desk})


@public
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Search results for `q`, else the list of fields; `all=1` looks beyond the chosen desk."""
    text = request.GET.get("q", "").strip()[:200]
    desk = None if "all" in request.GET else site(request).desk
    agency_id = desk.id if desk else None
    context: dict[str, object] = {"section": "procedures", "text": text, "desk": desk}
    context["everywhere"] = "all" in request.GET
    if text:
        refused = too_often(request, "search")
        if refused is not None:
            return refused
        context["rows"] = queries.search(VISITOR, text, agency_id=agency_id, limit=PAGE)
        context["limit"] = PAGE
    else:
        context["fields"] = queries.fields(VISITOR, agency_id=agency_id)
    return render(request, "portal/procedures.html", context)


@public
@require_safe
def field(request: HttpRequest, key: str) -> HttpResponse:
    """The procedures of one field, page by page."""
    desk = None if "all" in request.GET else site(request).desk
    agency_id = desk.id if desk else None
    fields = queries.fields(VISITOR, agency_id=agency_id)
    found = next((row for row in fields if row.key == key), None)
    if found is None:
        raise Http404("no such field")
    rows = queries.list_by_field(VISITOR, key, agency_id=agency_id, after=request.GET.get("after") or None, limit=PAGE)
    context = {"section": "procedures", "field": found, "list": rows, "desk": desk, "first": "after" not in request.GET}
    return render(request, "portal/field.html", context)


@public
@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that Decree 63/2010, Article 8 asks a procedure to say, plain words first."""
    page = queries.procedure_page(VISITOR, code)
    if page is None:
        return _no_such_procedure(request, code)
    if page.code != code:
        return redirect("portal:procedure", page.code)
    desk = site(request).desk
    received = desk is not None and queries.offering(VISITOR, desk.id, page.code) is not None
    context = {"section": "procedures", "page": page, "desk": desk, "received": received, **_parts(page)}
    return render(request, "portal/procedure.html", context)


def _no_such_procedure(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "portal/no_procedure.html", {"section": "procedures", "code": code[:40]}, status=404)


def _parts(page: ProcedurePage) -> dict[str, object]:
    content = page.content
    online = bool(content.filings_for(Channel.ONLINE)) and content.source_url.startswith(PORTAL_OF_STATE)
    return {
        "content": content,
        "limit": plain.limit_summary(content),
        "fee": plain.fee_summary(content.filings),
        "ways": plain.ways(content),
        "remarks": plain.remarks(content),
        "cases": plain.papers(content.components),
        "paper_count": len(content.components),
        "papers_text": plain.blocks(content.components_text),
        "steps": plain.blocks(content.steps),
        "filing_text": plain.blocks(content.filing_text),
        "results": [result.name for result in content.results if plain.says_something(result.name)],
        "results_text": plain.blocks(content.results_text),
        "conditions": plain.blocks(content.conditions) if plain.says_something(content.conditions) else (),
        "legal_text": plain.blocks(content.legal_text),
        "online_url": content.source_url if online else "",
        "official": _official(page),
    }


def _official(page: ProcedurePage) -> list[tuple[str, str]]:
    """The parts that name offices and classes, under the terms of the law."""
    content = page.content
    pairs = [
        (_("Mã thủ tục"), page.code),
        (_("Lĩnh vực"), content.field),
        (_("Cấp thực hiện"), ", ".join(content.levels)),
        (_("Đối tượng thực hiện"), ", ".join(content.objects)),
        (_("Cơ quan có thẩm quyền"), content.authority),
        (_("Cơ quan thực hiện"), ", ".join(content.agencies)),
        (_("Cơ quan phối hợp"), content.coordinating),
        (_("Địa chỉ tiếp nhận"), content.receiving_address),
        (_("Số bộ hồ sơ"), str(content.set_count or "")),
        (_("Quyết định công bố"), content.decision),
        (_("Cơ quan công bố"), content.issuer),
    ]
    return [(label, value) for label, value in pairs if plain.says_something(value)]
