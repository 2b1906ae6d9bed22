"""What an administrator or the operator does to somebody's way in: each act with its reason, in an append-only log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from motcua.agencies import second_factor, sessions
from motcua.agencies.access import NotPermitted, Reader, Role
from motcua.agencies.commands import AgencyError
from motcua.agencies.models import AccountAct, AccountActKind, Staff, StaffIdentity, User

# Without letters and digits that are taken for one another when read out or copied by hand.
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _LENGTH = 4, 5  # 20 signs of 31: 99 bits


class NoSuchAccount(LookupError):  # noqa: N818 - says what is the case
    """There is no such account, or the reader does not look after it: the two look the same."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as an administrator sees it: how it may be entered, nothing that opens it."""

    staff_id: int
    username: str
    name: str
    title: str
    agency_name: str
    active: bool
    second_factors: int
    sessions: int
    identity: str
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class ActView:
    """One row of the account's log."""

    at: datetime
    by: str
    kind: str
    reason: str


def accounts(reader: Reader, limit: int = 500) -> tuple[AccountView, ...]:
    """The accounts that the reader looks after, in order of agency and given name: one statement.

    Raises NotPermitted for whoever is no administrator.
    """
    return _views(reader, "", [], limit)


def account(reader: Reader, staff_id: int) -> AccountView:
    """One of these accounts; raises NoSuchAccount."""
    found = _views(reader, "AND s.id = %s", [staff_id], 1)
    if not found:
        raise NoSuchAccount
    return found[0]


def acts_of(reader: Reader, staff_id: int, limit: int = 50) -> tuple[ActView, ...]:
    """What was done to the account's way in, the latest first; raises NoSuchAccount."""
    user = _user_for(reader, staff_id)
    rows = AccountAct.objects.filter(user=user).select_related("by_staff__user").order_by("-at", "-pk")[:limit]
    return tuple(
        ActView(row.at, str(row.by_staff.user) if row.by_staff else "", row.get_kind_display(), row.reason)
        for row in rows
    )


@transaction.atomic
def give_password(reader: Reader, staff_id: int, reason: str) -> str:
    """Gives the account a new random password, which its holder must change at once, and ends all its sessions.

    The password is returned to be handed over in person and kept nowhere. Raises NoSuchAccount and AgencyError.
    """
    user = _user_to_help(reader, staff_id)
    password = "-".join("".join(secrets.choice(_SIGNS) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    user.set_password(password)
    user.password_is_given = True
    user.save(update_fields=["password", "password_is_given"])
    _note(reader, user, AccountActKind.PASSWORD, reason)
    sessions.end_sessions(user)
    return password


@transaction.atomic
def remove_second_factor(reader: Reader, staff_id: int, reason: str) -> None:
    """Removes keys, authenticator app and codes of the account and ends all its sessions, as after a lost telephone.

    Raises NoSuchAccount and AgencyError.
    """
    user = _user_to_help(reader, staff_id)
    second_factor.remove_all(user)
    _note(reader, user, AccountActKind.SECOND_FACTOR, reason)
    sessions.end_sessions(user)


@transaction.atomic
def end_sessions(reader: Reader, staff_id: int, reason: str) -> int:
    """Ends all sessions of the account; gives how many. Raises NoSuchAccount and AgencyError."""
    user = _user_to_help(reader, staff_id)
    _note(reader, user, AccountActKind.SESSIONS, reason)
    return sessions.end_sessions(user)


def give_identity(reader: Reader, staff_id: int, issuer: str, subject: str, reason: str) -> None:
    """Lets the account be entered by this identity at a provider (OpenID Connect), or by none with an empty subject.

    Raises NoSuchAccount, and AgencyError when another account holds the identity.
    """
    user = _user_to_help(reader, staff_id)
    try:
        with transaction.atomic():
            StaffIdentity.objects.filter(user=user).delete()
            if subject.strip():
                StaffIdentity.objects.create(user=user, issuer=issuer, subject=subject.strip())
            kind = AccountActKind.IDENTITY if subject.strip() else AccountActKind.IDENTITY_REMOVED
            _note(reader, user, kind, reason)
            sessions.end_sessions(user)
    except IntegrityError:
        raise AgencyError("subject", _("Định danh này đã ghi cho một tài khoản khác.")) from None


def staff_id_of(username: str) -> int:
    """The post of a sign-in name; raises AgencyError when there is none."""
    found = (
        Staff.objects.filter(user__username=username)
        .order_by("-valid_from", "-pk")
        .values_list("pk", flat=True)
        .first()
    )
    if found is None:
        raise AgencyError("username", _("Không có tài khoản “%(name)s”.") % {"name": username})
    return found


def user_of_identity(issuer: str, subject: str, username: str = "") -> User | None:
    """The account that this identity enters: the one that it was given to, else the one whose name it vouches for."""
    given = User.objects.filter(identity__issuer=issuer, identity__subject=subject).first()
    if given is None and username:
        given = User.objects.filter(username=username, identity__isnull=True).first()
    return given


def _user_for(reader: Reader, staff_id: int) -> User:
    """The account of the post, when the reader looks after it."""
    user = User.objects.filter(staff__pk=staff_id).first()
    agency_id = Staff.objects.filter(pk=staff_id).values_list("agency_id", flat=True).first()
    if user is None or not (reader.kind == "system" or agency_id in _agencies_of(reader)):
        raise NoSuchAccount
    return user


def _agencies_of(reader: Reader) -> frozenset[int]:
    if Role.ADMINISTRATOR not in reader.roles or reader.agency_id is None:
        raise NotPermitted(_("Chỉ người quản trị làm được việc này."))
    return reader.descendant_agency_ids | reader.own_agency_ids


def _user_to_help(reader: Reader, staff_id: int) -> User:
    """The account for an act; nobody resets their own, or a stolen session could make itself at home."""
    if staff_id == reader.staff_id:
        raise AgencyError("act", _("Không ai đặt lại cho chính mình. Hãy nhờ một người quản trị khác."))
    return _user_for(reader, staff_id)


def _note(reader: Reader, user: User, kind: AccountActKind, reason: str) -> None:
    if not reason.strip():
        raise AgencyError("reason", _("Hãy ghi lý do."))
    AccountAct.objects.create(user=user, by_staff_id=reader.staff_id, kind=kind, reason=reason.strip()[:200])


_VIEWS: Final = """
SELECT s.id, u.username, u.display_name, s.title, a.name, s.active AND u.is_active,
    (SELECT count(*) FROM mfa_authenticator m WHERE m.user_id = u.id AND m.type IN ('totp', 'webauthn')),
    (SELECT count(*) FROM agencies_session e WHERE e.user_id = u.id AND e.expire_date > now()),
    coalesce(i.subject, ''), u.last_login
FROM agencies_staff s JOIN agencies_user u ON u.id = s.user_id JOIN agencies_agency a ON a.id = s.agency_id
    LEFT JOIN agencies_staffidentity i ON i.user_id = u.id
WHERE s.agency_id = ANY(%s) {more} ORDER BY a.name_sort, s.name_sort, s.id LIMIT %s
"""


def _views(reader: Reader, more: str, values: list[int], limit: int) -> tuple[AccountView, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_VIEWS.format(more=more), [list(_agencies_of(reader)), *values, limit])
        return tuple(AccountView(*row) for row in cursor.fetchall())
