"""Sign-in of staff through django-allauth: nobody signs up, and an account without an active post stays outside."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from motcua.agencies import lockout, oidc, second_factor, sessions
from motcua.agencies.models import Staff, User
from motcua.agencies.serving import serving

_CLOSED = _("Tài khoản này không còn được sử dụng hoặc chưa có vị trí công tác. Hãy liên hệ người quản trị.")


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth asks of this house: accounts are made by administrators, and posts end with the person's duty."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator makes each account."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The office; a page that somebody was on the way to goes before it."""
        return str(resolve_url(settings.LOGIN_REDIRECT_URL))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Spends one try, before anything is looked up: who must wait learns nothing about the account."""
        wait = lockout.seconds_to_wait(request, str(credentials.get("username", "")))
        if wait:
            raise ValidationError(lockout.words(wait), code="too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Checks the password, then the post: only who knows the password learns that the account is closed."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None and not _holds_post(user):
            raise ValidationError(_CLOSED, code="account_closed")
        return user

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **hook: Any) -> HttpResponse | None:
        """The same refusal on every other way in (passkeys, codes), which do not pass the password form."""
        if _holds_post(user):
            return None
        clear_login(request)
        return self.respond_user_inactive(request, user)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Signs in under a new key, so that a key from before opens nothing, and begins to count the session's time."""
        super().login(request, user)
        sessions.mark_beginning(request)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **hook: Any) -> HttpResponse:
        """Lets this browser prove later that the account has signed in from it."""
        response: HttpResponse = super().post_login(request, user, **hook)
        lockout.remember_device(request, response, user.get_username())
        return response

    def set_password(self, user: User, password: str) -> None:
        """A password that its holder chose is nobody else's any more."""
        user.password_is_given = False
        super().set_password(user, password)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Back to the sign-in page, which says why."""
        messages.error(request, str(_CLOSED))
        return redirect(settings.LOGIN_URL)


def context(request: HttpRequest) -> dict[str, object]:
    """Context processor: what the account's pages ask for; the rule is read only when a template names it."""
    staff, citizen = (oidc.provider(audience) for audience in (oidc.Audience.STAFF, oidc.Audience.CITIZEN))
    return {
        "second_factor_rule": SimpleLazyObject(lambda: second_factor.rule_of(request)),
        "staff_provider": staff.name if staff else "",
        "citizen_provider": citizen.name if citizen else "",
    }


def _holds_post(user: AbstractBaseUser) -> bool:
    return user.is_active and Staff.objects.filter(serving(), user_id=user.pk).exists()
