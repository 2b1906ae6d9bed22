"""The second factor (lớp xác thực thứ hai): who must have one, how its secrets are kept, how its codes are limited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.agencies import lockout
from motcua.agencies.models import Elevation, Staff, StandIn, User
from motcua.agencies.roles import Role
from motcua.agencies.sealing import seal, unseal
from motcua.agencies.serving import serving

if TYPE_CHECKING:
    from motcua.agencies.access import Reader

_USE: Final = "second factor"
_SEALED: Final = "sealed:"  # secrets of before that are kept as they were until their holder sets up anew


@dataclass(frozen=True, slots=True)
class Rule:
    """Whether an account must have a second factor, and why it need not."""

    required: bool
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Unmet:
    """Something to be done before anything else: the page where, and words for it unless the page says so itself."""

    url_name: str
    words: Promise | str = ""


def rule(roles: frozenset[Role], *, demo: bool) -> Rule:
    """The rule for a post: MOTCUA_SECOND_FACTOR_ROLES, not for the invented agencies of the demo province."""
    wanted = not roles.isdisjoint(settings.MOTCUA_SECOND_FACTOR_ROLES)
    return Rule(wanted and not demo, wanted and demo)


def rule_of(request: HttpRequest) -> Rule:
    """The rule for all roles that the account holds now, those for some days or hours as well: one statement."""
    if not request.user.is_authenticated:
        return Rule(required=False)
    posts = Staff.objects.filter(serving(), user_id=request.user.pk)
    today, now = timezone.localdate(), timezone.now()
    taken = StandIn.objects.filter(staff__in=posts, valid_from__lte=today, valid_to__gte=today)
    given = Elevation.objects.filter(staff__in=posts, starts_at__lte=now, ends_at__gt=now, end__isnull=True)
    found: Any = posts.values_list("roles", "agency__demo").union(
        taken.values_list("roles", "staff__agency__demo"), given.values_list("roles", "staff__agency__demo"), all=True
    )
    held = frozenset(Role(role) for roles, _demo in found for role in roles)
    return rule(held, demo=any(demo for _roles, demo in found))


def unmet(reader: Reader) -> Unmet | None:
    """What the reader must do before any page opens; None when nothing."""
    if reader.password_is_given:
        words = _("Mật khẩu này do người quản trị đặt. Hãy chọn mật khẩu của riêng bạn rồi mới làm việc tiếp.")
        return Unmet("account_change_password", words)
    if rule(reader.all_roles, demo=reader.demo).required and not reader.second_factor:
        return Unmet("mfa_index")
    return None


def remove_all(user: User) -> int:
    """Removes every authenticator of the account; gives how many there were."""
    count: int = Authenticator.objects.filter(user=user).delete()[0]
    return count


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth asks of this house: secrets are sealed, and an officer's name stays off the network."""

    def encrypt(self, text: str) -> str:
        """Seals a secret before it goes into the database."""
        return _SEALED + seal(text.encode(), _USE)

    def decrypt(self, encrypted_text: str) -> str:
        """Opens it again."""
        if not encrypted_text.startswith(_SEALED):
            return encrypted_text
        return unseal(encrypted_text.removeprefix(_SEALED), _USE).decode()

    def get_totp_issuer(self) -> str:
        """How authenticator apps list the account."""
        return "Motcua"

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What a new key is called unless its holder says otherwise."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Khóa thứ %(number)s") % {"number": count + 1}


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The code at sign-in; allauth's own limit could be used up by who knows the password, to shut the officer out."""

    def clean_code(self) -> str:
        """Checks the code unless too many were tried."""
        _spend(self.user)
        return str(super().clean_code())


class CodeAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The code before something important, under the same limits."""

    def clean_code(self) -> str:
        """Checks the code unless too many were tried."""
        _spend(self.user)
        return str(super().clean_code())


def _spend(user: User) -> None:
    wait = lockout.seconds_to_wait(allauth_context.request, user.username, "code")
    if wait:
        raise ValidationError(lockout.words(wait), code="too_many_login_attempts")
