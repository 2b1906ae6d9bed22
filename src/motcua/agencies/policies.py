"""Who may open an address: every view declares its policy, and one that declares none is closed to everybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from motcua.agencies.roles import NotPermitted, Role

_ATTRIBUTE: Final = "motcua_policy"


class Door(StrEnum):
    """Who stands before an address and is let in."""

    PUBLIC = "public"  # anybody, signed in or not
    ACCOUNT = "account"  # an account that has signed in, with or without a post
    STAFF = "staff"  # an account with an active post, in one of the roles if some are named
    CLIENT = "client"  # a program with an access token


@dataclass(frozen=True, slots=True)
class Policy:
    """What an address declares; `roles` narrows STAFF to posts in one of these roles."""

    door: Door
    roles: frozenset[Role] = frozenset()


PUBLIC: Final = Policy(Door.PUBLIC)
ACCOUNT: Final = Policy(Door.ACCOUNT)

# Views that are not ours and guard themselves: their policy stands here by the name of the address, or by its
# namespace. tests/permissions holds every line of it over HTTP.
BY_NAME: Final[Mapping[str, Policy]] = MappingProxyType(
    {
        "account_login": PUBLIC,
        "account_logout": PUBLIC,
        "account_change_password": ACCOUNT,
        "account_set_password": ACCOUNT,
        "account_reauthenticate": ACCOUNT,
        "mfa_authenticate": PUBLIC,
        "mfa_index": ACCOUNT,
        "mfa_reauthenticate": ACCOUNT,
        "mfa_activate_totp": ACCOUNT,
        "mfa_deactivate_totp": ACCOUNT,
        "mfa_view_recovery_codes": ACCOUNT,
        "mfa_generate_recovery_codes": ACCOUNT,
        "mfa_download_recovery_codes": ACCOUNT,
        "mfa_list_webauthn": ACCOUNT,
        "mfa_add_webauthn": ACCOUNT,
        "mfa_edit_webauthn": ACCOUNT,
        "mfa_remove_webauthn": ACCOUNT,
        "mfa_reauthenticate_webauthn": ACCOUNT,
        "mfa_login_webauthn": PUBLIC,
        "set_language": PUBLIC,
    }
)

_View = TypeVar("_View", bound=Callable[..., Any])


def declare(policy: Policy) -> Callable[[_View], _View]:
    """Writes a policy onto a view; decorators around it keep it as long as they use `functools.wraps`."""

    def mark(view: _View) -> _View:
        setattr(view, _ATTRIBUTE, policy)
        return view

    return mark


def public(view: _View) -> _View:
    """Declares a view that anybody may open: it shows nothing that the table of permissions guards."""
    return declare(PUBLIC)(view)


def policy_of(view: Callable[..., Any], name: str | None, namespace: str = "") -> Policy | None:
    """The policy that a view declares, or that stands in the table for its address; None when nobody declared one."""
    declared: Policy | None = getattr(view, _ATTRIBUTE, None)
    return declared or BY_NAME.get(name or "") or BY_NAME.get(namespace or "-")


class PolicyMiddleware:
    """Refuses an address without a policy, so that a forgotten line closes a page instead of opening it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Raises NotPermitted for a view whose policy nobody declared."""
        match: ResolverMatch | None = request.resolver_match
        if policy_of(view, match.view_name if match else None, match.namespace if match else "") is None:
            raise NotPermitted
