"""The only writers of identities and signed papers: enter and end identities, sign, keep what was signed elsewhere."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from asn1crypto import x509
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader, for_system
from motcua.config.trouble import Tellable
from motcua.dossiers import asides
from motcua.dossiers.commands import Answer
from motcua.files import commands as files
from motcua.files import queries as stored
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Ref, SignedBy
from motcua.papers import commands as papers
from motcua.papers.kinds import Kind
from motcua.papers.queries import TrackingUrl
from motcua.papers.render import Paper, one_copy, typeset
from motcua.signatures import checking, pades, queries, sources
from motcua.signatures.examine import examine
from motcua.signatures.models import Identity, SignedPaper
from motcua.signatures.pades import Services
from motcua.signatures.queries import IdentityView
from motcua.signatures.reports import Report, Signature
from motcua.signatures.stamps import stamp
from motcua.signatures.testing import MARK

_NAMES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.RECEIPT: "giay-tiep-nhan",
        Kind.SLIP: "phieu-kiem-soat",
        Kind.SUPPLEMENT: "phieu-yeu-cau-bo-sung",
        Kind.REFUSAL: "phieu-tu-choi",
        Kind.APOLOGY: "phieu-xin-loi",
        Kind.STOP: "thong-bao-dung",
    }
)


class BadIdentity(ValueError):  # noqa: N818 - says what is the case
    """An identity that cannot be entered; the text says why."""


class CannotSign(Tellable):
    """The paper was not signed; the text says why and what to do."""


class SignatureRefused(ValueError):  # noqa: N818 - says what is the case
    """A file's signatures do not hold; `report` says which and why, `message` what to do."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.fault)
        self.report = report

    @property
    def message(self) -> str:
        """What is wrong and what to do."""
        return self.report.message


@dataclass(frozen=True, slots=True)
class _Issue:
    """What is signed: an issue, or None for a document from elsewhere."""

    kind: Kind | None = None
    ordinal: int | None = None


def add_identity(agency_code: str, source: str, *, username: str = "") -> IdentityView:
    """Enter an agency's seal, or with `username` a person's certificate, by the source of its key.

    The certificate is read through the source, so that what is entered can sign. Raises BadIdentity,
    agencies.NoSuchAgency, sources.KeyUnusable, remote.ServiceRefused.
    """
    found = sources.certificate(source)
    agency = agencies.agency_by_code(for_system("signing identities"), agency_code)
    user = agencies.account_named(username) if username else None
    if username and user is None:
        raise BadIdentity(_("Không có tài khoản %(username)s.") % {"username": username})
    if found.not_valid_after <= timezone.now():
        raise BadIdentity(_("Chứng thư này đã hết hạn ngày %(day)s.") % {"day": f"{found.not_valid_after:%d/%m/%Y}"})
    try:
        with transaction.atomic():
            row = Identity.objects.create(agency_id=agency.id, user_id=user, source=source, **_described(found))
    except IntegrityError:
        raise BadIdentity(_("Chứng thư này đã được ghi và đang dùng.")) from None
    queries.forget()
    return next(each for each in queries.all_identities() if each.id == row.pk)


def _described(certificate: x509.Certificate) -> dict[str, Any]:
    subject, issuer = certificate.subject, certificate.issuer
    return {
        "name": _common_name(subject)[:200],
        "issuer": _common_name(issuer)[:200],
        "fingerprint": certificate.sha256.hex(),
        "valid_from": certificate.not_valid_before,
        "valid_to": certificate.not_valid_after,
        "test": MARK in subject.human_friendly or MARK in issuer.human_friendly,
    }


def _common_name(name: x509.Name) -> str:
    return str(name.native.get("common_name") or name.human_friendly)


def end_identity(fingerprint: str) -> int:
    """Use an identity no longer, by its certificate's fingerprint or its beginning; returns how many ended (0 or 1).

    Raises BadIdentity for a beginning that several have.
    """
    in_use = Identity.objects.filter(fingerprint__startswith=fingerprint.lower(), ended_at__isnull=True)
    if len(fingerprint) < 8 or in_use.count() > 1:
        raise BadIdentity(_("Hãy nhập ít nhất 8 ký tự đầu của dấu vân, đủ để chỉ một chứng thư."))
    ended = in_use.update(ended_at=timezone.now())
    queries.forget()
    return ended


def sign_paper(
    reader: Reader, dossier_id: UUID, kind: Kind, by: SignedBy, tracking_url: TrackingUrl, *, command_id: UUID,
    seen_seq: int | None = None,
) -> Answer:  # fmt: skip
    """Issue a paper, sign it with the reader's own certificate or the agency's seal, and keep the signed file.

    A second signature goes onto the file that bears the first. Raises CannotSign, sources.KeyUnusable,
    remote.ServiceRefused, pades.NotSigned, files' UploadRefused and what `papers.issue` and the law raise; nothing of
    the signature is kept then.
    """
    if before := asides.answered(dossier_id, command_id):
        return before
    identity = _identity(reader, by)
    issue = papers.issue(reader, kind, dossier_id, tracking_url)
    earlier = queries.signed_of(dossier_id, kind, issue.ordinal)
    if any(each.fingerprint == identity.fingerprint for each in earlier):
        raise CannotSign(_("Giấy này đã ký bằng chứng thư đó rồi."))
    code, paper = str(issue.paper.data["dossier_code"]).replace("\u200b", ""), one_copy(issue.paper)
    base = _content(reader, earlier[-1].file_id, issue.pair, code) if earlier else typeset(paper)
    content = _signed(paper, base, identity, by)
    signature = _own(content, identity)
    file = files.store_upload(io.BytesIO(content), f"{_NAMES[kind]}-{code}.pdf", "application/pdf")
    document = Ref(str(file.id), file.commitment)
    return _keep(
        reader, dossier_id, document, by, signature, content, _Issue(kind, issue.ordinal), command_id=command_id,
        seen_seq=seen_seq,
    )  # fmt: skip


