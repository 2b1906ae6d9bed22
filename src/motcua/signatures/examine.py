"""Tells of each signature in a PDF whether it holds: the cryptography, the certificates, that nothing was added.

Pure: bytes and anchors of trust in, a report out; no network, no settings, no database. A file may come from anybody,
so this runs in a process of its own (`checker`).
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import cms, core, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESSubIndic
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from motcua.signatures.loops import finished
from motcua.signatures.reports import Fault, Report, Signature, of_signatures
from motcua.signatures.testing import MARK

_HEX: Final = re.compile(rb"<(?:[0-9a-f]*|[0-9A-F]*)>")
# Certificates for signing name either use; both are met in practice (RFC 5280, 4.2.1.3).
_USES: Final = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)
_I, _F = AdESIndeterminate, AdESFailure
_FAULTS: Final[dict[AdESSubIndic, Fault]] = {
    _F.REVOKED: Fault.REVOKED,
    _I.REVOKED_NO_POE: Fault.REVOKED,
    _I.REVOKED_CA_NO_POE: Fault.REVOKED,
    _I.OUT_OF_BOUNDS_NO_POE: Fault.EXPIRED,
    _I.OUT_OF_BOUNDS_NOT_REVOKED: Fault.EXPIRED,
    _I.EXPIRED: Fault.EXPIRED,
    _I.CRYPTO_CONSTRAINTS_FAILURE: Fault.WEAK,
    _I.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: Fault.WEAK,
    _I.SIG_CONSTRAINTS_FAILURE: Fault.USAGE,
    _I.CHAIN_CONSTRAINTS_FAILURE: Fault.USAGE,
}


@dataclass(frozen=True, slots=True)
class _Trust:
    """What is believed, and when: anchors, and what the file itself brings to prove that nothing was revoked."""

    anchors: Sequence[x509.Certificate]
    store: DocumentSecurityStore | None

    def at(self, moment: datetime) -> ValidationContext:
        values: dict[str, Any] = {
            "trust_roots": list(self.anchors), "moment": moment, "retroactive_revinfo": True,
        }  # fmt: skip
        return self.store.as_validation_context(values) if self.store else ValidationContext(**values)


def examine(content: bytes, anchors: Sequence[bytes], now: datetime) -> Report:
    """The report on a PDF; `anchors` are the certificates (DER) that are believed, `now` an aware moment."""
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it would write down what strangers' files hold
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        return finished(lambda: _report(content, [x509.Certificate.load(each) for each in anchors], now))
    except Exception:  # whatever a stranger's file does to the library, the answer is one: it cannot be read
        return Report((), Fault.BROKEN)


async def _report(content: bytes, anchors: Sequence[x509.Certificate], now: datetime) -> Report:
    reader = PdfFileReader(io.BytesIO(content), strict=True)
    signed = list(reader.embedded_regular_signatures)
    stamps = list(reader.embedded_timestamp_signatures)
    if not signed:
        return Report((), Fault.UNSIGNED)
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        store = None
    trust = _Trust(anchors, store)
    archived = [each for each in stamps if await _stamp_holds(content, each, trust, now)]
    last = max([*signed, *stamps], key=lambda each: each.signed_revision)
    if not _ends_as_written(content, last, reader.xrefs.total_revisions):
        return Report((), Fault.PARTIAL)
    found = []
    for each in signed:
        level = ("B-LTA" if archived else "B-LT") if store else ""
        found.append(await _signature(content, each, trust, now, is_last=each is last, level=level))
    if len(archived) < len(stamps):
        return Report(tuple(found), Fault.CHANGED)
    return of_signatures(tuple(found))


async def _stamp_holds(content: bytes, stamp: EmbeddedPdfSignature, trust: _Trust, now: datetime) -> bool:
    """Whether a timestamp over the whole document holds and comes from somebody who is believed."""
    status = await async_validate_pdf_timestamp(stamp, trust.at(now))
    return bool(status.intact and status.valid and status.trusted and _is_strict(content, stamp))


async def _signature(
    content: bytes, signed: EmbeddedPdfSignature, trust: _Trust, now: datetime, *, is_last: bool, level: str
) -> Signature:
    try:
        status = await _status(signed, trust.at(now))
        stamp = status.timestamp_validity
        proven = stamp.timestamp if stamp is not None and stamp.valid and stamp.trusted else None
        fault = _fault(content, signed, status, is_last=is_last)
        if fault in (Fault.EXPIRED, Fault.REVOKED) and proven is not None:
            # It was made while the certificate was good, and that is proven: the years since do not matter.
            fault = _fault(content, signed, await _status(signed, trust.at(proven)), is_last=is_last)
        whole = _is_whole(status, is_last=is_last)
        claimed = status.signer_reported_dt
    except (PdfError, SignatureValidationError, ValueError, TypeError, KeyError):
        proven, claimed, fault, whole = None, None, Fault.BROKEN, False
    certificate = signed.signer_cert
    names, by = certificate.subject.native, certificate.issuer.native
    return Signature(
        signer=_word(names, "common_name"),
        organisation=_word(names, "organization_name"),
        issuer=_word(by, "common_name") or _word(by, "organization_name"),
        fingerprint=certificate.sha256.hex(),
        valid_from=certificate.not_valid_before,
        valid_to=certificate.not_valid_after,
        signed_at=proven or claimed,
        timestamped=proven is not None,
        whole=whole,
        test=MARK in certificate.subject.human_friendly or MARK in certificate.issuer.human_friendly,
        level=(level if proven is not None and level else "B-T" if proven is not None else "B-B"),
        fault=fault,
    )


async def _status(signed: EmbeddedPdfSignature, context: ValidationContext) -> PdfSignatureStatus:
    return await async_validate_pdf_signature(signed, context, key_usage_settings=_USES)


def _fault(content: bytes, signed: EmbeddedPdfSignature, status: PdfSignatureStatus, *, is_last: bool) -> Fault | None:
    """The gravest thing wrong: first what was signed, then what was added, then who signed."""
    if not (status.intact and status.valid and _is_strict(content, signed)):
        return Fault.CHANGED
    if not _is_whole(status, is_last=is_last):
        return Fault.PARTIAL
    stamp = status.timestamp_validity
    if stamp is not None and not (stamp.intact and stamp.valid):
        return Fault.CHANGED
    if status.trusted:
        return None
    begins, moment = signed.signer_cert.not_valid_before, status.validation_time
    if status.validation_path is not None and moment is not None and moment < begins:
        return Fault.NOT_YET
    return _FAULTS.get(status.trust_problem_indic or _I.GENERIC, Fault.UNKNOWN)


def _is_whole(status: PdfSignatureStatus, *, is_last: bool) -> bool:
    """Whether the file is what was signed, with at most further signatures, and proofs for later, behind it."""
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return True
    if status.coverage != SignatureCoverageLevel.ENTIRE_REVISION or not status.docmdp_ok:
        return False
    most = ModificationLevel.LTA_UPDATES if is_last else ModificationLevel.FORM_FILLING
    level = status.modification_level
    return level is not None and level <= most


def _ends_as_written(content: bytes, last: EmbeddedPdfSignature, revisions: int) -> bool:
    """Whether nothing stands behind the last signature but whole revisions, each with its end."""
    ranges = [int(each) for each in last.byte_range]
    tail = content[ranges[2] + ranges[3] :]
    later = revisions - 1 - int(last.signed_revision)
    return not tail if later == 0 else tail.count(b"%%EOF") == later and tail.rstrip(b"\r\n").endswith(b"%%EOF")


def _is_strict(content: bytes, signed: EmbeddedPdfSignature) -> bool:
    """Whether the bytes that no signature covers are written in the one way that signers write them.

    What a signature is embedded in, its frame and its envelope, is not signed: another spelling of it would go unseen.
    """
    ranges = [int(each) for each in signed.byte_range]
    gap = content[ranges[1] : ranges[2]]
    frame = bytes.fromhex(gap[1:-1].decode()) if _HEX.fullmatch(gap) and len(gap) % 2 == 0 else b""
    envelope = cms.ContentInfo.load(frame) if frame else None
    if envelope is None or frame[len(envelope.dump()) :].strip(b"\0"):
        return False
    inner, info = signed.signed_data, signed.signer_info
    by_serial = info["sid"].name == "issuer_and_serial_number"
    return (
        envelope["content_type"].native == "signed_data"
        and info["version"].native == ("v1" if by_serial else "v3")
        and inner["version"].native in ("v1", "v3")
        and [each.dump() for each in inner["digest_algorithms"]] == [info["digest_algorithm"].dump()]
        and _has_no_parameters(info["digest_algorithm"])
    )


def _has_no_parameters(algorithm: core.Sequence) -> bool:
    return algorithm["parameters"].dump() in (b"", b"\x05\x00")


def _word(names: dict[str, Any], key: str) -> str:
    value = names.get(key, "")
    return " ".join(str(part) for part in (value if isinstance(value, list) else [value]))
