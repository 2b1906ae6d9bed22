"""Readers of identities and of signed papers: for who signs, for the dossier's page, and for whoever holds a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from time import monotonic
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, Q

from motcua.agencies.access import Reader
from motcua.law.dossier.vocabulary import SignedBy
from motcua.papers.kinds import Kind
from motcua.signatures.models import Identity, SignedPaper

_REMEMBERED: Final = 30.0  # seconds for which a page may offer what was entered or ended meanwhile


@dataclass(frozen=True, slots=True)
class IdentityView:
    """An identity as lists show it; `username` is empty for an agency's seal."""

    id: int
    agency_id: int
    by: SignedBy
    name: str
    issuer: str
    fingerprint: str
    source: str
    valid_from: datetime
    valid_to: datetime
    test: bool
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignedView:
    """A signed paper: which issue (none for a document from elsewhere), who signed, and the file."""

    dossier_id: UUID
    file_id: UUID
    kind: Kind | None
    ordinal: int | None
    by: SignedBy
    signer: str
    fingerprint: str
    level: str
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What is known of a file that was kept as it was signed, for whoever holds the same bytes."""

    dossier: str
    kind: Kind | None
    ordinal: int | None
    recorded_at: datetime


def own_identities(reader: Reader, now: datetime) -> tuple[IdentityView, ...]:
    """What the reader may sign with now: the own certificate, and the agency's seal for the roles that use it.

    One statement. Those that have ended or are out of their days are left out.
    """
    if reader.staff_id is None or reader.agency_id is None:
        return ()
    mine = Q(user__staff=reader.staff_id)
    if {role.value for role in reader.roles} & set(settings.MOTCUA_SEAL_ROLES):
        mine |= Q(user_id__isnull=True, agency_id=reader.agency_id)
    current = Q(ended_at__isnull=True, valid_from__lte=now, valid_to__gt=now) & ~Q(source="")
    return tuple(map(_view, Identity.objects.filter(mine & current).order_by("user_id", "-valid_to", "pk")))


_remembered: dict[str, tuple[float, list[tuple[int | None, IdentityView]]]] = {}


def offered_identities(reader: Reader, now: datetime) -> tuple[IdentityView, ...]:
    """The same for a page: as each process read the few there are at most half a minute ago, so mostly no statement.

    Whether it still holds is asked when it signs.
    """
    database, moment = str(connection.settings_dict["NAME"]), monotonic()
    read_at, found = _remembered.get(database, (moment - _REMEMBERED, []))
    if moment - read_at >= _REMEMBERED:
        rows = Identity.objects.filter(ended_at__isnull=True).exclude(source="").annotate(post=F("user__staff__pk"))
        found = [(row.post, _view(row)) for row in rows.order_by("user_id", "-valid_to", "pk")]
        _remembered[database] = (moment, found)
    seals = {role.value for role in reader.roles} & set(settings.MOTCUA_SEAL_ROLES)
    return tuple(
        each
        for post, each in found
        if each.valid_from <= now < each.valid_to
        and (post == reader.staff_id if each.by is SignedBy.PERSON else seals and each.agency_id == reader.agency_id)
    )


def forget() -> None:
    """Let `offered_identities` read anew."""
    _remembered.clear()


def all_identities() -> tuple[IdentityView, ...]:
    """Every identity that was ever entered, for the operator: one statement."""
    return tuple(map(_view, Identity.objects.order_by("agency_id", "user_id", "valid_from", "pk")))


def signed_of(dossier_id: UUID, kind: Kind, ordinal: int) -> Sequence[SignedView]:
    """The signatures under one issue of a paper, in their order: one statement, within the reader's dossiers."""
    rows = SignedPaper.objects.filter(dossier_id=dossier_id, kind=kind, ordinal=ordinal).order_by("recorded_at", "pk")
    return [_signed(row) for row in rows]


def signers_of(dossier_id: UUID, kind: Kind, ordinal: int) -> tuple[tuple[SignedBy, str, datetime | None], ...]:
    """Who signed an issue, for whoever holds it, by a door of the database: one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM signatures_of_issue(%s, %s, %s)", [dossier_id, kind.value, ordinal])
        return tuple((SignedBy(by), signer, at) for by, signer, at in cursor.fetchall())


def kept_file(content: bytes) -> KeptFile | None:
    """Whether these very bytes were kept here as a signed paper, for whoever holds them: one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM signatures_behind_digest(%s)", [sha256(content).digest()])
        row = cursor.fetchone()
    if row is None:
        return None
    dossier, kind, ordinal, recorded_at = row
    return KeptFile(dossier, Kind(kind) if kind else None, ordinal, recorded_at)


def _view(row: Identity) -> IdentityView:
    by = SignedBy.SEAL if row.user_id is None else SignedBy.PERSON
    return IdentityView(
        row.pk, row.agency_id, by, row.name, row.issuer, row.fingerprint, row.source, row.valid_from, row.valid_to,
        row.test, row.ended_at,
    )  # fmt: skip


def _signed(row: SignedPaper) -> SignedView:
    kind = Kind(row.kind) if row.kind else None
    return SignedView(
        row.dossier_id, row.file_id, kind, row.ordinal, SignedBy(row.by), row.signer, row.fingerprint, row.level,
        row.signed_at,
    )  # fmt: skip
