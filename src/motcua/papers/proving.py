"""Gives a paper that is being issued its statement: what it is, signed by the log's key, in its QR code."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from motcua.agencies.queries import FormHead
from motcua.law import signed_note
from motcua.papers import keeping, qr, statement
from motcua.papers.kinds import Kind
from motcua.papers.render import Paper
from motcua.papers.statement import DIGEST, ROOT, Statement
from motcua.proofs import keys
from motcua.proofs import queries as proofs
from motcua.proofs.keys import LogKeyTrouble, Signer

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prover:
    """What statements are signed with: the log's key, its hash under the log's name, the root that papers name now."""

    signer: Signer = field(repr=False)
    key_hash: bytes
    root: bytes

    def proved(
        self, paper: Paper, kind: Kind, ordinal: int, issued_at: datetime, agency: FormHead, site: str
    ) -> tuple[Paper, bytes | None]:
        """The paper with its statement, and the digest in it; the paper alone where its address gets too long."""
        code = str(paper.data["dossier_code"]).replace("\u200b", "")
        salted = replace(paper, data={**paper.data, "salt": secrets.token_hex(16)})
        digest = keeping.digest(salted, DIGEST)
        said = Statement(self.key_hash, kind, ordinal, issued_at, digest, agency.identifier, code, self.root)
        payload = said.payload()
        text = statement.written(payload, self.signer.private.sign(statement.CONTEXT + payload))
        try:
            picture = qr.dense_svg(statement.address(site, text))
        except (qr.AddressTooLongError, ValueError):
            return paper, None  # its QR leads to the tracking page alone
        return replace(salted, data={**salted.data, "statement": text, "qr": picture}), digest


def prover() -> Prover | None:
    """The log's key, once a head was signed with it: only then everybody can know it. None before, or in its trouble,
    which the worker that signs heads reports: no paper waits for that.
    """
    head = proofs.remembered()
    if head is None:
        return None
    try:
        signer = keys.signer()
    except LogKeyTrouble as trouble:
        _LOG.warning("papers are issued without a statement: %s", trouble)
        return None
    if signer is None or signer.id != head.key_id:
        return None
    return Prover(signer, signed_note.key_hash(head.origin, signer.public), head.root[:ROOT])


def site_of(tracking_address: str) -> str:
    """The site's address without a path, read off an address of a tracking page."""
    parts = urlsplit(tracking_address)
    return f"{parts.scheme}://{parts.netloc}"