def keep_signed(
    reader: Reader,
    dossier_id: UUID,
    document: Ref,
    by: SignedBy,
    *,
    pair: tuple[int, int],
    code: str,
    command_id: UUID,
    seen_seq: int | None = None,
) -> Answer:
    """Keep an upload that was signed elsewhere, once all its signatures hold. Raises SignatureRefused.

    `pair` and `code` are the dossier's, for the access log.
    """
    if before := asides.answered(dossier_id, command_id):
        return before
    content = _content(reader, UUID(document.id), pair, code)
    report = checking.check(content)
    if not report.holds:
        raise SignatureRefused(report)
    last, issue = report.signatures[-1], _Issue()
    return _keep(reader, dossier_id, document, by, last, content, issue, command_id=command_id, seen_seq=seen_seq)


def services() -> Services:
    """What signatures are made with, by the settings. Raises CannotSign for a level that needs what is not set."""
    stamper, anchors = settings.MOTCUA_TSA or "", checking.anchors()
    level = settings.MOTCUA_SIGN_LEVEL or (pades.B_T if stamper else pades.B_B)
    try:
        return Services(level, stamper, anchors)
    except ValueError:
        raise CannotSign(
            _("Mức ký %(level)s cần MOTCUA_TSA, mức B-LTA cần thêm MOTCUA_TRUST. Hãy báo người quản trị.")
            % {"level": level}
        ) from None


def _identity(reader: Reader, by: SignedBy) -> IdentityView:
    found = [each for each in queries.own_identities(reader, timezone.now()) if each.by is by]
    if not found:
        raise CannotSign(
            _("Cơ quan chưa có con dấu số còn hạn, hoặc vai trò của bạn không đóng dấu. Hãy báo người quản trị.")
            if by is SignedBy.SEAL
            else _("Bạn chưa có chứng thư ký số còn hạn ở đây. Hãy ký bằng thiết bị của mình rồi tải tệp đã ký lên.")
        )
    return found[0]


def _signed(paper: Paper, base: bytes, identity: IdentityView, by: SignedBy) -> bytes:
    with sources.opened(identity.source) as signer:
        certificate = signer.signing_cert
        if certificate is None or certificate.sha256.hex() != identity.fingerprint:
            raise CannotSign(
                _("Khóa ở %(source)s không thuộc chứng thư đã ghi. Hãy báo người quản trị ghi lại chứng thư.")
                % {"source": identity.source}
            )
        organisation = str(certificate.subject.native.get("organization_name", ""))
        name = identity.name.removesuffix(f" ({MARK})")
        box = stamp(paper, base, by, name, organisation, timezone.now(), test=identity.test)
        reason = "Đóng dấu cơ quan" if by is SignedBy.SEAL else "Ký văn bản"
        return pades.sign(base, signer, services(), reason=reason, stamp=box)


def _own(content: bytes, identity: IdentityView) -> Signature:
    """The signature that was just made, as it reads back. Raises CannotSign when it does not hold in itself."""
    report = examine(content, checking.anchors(), datetime.now(UTC))
    made = next((each for each in report.signatures if each.fingerprint == identity.fingerprint), None)
    if report.changed or made is None:
        raise CannotSign(_("Chữ ký vừa tạo không đọc lại được nên không lưu. Hãy báo người quản trị."))
    return made


def _content(reader: Reader, file_id: UUID, pair: tuple[int, int], code: str) -> bytes:
    opened = stored.open_for(
        reader,
        file_id,
        receiving_agency_id=pair[0],
        competent_agency_id=pair[1],
        purpose="Kiểm tra hoặc ký tiếp tệp đã ký số",
        dossier=code,
    )
    return b"".join(opened.chunks)


def _keep(
    reader: Reader, dossier_id: UUID, document: Ref, by: SignedBy, signature: Signature, content: bytes, issue: _Issue,
    **common: Any,
) -> Answer:  # fmt: skip
    def then(state: State) -> None:
        SignedPaper.objects.create(
            dossier_id=dossier_id, file_id=UUID(document.id), kind=issue.kind or "", ordinal=issue.ordinal, by=by,
            signer=signature.signer[:200], fingerprint=signature.fingerprint, level=signature.level,
            signed_at=signature.signed_at, digest=sha256(content).digest(), staff_id=reader.staff_id,
            receiving_agency_id=state.intake.receiving_agency, competent_agency_id=state.intake.competent_agency,
            recorded_at=timezone.now(),
        )  # fmt: skip

    return asides.sign(reader, dossier_id, document, by, then=then, **common)
