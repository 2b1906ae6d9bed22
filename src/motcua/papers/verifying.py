"""Papers for whoever holds one: what its QR code or the file itself says, held against what was issued.

Everybody may ask, so nobody's permission is looked up: what opens a paper is a statement that only we can have signed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import pikepdf
from django.db import connection

from motcua.agencies import queries as agencies
from motcua.agencies import walls
from motcua.agencies.access import for_system
from motcua.law import signed_note
from motcua.papers import keeping, statement
from motcua.papers.kinds import Kind
from motcua.papers.render import Paper, engine, one_copy, typeset
from motcua.papers.statement import NotAStatement, Signed
from motcua.persons import queries as persons
from motcua.persons.identity import mask_name
from motcua.persons.queries import Sight
from motcua.proofs import queries as proofs


class NotOurs(LookupError):  # noqa: N818 - says what is the case
    """What was shown is no statement that this installation signed."""


@dataclass(frozen=True, slots=True)
class Found:
    """A paper behind its statement: what may be said to whoever holds it.

    `name` is masked, and empty with `erased`: what the paper said was erased by an order, so it cannot be compared.
    `holds` says that the record still is what the statement was made for. `root_known` says whether the log's root on
    it was ever signed, None where it names none.
    """

    dossier_id: UUID
    dossier: str
    kind: Kind
    ordinal: int
    latest: int
    issued_at: datetime
    agency: str
    name: str
    holds: bool
    erased: bool
    root_known: bool | None
    engine: str
    paper: Paper | None = field(default=None, repr=False)

    @property
    def newest(self) -> bool:
        """Whether no later issue of this paper exists."""
        return self.ordinal == self.latest

    @property
    def comparable(self) -> bool:
        """Whether it can be set again byte for byte: not once erased, nor after an upgrade of the typesetter."""
        return self.paper is not None and self.engine == engine()


def by_statement(text: str) -> Found:
    """The paper that a statement, or the QR code's whole address, stands for. Raises NotOurs.

    Four statements of SQL.
    """
    try:
        signed = statement.read(text)
    except NotAStatement:
        raise NotOurs from None
    if not signed.holds(_keys(signed)):
        raise NotOurs
    return _found(signed)


def by_file(content: bytes) -> Found | None:
    """The paper that a PDF says it is, by the statement in it; None for one that says nothing, or nothing of ours."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            said = str(pdf.docinfo.get("/Keywords", ""))
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError, RuntimeError):
        return None  # whatever else may be wrong with a stranger's file, it names no paper of ours
    try:
        return by_statement(said) if said else None
    except NotOurs:
        return None


def same_bytes(found: Found, content: bytes, *, signed: bool) -> bool:
    """Whether a file is the paper as it was issued, byte for byte; or, where it is `signed` well, begins with it."""
    if found.paper is None:
        return False
    one = typeset(one_copy(found.paper))
    return content in (one, typeset(found.paper)) or (signed and content.startswith(one))


def _keys(signed: Signed) -> Sequence[bytes]:
    """The log's public keys that the statement may name."""
    read = (signed_note.read_verifier_key(each.line) for each in proofs.public_keys())
    return [key for name, key in read if signed_note.key_hash(name, key) == signed.statement.key_hash]


def _found(signed: Signed) -> Found:
    said = signed.statement
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM papers_behind_digest(%s)", [said.digest])
        row = cursor.fetchone()
    if row is None:
        raise NotOurs
    dossier_id, code, kind, ordinal, issued_at, record_id, receiving, competent, latest, set_by = row
    paper = _paper(Sight(record_id, receiving, competent))
    known = proofs.head_by_root(said.root) is not None if said.root else None
    return Found(
        dossier_id, code, Kind(kind), ordinal, latest, issued_at, _agency(said.agency, receiving, competent),
        mask_name(_name(paper)) if paper else "", bool(paper) and _holds(signed, paper, code), paper is None, known,
        set_by, paper,
    )  # fmt: skip


def _paper(sight: Sight) -> Paper | None:
    walls.tell([sight.record_id])
    text = persons.notes(for_system("a paper is checked by its QR code"), [sight]).get(sight.record_id)
    return keeping.of_text(text) if text else None


def _holds(signed: Signed, paper: Paper | None, code: str) -> bool:
    said = signed.statement
    return paper is not None and keeping.digest(paper, len(said.digest)) == said.digest and said.dossier == code


def _agency(identifier: str, *pair: int) -> str:
    heads = agencies.form_heads(pair)
    named = [head.agency_name for head in heads.values() if head.identifier == identifier]
    return named[0] if named else heads[pair[0]].agency_name


def _name(paper: Paper) -> str:
    return str(paper.data.get("owner_name") or paper.data.get("addressee") or "").replace("\u200b", "")
