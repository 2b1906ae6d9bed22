"""Signs a PDF by PAdES: with the key that is given, a timestamp where there is a service, and proofs for later years.

ETSI EN 319 142-1: level B-B, B-T with a trusted time, B-LTA with everything that shows the certificates good, under a
timestamp of its own.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from asn1crypto import x509
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    SigDSSPlacementPreference,
    TimestampDSSContentSettings,
)
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

from motcua.config.trouble import Tellable
from motcua.signatures.loops import finished
from motcua.signatures.stamps import Stamp

B_B, B_T, B_LTA = "B-B", "B-T", "B-LTA"
DIGEST: Final = "sha256"
_PATIENCE: Final = 20  # seconds for a timestamp, or for a word of an authority


class NotSigned(Tellable):
    """Nothing was signed; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Services:
    """What lasts beyond the certificate: the timestamping service, and the anchors that proofs are gathered for.

    `level` is the level to sign at. Raises ValueError for one that needs what is missing.
    """

    level: str = B_B
    stamper: str = ""
    anchors: Sequence[bytes] = ()

    def __post_init__(self) -> None:
        if (self.level != B_B and not self.stamper) or (self.level == B_LTA and not self.anchors):
            raise ValueError(f"{self.level} needs a timestamping service, B-LTA anchors of trust besides")


class _Page(PdfContent):
    """The page of a PDF in memory as the picture of a signature; the library's own class reads files by name."""

    def __init__(self, picture: bytes) -> None:
        super().__init__()
        self._picture = picture

    def render(self) -> bytes:
        """The command that draws it."""
        drawn = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._picture)), page_ix=0)
        self.resources.xobject["/Stamp"] = drawn
        x1, y1, x2, y2 = drawn.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(x1 - x2), height=abs(y1 - y2))
        return b"/Stamp Do"


def sign(content: bytes, signer: Signer, services: Services, *, reason: str, stamp: Stamp | None) -> bytes:
    """The PDF with one signature more, which covers all of it. Raises NotSigned; nothing is kept anywhere."""
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        name = f"ChuKy{len(PdfFileReader(io.BytesIO(content)).embedded_regular_signatures) + 1}"
        spec = fields.SigFieldSpec(name, on_page=stamp.page, box=stamp.box) if stamp else fields.SigFieldSpec(name)
        pdf_signer = PdfSigner(
            _metadata(name, reason, services),
            signer=signer,
            timestamper=_stamper(services),
            stamp_style=_style(stamp) if stamp else None,
            new_field_spec=spec,
        )
        return bytes(finished(lambda: pdf_signer.async_sign_pdf(writer)).getvalue())
    except TimestampRequestError:
        raise NotSigned(
            _("Dịch vụ dấu thời gian không trả lời đúng. Hãy thử lại sau ít phút; chưa có gì được ký.")
        ) from None
    except (SigningError, PathError):
        raise NotSigned(
            _(
                "Không ký được: chứng thư không còn hiệu lực, không rõ nơi cấp, hoặc không hỏi được nơi cấp. Hãy báo "
                "người quản trị; chưa có gì được ký."
            )
        ) from None
    except PdfError:
        raise NotSigned(_("Tệp PDF này không ký được vì bị hỏng. Hãy tạo lại tệp.")) from None


def _metadata(name: str, reason: str, services: Services) -> PdfSignatureMetadata:
    lasting = services.level == B_LTA
    return PdfSignatureMetadata(
        field_name=name,
        md_algorithm=DIGEST,
        reason=reason,
        subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=lasting,
        use_pades_lta=lasting,
        validation_context=_context(services) if lasting else None,
        # The proofs go in before the last timestamp, so that it covers them and nothing stands behind it.
        dss_settings=DSSContentSettings(
            include_vri=False,
            placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE,
            next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
        ),
        signer_key_usage=set(),
    )


def _context(services: Services) -> ValidationContext:
    """What proofs are gathered in: an authority that cannot be asked stops the signature instead of leaving a gap."""
    return ValidationContext(
        trust_roots=[x509.Certificate.load(each) for each in services.anchors],
        allow_fetching=True,
        fetcher_backend=RequestsFetcherBackend(per_request_timeout=_PATIENCE),
        revocation_mode="hard-fail",
    )


def _stamper(services: Services) -> TimeStamper | None:
    if services.level == B_B:
        return None
    return RequestsHTTPTimeStamper(services.stamper, timeout=_PATIENCE)  # type: ignore[no-untyped-call]


def _style(stamp: Stamp) -> StaticStampStyle:
    whole = SimpleBoxLayoutRule(
        AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins(), InnerScaling.STRETCH_TO_FIT
    )
    return StaticStampStyle(background=_Page(stamp.picture), border_width=0, background_layout=whole)
