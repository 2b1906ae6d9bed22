"""Every address that the installation answers, with the policy it declares: walked from the resolver, not listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from motcua.agencies.policies import Door, Policy, policy_of

NOBODYS = UUID("01900000-0000-7000-8000-000000000000")
# What stands in an address for each kind of part; the values name nothing that exists.
_PARTS = {"UUIDConverter": NOBODYS, "IntConverter": 1, "StringConverter": "x", "SlugConverter": "x"}
_PARTS |= {"PathConverter": "x", "_Paper": "tiep-nhan"}


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver."""

    name: str
    namespace: str
    route: str
    view: Callable[..., Any]
    parts: dict[str, Any]

    @property
    def policy(self) -> Policy | None:
        """What the view declares."""
        return policy_of(self.view, self.name, self.namespace)

    @property
    def url(self) -> str:
        """An address that this pattern answers."""
        return reverse(self.name, kwargs=self.parts)


def _walk(resolver: URLResolver, route: str, namespaces: tuple[str, ...], parts: dict[str, Any]) -> Iterator[Address]:
    for each in resolver.url_patterns:
        here = parts | {name: _PARTS[type(it).__name__] for name, it in each.pattern.converters.items()}
        whole = route + str(each.pattern)
        if isinstance(each, URLPattern):
            name = ":".join([*namespaces, each.name or each.callback.__name__])
            yield Address(name, ":".join(namespaces), whole, each.callback, here)
        else:
            yield from _walk(each, whole, (*namespaces, each.namespace) if each.namespace else namespaces, here)


ADDRESSES = tuple(_walk(get_resolver(), "/", (), {}))


def behind(door: Door) -> list[Address]:
    """The addresses behind one kind of door."""
    return [each for each in ADDRESSES if each.policy and each.policy.door is door]
