"""What every page for staff has in common: who reads, the navigation, and how a page is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.agencies import elevations
from motcua.agencies.access import Reader, Role
from motcua.agencies.elevations import ElevationView
from motcua.notices import queries as notices
from motcua.procedures import processes
from motcua.ui import formats

ROLES: Mapping[Role, Promise | str] = {
    Role.DESK_OFFICER: _("Cán bộ một cửa"),
    Role.CASE_OFFICER: _("Công chức thụ lý"),
    Role.LEADER: _("Lãnh đạo"),
    Role.REFORM_OFFICER: _("Cán bộ cải cách hành chính"),
    Role.ADMINISTRATOR: _("Quản trị hệ thống"),
    Role.INSPECTOR: _("Thanh tra"),
}
_WORK = frozenset({Role.DESK_OFFICER, Role.CASE_OFFICER, Role.LEADER})
_FOLLOW = frozenset({Role.LEADER, Role.REFORM_OFFICER})
REGISTER_ROLES = frozenset({Role.DESK_OFFICER, Role.LEADER, Role.REFORM_OFFICER})
OVERVIEW_ROLES = _FOLLOW
DEFECT_ROLES = _WORK | _FOLLOW
REMINDER_ROLES = _WORK | _FOLLOW
# Address, words, icon, and who finds it useful: everybody else would meet an empty page or a refusal there.
_PLACES: tuple[tuple[str, Promise | str, str, frozenset[Role]], ...] = (
    ("office:home", _("Hộp hồ sơ"), "inbox", _WORK),
    ("office:reminders", _("Nhắc việc"), "bell", REMINDER_ROLES),
    ("office:desk", _("Tiếp nhận"), "plus", frozenset({Role.DESK_OFFICER})),
    ("office:register", _("Sổ theo dõi"), "book-open", REGISTER_ROLES),
    ("office:papers", _("In hàng loạt"), "printer", _WORK),
    ("office:apologies", _("Xin lỗi, hẹn lại"), "mail", frozenset({Role.LEADER})),
    ("office:overview", _("Tổng quan"), "chart-column", OVERVIEW_ROLES),
    ("office:report", _("Báo cáo II.06a"), "file-text", OVERVIEW_ROLES),
    ("office:indicators", _("Chỉ số giải quyết"), "scale", _WORK | _FOLLOW | {Role.INSPECTOR}),
    ("office:defects", _("Sai sót"), "list-checks", _FOLLOW),
    ("office:processes", _("Quy trình"), "workflow", processes.READERS),
    ("office:accounts", _("Tài khoản"), "users", frozenset({Role.ADMINISTRATOR})),
    ("office:telling", _("Tin báo"), "send", frozenset({Role.ADMINISTRATOR})),
    ("office:person", _("Dữ liệu một người"), "id-card", frozenset({Role.DESK_OFFICER, Role.LEADER})),
    ("office:retention", _("Lưu giữ và xóa"), "history", frozenset({Role.LEADER})),
    ("office:access_log", _("Nhật ký truy cập"), "eye", frozenset({Role.INSPECTOR})),
    ("office:elevations", _("Nâng quyền"), "shield", elevations.READERS),
)
# What rights at another agency lead to as well; all else is about the own one.
_ELSEWHERE = frozenset({"office:overview", "office:person"})


class StaffRequest(HttpRequest):
    """A request that `staff_required` has let through."""

    reader: Reader


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation."""

    url: str
    label: Promise | str
    icon: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Elevated:
    """Rights beside the post that count now, as the banner says it."""

    id: int
    words: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, as the head of the page shows it."""

    name: str
    agency: str
    title: str
    demo: bool


def page(
    request: StaffRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    place: str = "",
    status: int = 200,
    unseen: int | None = None,
) -> HttpResponse:
    """Answer with a page for staff; `place` names the entry of the navigation that it belongs to.

    `unseen` are the reader's new reminders where the page has read them with something else.

    Pages show personal data, so no cache keeps them.
    """
    reader = request.reader
    shell = {
        "office_nav": navigation(reader, place, _counts(reader, unseen)),
        "office_user": Person(reader.name, reader.agency_name, role_words(reader), reader.demo),
        "reader": reader,
        "may_receive": Role.DESK_OFFICER in reader.roles,
        "elevated": [Elevated(each.id, _elevated_words(each)) for each in elevations.own_elevations(reader)],
    }
    response = render(request, template, {**shell, **context}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _elevated_words(each: ElevationView) -> str:
    words = {
        "roles": ", ".join(str(ROLES[role]) for role in each.roles),
        "agency": each.agency,
        "until": formats.moment(each.ends_at),
    }
    return (
        gettext("Bạn đang có thêm quyền %(roles)s tại %(agency)s đến %(until)s. Mọi việc bạn làm đều được ghi.") % words
    )


def _counts(reader: Reader, unseen: int | None) -> dict[str, int]:
    """What waits for the reader, beside the place's name."""
    if not reader.roles & REMINDER_ROLES:
        return {}
    return {"office:reminders": notices.unseen_lately(reader) if unseen is None else unseen}


def navigation(reader: Reader, place: str, counts: Mapping[str, int]) -> tuple[NavItem, ...]:
    """The places that the reader's roles have something to do in."""
    return tuple(
        NavItem(reverse(name), label, icon, name == place, counts.get(name))
        for name, label, icon, roles in _PLACES
        if not roles.isdisjoint(reader.all_roles if name in _ELSEWHERE else reader.roles)
    )


def role_words(reader: Reader) -> str:
    """The reader's roles in words."""
    return ", ".join(str(words) for role, words in ROLES.items() if role in reader.all_roles)
