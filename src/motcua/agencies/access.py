"""The reader in hand: who asks, from which agency, and what the table of permissions lets them do to a dossier."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import wraps
from typing import Any, Final, Literal, overload

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.agencies import second_factor, unfinished, walls
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
    "Seat",
    "for_citizen",
    "for_client",
    "for_person",
    "for_staff",
    "for_system",
    "permissions_markdown",
    "staff_required",
]

_SEAL: Final = object()

# Asked for every page, so it is one statement and not the ORM's. A post and its functions hold on their days, in
# Vietnam's time. A seat is an agency with what stands in its place (`own`: it and those it succeeded) and what stands
# below it; the first is the post's, others come from elevations. UNION (not UNION ALL) also ends on a circle, which
# the commands refuse to make. `wall` raises row-level security's wall in the same statement (see walls).
_POST = """
WITH RECURSIVE today AS MATERIALIZED (
    SELECT (statement_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day
), post AS (
    SELECT s.id, s.agency_id, s.division_id, s.roles, s.functions, s.signature_name, a.name, a.demo,
        u.password_is_given,
        EXISTS (SELECT FROM mfa_authenticator WHERE user_id = u.id AND type IN ('totp', 'webauthn')) AS second_factor
    FROM agencies_staff s JOIN agencies_agency a ON a.id = s.agency_id JOIN agencies_user u ON u.id = s.user_id, today
    WHERE {by} = %s AND s.active AND a.active AND (a.succeeded_on IS NULL OR a.succeeded_on > day)
        AND (s.valid_from IS NULL OR s.valid_from <= day) AND (s.valid_to IS NULL OR s.valid_to >= day)
    ORDER BY s.valid_from DESC NULLS LAST LIMIT 1
), held AS MATERIALIZED (
    SELECT agency_id, roles::text[], functions::text[], NULL::timestamptz AS until FROM post
    UNION ALL
    SELECT post.agency_id, i.roles, i.functions, NULL FROM post, today, agencies_standin i
    WHERE i.staff_id = post.id AND day BETWEEN i.valid_from AND i.valid_to
    UNION ALL
    SELECT e.agency_id, e.roles, '{{}}', e.ends_at FROM post JOIN agencies_elevation e ON e.staff_id = post.id
    WHERE statement_timestamp() >= e.starts_at AND statement_timestamp() < e.ends_at
        AND NOT EXISTS (SELECT FROM agencies_elevationend x WHERE x.elevation_id = e.id)
), standing AS (
    SELECT a.id, CASE WHEN a.succeeded_on <= day THEN NULL ELSE a.parent_id END AS parent_id,
        CASE WHEN a.succeeded_on <= day THEN a.successor_id END AS successor_id
    FROM agencies_agency a, today
), own AS (
    SELECT DISTINCT agency_id AS seat, agency_id AS id FROM held
    UNION
    SELECT own.seat, s.id FROM standing s JOIN own ON s.successor_id = own.id
), below AS (
    SELECT own.seat, s.id FROM standing s JOIN own ON s.parent_id = own.id
    UNION
    SELECT below.seat, s.id FROM standing s JOIN below ON below.id IN (s.parent_id, s.successor_id)
), seats AS MATERIALIZED (
    SELECT h.agency_id AS seat,
        h.agency_id || ARRAY(SELECT id FROM own WHERE own.seat = h.agency_id AND id <> h.agency_id) AS own,
        ARRAY(
            SELECT id FROM below WHERE below.seat = h.agency_id EXCEPT SELECT id FROM own WHERE own.seat = h.agency_id
        ) AS below,
        ARRAY(SELECT DISTINCT unnest(roles) FROM held WHERE held.agency_id = h.agency_id) AS roles,
        ARRAY(SELECT DISTINCT unnest(functions) FROM held WHERE held.agency_id = h.agency_id) AS functions
    FROM (SELECT DISTINCT agency_id FROM held) h
)
SELECT post.id, post.agency_id, division_id, signature_name, name, demo, password_is_given, second_factor,
    ARRAY(SELECT procedure_code FROM agencies_permittedprocedure WHERE staff_id = post.id),
    (SELECT max(until) FROM held),
    (SELECT json_agg(seats ORDER BY seat <> post.agency_id, seat) FROM seats)::text{wall}
FROM post
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
class Seat:
    """From where somebody acts: agencies taken for the own one, agencies below, and the roles held there."""

    agency_id: int
    own: frozenset[int]
    below: frozenset[int]
    roles: frozenset[Role]

    def relations(self, receiving_agency_id: int, competent_agency_id: int) -> frozenset[Relation]:
        """Every relation that holds between the seat and a dossier of these two agencies; none is one, too."""
        holding = set()
        if receiving_agency_id in self.own:
            holding.add(Relation.OWN_DESK)
        if competent_agency_id in self.own:
            holding.add(Relation.COMPETENT)
        if not self.below.isdisjoint((receiving_agency_id, competent_agency_id)):
            holding.add(Relation.PARENT)
        return frozenset(holding or {Relation.NONE})

    def allows(self, act: Act, relation: Relation) -> bool:
        """Whether any role held here allows the act in this relation."""
        return any(act in ALLOWED[role, relation] for role in self.roles)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks; made only by `for_staff`, `for_client`, `for_citizen` and `for_system`, and handed to every query.

    `client` names the program that asks for the post; it may do no act outside `within`, whatever the table allows.
    `files_online` says that it hands in what applicants filed elsewhere: the national portal.

    `roles` and `functions` are those at the own agency, whose predecessors' work is its own. `elsewhere` are seats at
    other agencies that an elevation gives; `elevated_until` is when the last elevation ends.
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
    predecessor_agency_ids: frozenset[int] = field(default=frozenset(), repr=False)
    elsewhere: tuple[Seat, ...] = ()
    elevated_until: datetime | None = None
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

    @property
    def own_agency_ids(self) -> frozenset[int]:
        """The own agency and those whose place it has taken."""
        return self.predecessor_agency_ids | ({self.agency_id} if self.agency_id is not None else frozenset())

    @property
    def all_roles(self) -> frozenset[Role]:
        """The roles held at any seat: which pages open at all."""
        return self.roles.union(*(seat.roles for seat in self.elsewhere))

    @property
    def seats(self) -> tuple[Seat, ...]:
        """From where the reader acts, the own agency first; none for a citizen."""
        if self.agency_id is None:
            return ()
        own = Seat(self.agency_id, self.own_agency_ids, self.descendant_agency_ids, self.roles)
        return (own, *self.elsewhere)

    def seat_elsewhere(self, agency_ids: Collection[int]) -> Seat | None:
        """From where the reader acts on a dossier of these agencies when it is not from the own one, else None."""
        if not self.own_agency_ids.isdisjoint(agency_ids):
            return None
        return next((seat for seat in self.elsewhere if not seat.own.isdisjoint(agency_ids)), None)

    def relations(self, receiving_agency_id: int, competent_agency_id: int) -> frozenset[Relation]:
        """Every relation that holds between the reader and a dossier of these two agencies, from any seat."""
        found = [seat.relations(receiving_agency_id, competent_agency_id) for seat in self.seats]
        holding = frozenset[Relation]().union(*found) - {Relation.NONE}
        return holding or frozenset({Relation.NONE})

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
        return any(
            seat.allows(act, relation)
            for seat in self.seats
            for relation in seat.relations(receiving_agency_id, competent_agency_id)
        )

    def require(self, act: Act, *, receiving_agency_id: int, competent_agency_id: int) -> None:
        """Raises NotPermitted unless `may`."""
        if not self.may(act, receiving_agency_id=receiving_agency_id, competent_agency_id=competent_agency_id):
            raise NotPermitted(_("Bạn không có quyền làm việc này với hồ sơ này."))

    def scope(self, act: Act) -> Scope:
        """The same answer as `may`, for all dossiers at once: what a list, a count or an export filters by."""
        if self.kind == "system":
            return Scope(everything=True)
        receiving: set[int] = set()
        competent: set[int] = set()
        for seat in self.seats if act in self.within else ():
            below = seat.below if seat.allows(act, Relation.PARENT) else frozenset[int]()
            receiving |= below | (seat.own if seat.allows(act, Relation.OWN_DESK) else frozenset())
            competent |= below | (seat.own if seat.allows(act, Relation.COMPETENT) else frozenset())
        return Scope(receiving=frozenset(receiving), competent=frozenset(competent))

    def permits_procedure(self, code: str) -> bool:
        """Whether the post was given this procedure; a post without a list works on all."""
        return not self.procedures or code in self.procedures


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
    wall = walls.column(within, files_online=files_online) if walls.wanted() else ""
    with connection.cursor() as cursor:
        cursor.execute(_POST.format(by=by, wall=wall and f", {wall}"), [key])
        post = cursor.fetchone()
    if wall:
        walls.raised()
        post = post and post[:-1]  # without the settings as they were set
    if post is None:
        return None
    return _reader(name, *post)


def _reader(
    name: str,
    staff_id: int,
    agency_id: int,
    division_id: int | None,
    signature: str,
    agency_name: str,
    demo: bool,
    password_is_given: bool,
    second_factor: bool,
    procedures: list[str],
    elevated_until: datetime | None,
    seats: str,
) -> Reader:
    own, *elsewhere = json.loads(seats)
    roles = frozenset(Role(role) for role in own["roles"])
    return Reader(
        kind="staff",
        _seal=_SEAL,
        staff_id=staff_id,
        agency_id=agency_id,
        division_id=division_id,
        name=name or signature,
        agency_name=agency_name,
        demo=demo,
        password_is_given=password_is_given,
        second_factor=second_factor,
        roles=roles,
        functions=roles | frozenset(own["functions"]),
        procedures=frozenset(procedures),
        descendant_agency_ids=frozenset(own["below"]),
        predecessor_agency_ids=frozenset(own["own"]) - {agency_id},
        elsewhere=tuple(
            Seat(at["seat"], frozenset(at["own"]), frozenset(at["below"]), frozenset(map(Role, at["roles"])))
            for at in elsewhere
        ),
        elevated_until=elevated_until,
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
                return _sign_in(request)
            reader = getattr(request, "reader", None) or for_staff(request.user)
            if duty := second_factor.unmet(reader):
                if duty.words:
                    messages.warning(request, str(duty.words))
                return redirect(duty.url_name)
            _require_role(reader, roles)
            request.reader = reader  # type: ignore[attr-defined]
            unfinished.sent(request)
            return inner(request, *args, **kwargs)

        return declare(Policy(Door.STAFF, frozenset(roles)))(guarded)

    return decorate if view is None else decorate(view)


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back; what was being sent when the session ended is kept and offered then."""
    if unfinished.keep(request):
        return redirect_to_login(reverse("office:unfinished"))
    # A form's own address may answer nothing to who only looks.
    return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else reverse("office:home"))


def _require_role(reader: Reader, roles: Iterable[Role]) -> None:
    wanted = frozenset(roles)
    if wanted and reader.all_roles.isdisjoint(wanted):
        raise NotPermitted(_("Trang này dành cho vai trò khác trong cơ quan của bạn."))
