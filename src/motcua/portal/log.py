"""The public page of the log: signed heads, the key, proofs for programs, and what all this is good for.

Everything here is meant for everybody and tells hashes only. Tiles and checkpoint are those of C2SP tlog-tiles, so that
programs made for such logs can mirror this one; the addresses below `/nhat-ky` are part of what is promised.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.agencies.limited import who
from motcua.agencies.limits import Taken, take_named
from motcua.agencies.policies import public
from motcua.proofs import queries
from motcua.proofs.queries import NoSuchHead, NoSuchPosition, SignedHead
from motcua.proofs.tiles import LogBroken
from motcua.ui import formats

DAYS = 31
_FOREVER = "public, max-age=31536000, immutable"
_SOON = "public, max-age=60"

_View = Callable[..., HttpResponse]


def for_programs(view: _View) -> _View:
    """What programs fetch from anywhere: open to other sites' pages, errors as JSON (RFC 9457) in both languages.

    As often as `limits.RATES` allows for one address, then 429.
    """

    @wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        taken = take_named("log", who(request))
        if not taken.allowed:
            return _later(taken)
        try:
            response = view(request, *arguments, **named)
        except NoSuchHead:
            response = _problem("Không có đầu nhật ký như vậy.", "No such head was signed.")
        except NoSuchPosition:
            response = _problem("Đầu nhật ký không bao gồm phần này.", "The head does not cover this.")
        except LogBroken:
            response = _problem("Nhật ký đang được kiểm tra.", "The log is being looked into.", status=503)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers.setdefault("Cache-Control", _SOON)
        return response

    return public(require_safe(answer))


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The last head, the days' heads, the key, how to check; `ma` asks whether a root printed on a paper is ours."""
    head = queries.latest()
    before = _day(request.GET.get("truoc", ""))
    days = queries.by_day(before, DAYS)
    code = request.GET.get("ma", "").strip().lower()
    context: dict[str, object] = {
        "head": head,
        "days": days,
        "older": days[-1].signed_at if len(days) == DAYS else None,
        "before": before,
        "keys": queries.public_keys(),
        "alarm": _alarm(head),
        "minutes": settings.MOTCUA_HEAD_MINUTES,
        "code": code,
        "printed": printed(code) if code else None,
    }
    return render(request, "portal/log.html", context)


def printed(code: str) -> SignedHead | None:
    """The head whose root begins with the sixteen hexadecimal digits that a paper shows."""
    try:
        return queries.head_by_root(bytes.fromhex(code))
    except ValueError:
        return None


def _alarm(head: SignedHead | None) -> bool:
    try:
        return queries.alarm(head) is not None
    except LogBroken:
        return True


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@public
@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """The last head of each day as an Atom feed."""
    here = request.build_absolute_uri(reverse("portal:log"))
    feed = Atom1Feed(
        _("Nhật ký hồ sơ"), here, _("Đầu nhật ký đã ký của từng ngày"), feed_url=request.build_absolute_uri()
    )
    for head in queries.by_day(limit=DAYS):
        address = request.build_absolute_uri(reverse("portal:log_note", args=[head.size]))
        feed.add_item(
            _title(head), address, f"<pre>{head.note}</pre>", unique_id=address, updateddate=head.signed_at,
            pubdate=head.signed_at,
        )  # fmt: skip
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    response.headers["Cache-Control"] = _SOON
    return response


@for_programs
def feed(request: HttpRequest) -> HttpResponse:
    """The same as a JSON feed (version 1.1), each item with the head as it is published."""
    items = []
    for head in queries.by_day(limit=DAYS):
        address = request.build_absolute_uri(reverse("portal:log_note", args=[head.size]))
        items.append({
            "id": address, "url": address, "title": _title(head), "content_text": head.note,
            "date_published": head.signed_at.isoformat(), "_head": head.to_data(),
        })  # fmt: skip
    here = request.build_absolute_uri(reverse("portal:log"))
    return _json({
        "version": "https://jsonfeed.org/version/1.1", "title": _("Nhật ký hồ sơ"), "home_page_url": here,
        "feed_url": request.build_absolute_uri(), "items": items,
    })  # fmt: skip


def _title(head: SignedHead) -> str:
    return _("%(size)s vị trí, mã gốc %(root)s") % {"size": formats.number(head.size), "root": head.short_root}


@for_programs
def head_data(request: HttpRequest) -> HttpResponse:
    """A head as JSON: the last, or the one that covers as many positions as `so` says."""
    size = _number(request, "so")
    found = queries.latest() if size is None else queries.head_of(size)
    if found is None:
        raise NoSuchHead
    return _json(found.to_data())


@for_programs
def note(request: HttpRequest, size: int) -> HttpResponse:
    """The signed text of one head."""
    return HttpResponse(queries.head_of(size).note, content_type="text/plain; charset=utf-8")


@for_programs
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The signed text of the last head."""
    found = queries.latest()
    if found is None:
        raise NoSuchHead
    return HttpResponse(found.note, content_type="text/plain; charset=utf-8")


@for_programs
def inclusion(request: HttpRequest, position: int) -> HttpResponse:
    """Proves a position under the last head, or under the one that `dau` names by its size."""
    return _json(queries.inclusion(position, _number(request, "dau")).to_data())


@for_programs
def growth(request: HttpRequest, size: int) -> HttpResponse:
    """Proves that the log under the last head, or under `dau`, begins with all of the log under an earlier one."""
    return _json(queries.consistency(size, _number(request, "dau")).to_data())


@for_programs
def tile(request: HttpRequest, level: int, rest: str) -> HttpResponse:
    """A tile of hashes as C2SP's tlog-tiles names it: `x001/x234/067`, with `.p/W` while it is not full."""
    index, width = _tile_name(rest)
    hashes = queries.tile(level, index, width)
    response = HttpResponse(hashes, content_type="application/octet-stream")
    response.headers["Cache-Control"] = _FOREVER
    return response


def _tile_name(rest: str) -> tuple[int, int]:
    """Index and width of a tile from its address; one written in another way than its only one has no such head."""
    path, partial, text = rest.partition(".p/")
    digits = "".join(part.removeprefix("x") for part in path.split("/"))
    if not (digits.isascii() and digits.isdigit() and (text.isdigit() or not partial) and len(digits) <= 18):
        raise NoSuchHead
    index, width = int(digits), int(text) if partial else 256
    if rest != tile_path(index, width) or not 1 <= width <= 256:
        raise NoSuchHead
    return index, width


def tile_path(index: int, width: int) -> str:
    """How tlog-tiles writes a tile's index: groups of three digits, all but the last with an x."""
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return "/".join(groups) + ("" if width == 256 else f".p/{width}")


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Http404(name)
    return int(text)


def _json(data: dict[str, Any]) -> HttpResponse:
    return HttpResponse(json.dumps(data, ensure_ascii=False), content_type="application/json; charset=utf-8")


def _later(taken: Taken) -> HttpResponse:
    seconds = str(taken.retry_after)
    response = _problem(
        f"Hỏi quá nhiều lần. Hãy thử lại sau {seconds} giây.", f"Too many requests. Try again in {seconds} s.", 429
    )
    told = {"Retry-After": seconds, "Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
    for name, value in told.items():
        response.headers[name] = value
    return response


def _problem(vietnamese: str, english: str, status: int = 404) -> HttpResponse:
    data = {"type": "about:blank", "status": status, "title": english, "detail": f"{vietnamese} {english}"}
    return JsonResponse(data, status=status, content_type="application/problem+json")
