"""Staff sign in through the authorities' own provider: only accounts that exist, by what the provider vouches for."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.agencies import accounts, oidc
from motcua.agencies.policies import public

_NEXT = "oidc_next"


@public
@require_safe
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """To the provider; the page that the officer was on the way to is kept in the session."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    request.session[_NEXT] = wanted if safe else ""
    try:
        return oidc.begin(request, oidc.Audience.STAFF, reverse("office:oidc_done"))
    except oidc.Refused as refused:
        return _back(request, refused.words)


@public
@require_safe
@never_cache
def done(request: HttpRequest) -> HttpResponse:
    """Back from the provider: signs the account in, with its second factor; nobody gets an account by coming here."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    wanted = request.session.pop(_NEXT, "") or None
    try:
        told = oidc.finish(request, oidc.Audience.STAFF)
    except oidc.Refused as refused:
        return _back(request, refused.words)
    known = oidc.provider(oidc.Audience.STAFF)
    claim = settings.MOTCUA_STAFF_OIDC_USERNAME_CLAIM
    vouched = str(told.get(claim, "")) if claim else ""
    user = accounts.user_of_identity(known.issuer if known else "", str(told["sub"]), vouched)
    if user is None:
        return _back(request, _("Danh tính này chưa gắn với tài khoản nào. Người quản trị của cơ quan gắn giúp bạn."))
    record_authentication(request, user, method="oidc")
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=wanted))
    return response


def _back(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return redirect("account_login")
