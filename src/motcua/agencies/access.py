"""The reader in hand: who asks, from which agency, and what the table of permissions lets them do to a dossier."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Final, Literal, overload

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from motcua.agencies import second_factor, walls
from motcua.agencies.models import User
from motcua.agencies.policies import Door, Policy, declare
from motcua.agencies.roles import ALLOWED, Act, NotPermitted, Relation, Role, permissions_markdown

__all__ = [
    "ALLOWED",
    "Act",
    "NotPermitted",
    "Reader",
    "Relation",
    "Role",
    "Scope",
    "for_citizen",
    "for_client",
    "for_person",
    "for_staff",
    "for_system",
    "permissions_markdown",
    "staff_required",
]

_SEAL: Final = object()

# Asked for every page, so it is one statement and not the ORM's. UNION (not UNION ALL) also ends on a circle, which the
# commands refuse to make. `wall` raises row-level security's wall in the same statement (see walls).
_POST = """
WITH RECURSIVE post AS (
    SELECT s.id, s.agency_id, s.division_id, s.roles, s.functions, s.signature_name, a.name, a.demo,
        u.password_is_given,
        EXISTS (SELECT FROM mfa_authenticator WHERE user_id = u.id AND type IN ('totp', 'webauthn')) AS second_factor
    FROM agencies_staff s JOIN agencies_agency a ON a.id = s.agency_id JOIN agencies_user u ON u.id = s.user_id
    WHERE {by} = %s AND s.active AND a.active
), below AS (
    SELECT child.id FROM agencies_agency child JOIN post ON child.parent_id = post.agency_id
    UNION
    SELECT child.id FROM agencies_agency child JOIN below ON child.parent_id = below.id
), seats AS (
    SELECT ARRAY[agency_id] AS own, roles::text[] AS roles,
        ARRAY(SELECT id FROM below WHERE id <> post.agency_id) AS below
    FROM post
)
SELECT post.*, ARRAY(SELECT procedure_code FROM agencies_permittedprocedure WHERE staff_id = post.id), seats.below{wall}
FROM post, seats
"""
_EVERY_ACT: Final = frozenset(Act)


@dataclass(frozen=True, slots=True)
class Scope:
    """The dossiers on which an act is allowed, as a condition for a list.

    It holds for a dossier when `everything`, or its receiving agency is in `receiving`, or its competent agency is in
    `competent`; it agrees with `Reader.may` for every pair of agencies.
    """

    everything: bool = False
    receiving: frozenset[int] = frozenset()
    competent: frozenset[int] = frozenset()

    @property
    def nothing(self) -> bool:
        """Whether no dossier at all is in it."""
        return not (self.everything or self.receiving or self.competent)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks; made only by `for_staff`, `for_client`, `for_citizen` and `for_system`, and handed to every query.

    `client` names the program that asks for the post; it may do no act outside `within`, whatever the table allows.
    `files_online` says that it hands in what applicants filed elsewhere: the national portal.
    """

    kind: Literal["staff", "citizen", "system"]
    _seal: object = field(repr=False, compare=False)
    staff_id: int | None = None
    agency_id: int | None = None
    division_id: int | None = None
    name: str = ""
    agency_name: str = ""
    demo: bool = False
    roles: frozenset[Role] = frozenset()
    functions: frozenset[str] = frozenset()
    procedures: frozenset[str] = field(default=frozenset(), repr=False)
    descendant_agency_ids: frozenset[int] = field(default=frozenset(), repr=False)
    token: str = field(default="", repr=False)
    id_tokens: frozenset[bytes] = field(default=frozenset(), repr=False)
    second_factor: bool = False
    password_is_given: bool = False
    reason: str = ""
    client: str = ""
    within: frozenset[Act] = field(default=_EVERY_ACT, repr=False)
    files_online: bool = False

    def __post_init__(self) -> None:
        if self._seal is not _SEAL:
            raise TypeError("A Reader is made by for_staff, for_client, for_citizen or for_system only.")

    def relations(self, receiving_agency_id: int, competent_agency_id: int) -> frozenset[Relation]:
        """Every relation that holds between the reader's agency and a dossier of these two agencies."""
        if self.agency_id is None:
            return frozenset({Relation.NONE})
        holding = set()
        if receiving_agency_id == self.agency_id:
            holding.add(Relation.OWN_DESK)
        if competent_agency_id == self.agency_id:
            holding.add(Relation.COMPETENT)
        if not self.descendant_agency_ids.isdisjoint((receiving_agency_id, competent_agency_id)):
            holding.add(Relation.PARENT)
        return frozenset(holding or {Relation.NONE})

    def relation(self, receiving_agency_id: int, competent_agency_id: int) -> Relation:
        """The closest relation, to name it to a person; what is allowed follows from all that hold, see `may`."""
        holding = self.relations(receiving_agency_id, competent_agency_id)
        return next(relation for relation in Relation if relation in holding)

    def may(self, act: Act, *, receiving_agency_id: int, competent_agency_id: int) -> bool:
        """Whether any role in any relation that holds allows the act; the system may all, a citizen nothing here."""
        if self.kind == "system":
            return True
        if act not in self.within:
            return False
        holding = self.relations(receiving_agency_id, competent_agency_id)
        return any(act in ALLOWED[role, relation] for role in self.roles for relation in holding)

    def require(self, act: Act, *, receiving_agency_id: int, competent_agency_id: int) -> None:
        """Raises NotPermitted unless `may`."""
        if not self.may(act, receiving_agency_id=receiving_agency_id, competent_agency_id=competent_agency_id):
            raise NotPermitted(_("Bạn không có quyền làm việc này với hồ sơ này."))

    def scope(self, act: Act) -> Scope:
        """The same answer as `may`, for all dossiers at once: what a list, a count or an export filters by."""
        if self.kind == "system":
            return Scope(everything=True)
        if self.agency_id is None:
            return Scope()
        own = frozenset({self.agency_id})
        receiving = own if self._allows(act, Relation.OWN_DESK) else frozenset()
        competent = own if self._allows(act, Relation.COMPETENT) else frozenset()
        below = self.descendant_agency_ids if self._allows(act, Relation.PARENT) else frozenset()
        return Scope(receiving=receiving | below, competent=competent | below)

    def permits_procedure(self, code: str) -> bool:
        """Whether the post was given this procedure; a post without a list works on all."""
        return not self.procedures or code in self.procedures

    def _allows(self, act: Act, relation: Relation) -> bool:
        return act in self.within and any(act in ALLOWED[role, relation] for role in self.roles)


