"""What a client of the programming interface may be given: scopes, what each opens, and the acts behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.agencies.access import Act


class Scope(StrEnum):
    """A right that a client asks for with its token; it never gives more than the client's post has."""

    CATALOGUE_READ = "catalogue:read"
    DOSSIERS_READ = "dossiers:read"
    DOSSIERS_WRITE = "dossiers:write"
    DOSSIERS_FILE = "dossiers:file"
    PERSONS_READ = "persons:read"
    PERSONS_ERASE = "persons:erase"
    FILES_READ = "files:read"
    FILES_WRITE = "files:write"
    FIGURES_READ = "figures:read"
    WEBHOOKS_MANAGE = "webhooks:manage"


MEANING: Final[Mapping[Scope, Promise]] = {
    Scope.CATALOGUE_READ: _("Xem thủ tục, nơi tiếp nhận, lịch làm việc và tính thử ngày hẹn trả"),
    Scope.DOSSIERS_READ: _("Xem hồ sơ, không có dữ liệu cá nhân"),
    Scope.DOSSIERS_WRITE: _("Tiếp nhận và giải quyết hồ sơ theo vị trí công tác"),
    Scope.DOSSIERS_FILE: _("Nộp hồ sơ trực tuyến thay người dân và theo dõi hồ sơ đã nộp"),
    Scope.PERSONS_READ: _("Xem người nộp, ghi chú và giấy tờ in; mỗi lần xem đầy đủ được ghi lại"),
    Scope.PERSONS_ERASE: _("Xóa dữ liệu cá nhân của hồ sơ theo quyết định"),
    Scope.FILES_READ: _("Tải tệp của hồ sơ; mỗi lần tải được ghi lại"),
    Scope.FILES_WRITE: _("Gửi tệp lên"),
    Scope.FIGURES_READ: _("Xem số liệu"),
    Scope.WEBHOOKS_MANAGE: _("Đăng ký nhận thông báo tự động"),
}
# The acts of the table of permissions that a scope leaves open. What no scope names is closed at every choke point.
ACTS: Final[Mapping[Scope, frozenset[Act]]] = {
    Scope.DOSSIERS_READ: frozenset({Act.SEE}),
    Scope.DOSSIERS_WRITE: frozenset({Act.SEE, Act.ACT}),
    Scope.PERSONS_READ: frozenset({Act.SEE, Act.SEE_NAME, Act.SEE_ID}),
    Scope.PERSONS_ERASE: frozenset({Act.SEE, Act.ACT}),
    Scope.FILES_READ: frozenset({Act.SEE, Act.SEE_FILES}),
    Scope.FIGURES_READ: frozenset({Act.SEE}),
    Scope.WEBHOOKS_MANAGE: frozenset({Act.SEE}),
}


def acts(scopes: Iterable[Scope]) -> frozenset[Act]:
    """The acts that these scopes leave open together."""
    return frozenset(act for scope in scopes for act in ACTS.get(scope, ()))


def scopes_markdown() -> str:
    """The table of scopes as Markdown; docs/developer/api.md shows it verbatim."""
    head = ["| scope | acts of [the table](../permissions.md) that it leaves open |", "|---|---|"]
    rows = [f"| `{scope}` | {', '.join(sorted(ACTS.get(scope, ()))) or '–'} |" for scope in Scope]
    return "\n".join([*head, *rows]) + "\n"
