"""Addresses under /api/: the token, the first version of the interface, and its documentation."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, re_path

from motcua.agencies.policies import PUBLIC, Door, Policy, declare, public
from motcua.api import (
    acts,
    asides,
    catalogue,
    documentation,
    dossiers,
    figures,
    files,
    filings,
    oauth,
    people,
    problems,
    proofs,
    webhooks,
)
from motcua.api.description import Interface

_FOR_ANYBODY = frozenset({"openapi-json", "api-root"})
api = Interface(
    title="Motcua",
    version="1",
    description="One door: dossiers, procedures and figures of the one-stop service. See /api/docs.",
    docs_url=None,
    urls_namespace="api",
)
problems.install(api)
for router in (
    catalogue.router,
    people.router,
    people.colleagues,
    dossiers.router,
    dossiers.public,
    acts.router,
    asides.router,
    files.up,
    files.down,
    files.printed,
    filings.router,
    figures.router,
    webhooks.router,
    proofs.router,
):
    api.add_router("", router)


def _declared(patterns: Sequence[URLPattern | URLResolver]) -> list[URLPattern]:
    """Ninja's addresses with their policies: the description is for anybody, all else for clients."""
    found = [each for each in patterns if isinstance(each, URLPattern)]
    for each in found:
        declare(PUBLIC if each.name in _FOR_ANYBODY else Policy(Door.CLIENT))(each.callback)
    return found


@public
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Any other address under /api/."""
    return problems.answer("not_found")


@public
def to_documentation(request: HttpRequest) -> HttpResponse:
    """Who opens the beginning of the addresses wants to know what is there."""
    return redirect("api-docs")


_ADDRESSES, _APP, _NAMESPACE = api.urls
urlpatterns = [
    path("oauth/token", oauth.token, name="api-token"),
    path("docs", documentation.page, name="api-docs"),
    path("v1/", to_documentation, name="api-v1"),
    path("v1/", (_declared(_ADDRESSES), _APP, _NAMESPACE)),
    re_path("", nothing_here, name="api-nothing"),
]