def for_staff(user: User | AnonymousUser) -> Reader:
    """The reader for a signed-in account: one statement.

    Raises NotPermitted when the account, its post or its agency is not active, or it holds no post at all: being a
    super-user gives no right to read dossiers.
    """
    if not (user.is_authenticated and user.is_active):
        raise NotPermitted(_("Tài khoản này không còn được sử dụng."))
    reader = _post("s.user_id", user.pk, user.display_name)
    if reader is None:
        raise NotPermitted(_("Tài khoản này chưa được bố trí vị trí công tác. Hãy liên hệ người quản trị."))
    return reader


def for_client(staff_id: int, *, client: str, within: frozenset[Act], files_online: bool = False) -> Reader:
    """The reader for a program that holds a technical post: one statement; it may do only what is in `within`.

    Raises NotPermitted when the post or its agency is not active.
    """
    reader = _post("s.id", staff_id, client, within=within, files_online=files_online)
    if reader is None:
        raise NotPermitted(_("Vị trí công tác của chương trình này không còn được sử dụng."))
    return replace(reader, client=client, within=within, files_online=files_online)


def _post(
    by: str, key: int, name: str, *, within: frozenset[Act] = _EVERY_ACT, files_online: bool = False
) -> Reader | None:
    """The reader of a post; where the wall stands it is raised for this reader in the same statement."""
    wall, params = walls.columns(within, files_online=files_online) if walls.wanted() else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(_POST.format(by=by, wall=wall and f", {wall}"), [key, *params])
        post = cursor.fetchone()
    if wall:
        walls.raised()
        post = post and post[: -len(walls.SETTINGS)]  # the settings as they were set
    if post is None:
        return None
    staff_id, agency_id, division_id, held, functions, signature, agency_name, demo, *gate, procedures, below = post
    roles = frozenset(Role(role) for role in held)
    return Reader(
        kind="staff",
        _seal=_SEAL,
        staff_id=staff_id,
        agency_id=agency_id,
        division_id=division_id,
        name=name or signature,
        agency_name=agency_name,
        demo=demo,
        password_is_given=gate[0],
        second_factor=gate[1],
        roles=roles,
        functions=roles | frozenset(functions),
        procedures=frozenset(procedures),
        descendant_agency_ids=frozenset(below),
    )


def for_citizen(token: str) -> Reader:
    """The reader behind a receipt's token; the query that takes it decides what the token opens, the table nothing."""
    return Reader(kind="citizen", _seal=_SEAL, token=token)


def for_person(id_tokens: Iterable[bytes]) -> Reader:
    """The reader of a citizen whose identity was confirmed: the index tokens of the id number, the number itself not.

    Like a token of a receipt it gives nothing in the table; a query that takes it shows the person's own records.
    """
    return Reader(kind="citizen", _seal=_SEAL, id_tokens=frozenset(id_tokens))


def for_system(reason: str) -> Reader:
    """The reader of work that no person asks for (followers, imports); the reason is logged with each access."""
    if not reason.strip():
        raise ValueError("Reading as the system needs a reason.")
    return Reader(kind="system", _seal=_SEAL, reason=reason.strip())


View = Callable[..., HttpResponseBase]


@overload
def staff_required(view: View) -> View: ...
@overload
def staff_required(*, roles: Collection[Role]) -> Callable[[View], View]: ...
def staff_required(view: View | None = None, *, roles: Collection[Role] = ()) -> View | Callable[[View], View]:
    """Makes a view answer staff only, with the reader in `request.reader`; `roles` asks for one of these roles.

    Somebody not signed in goes to the sign-in page and comes back; somebody who holds no such post gets 403.
    """

    def decorate(inner: View) -> View:
        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            reader = getattr(request, "reader", None) or for_staff(request.user)
            if duty := second_factor.unmet(reader):
                if duty.words:
                    messages.warning(request, str(duty.words))
                return redirect(duty.url_name)
            _require_role(reader, roles)
            request.reader = reader  # type: ignore[attr-defined]
            return inner(request, *args, **kwargs)

        return declare(Policy(Door.STAFF, frozenset(roles)))(guarded)

    return decorate if view is None else decorate(view)


def _require_role(reader: Reader, roles: Iterable[Role]) -> None:
    wanted = frozenset(roles)
    if wanted and reader.roles.isdisjoint(wanted):
        raise NotPermitted(_("Trang này dành cho vai trò khác trong cơ quan của bạn."))
