"""Proofs that the log was not rewritten: signed heads, the place of an event under one, and how one extends another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router

from motcua.api.fields import Position, Told, answers
from motcua.api.gate import Bearer, Request
from motcua.api.problems import not_found
from motcua.exchange.scopes import Scope
from motcua.proofs import evidence
from motcua.proofs import queries as proofs

router = Router(auth=Bearer(), tags=["proofs"])


class Head(Told):
    """A signed head of the log; what counts is the note."""

    origin: str
    size: int
    root: str
    signed_at: str
    note: str
    key: str


class Inclusion(Told):
    """That an event's hash stands at a position under a head (RFC 6962)."""

    format: str
    position: int
    hash: str
    path: list[str]
    head: Head


class Consistency(Told):
    """That the log under a later head begins with all of the log under an earlier one."""

    format: str
    old: Head
    new: Head
    path: list[str]


class Covered(Told):
    """An event in the form that was hashed, with its way to the head."""

    position: int
    canonical: str
    previous: str
    hash: str
    path: list[str]


class Uncovered(Told):
    """An event that the head does not cover yet."""

    seq: int
    position: int | None


class Proof(Told):
    """Every event of a dossier under a head: what docs/verifier checks without asking us."""

    format: str
    head: Head
    events: list[Covered]
    uncovered: list[Uncovered]


@router.get("/log/heads/latest", response=answers(Head, 404))
def get_head(request: Request) -> dict[str, Any]:
    """The last signed head."""
    head = proofs.latest()
    if head is None:
        raise not_found()
    return head.to_data()


@router.get("/log/heads/{size}", response=answers(Head, 404))
def get_head_of(request: Request, size: Position) -> dict[str, Any]:
    """The head that was signed for so many positions."""
    return proofs.head_of(size).to_data()


@router.get("/log/positions/{position}", response=answers(Inclusion, 404))
def prove_position(request: Request, position: Position, size: Position | None = None) -> dict[str, Any]:
    """That a position stands under the head of a size, by default the last."""
    return proofs.inclusion(position, size).to_data()


@router.get("/log/growth", response=answers(Consistency, 404))
def prove_growth(request: Request, old: Position, new: Position | None = None) -> dict[str, Any]:
    """That the head of size `new`, by default the last, extends that of `old`."""
    return proofs.consistency(old, new).to_data()


@router.get("/dossiers/{dossier_id}/proof", response=answers(Proof, 404), auth=Bearer(Scope.DOSSIERS_READ))
def prove_dossier(request: Request, dossier_id: UUID, size: Position | None = None) -> dict[str, Any]:
    """Every event of a dossier under the head of a size, by default the last."""
    return evidence.of_dossier(request.auth.reader, dossier_id, size)
