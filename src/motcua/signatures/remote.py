"""A signer whose key lies with a service: it is given a digest and answers with a signature.

The service speaks the requests `credentials/info` and `signatures/signHash` of the Cloud Signature Consortium's API
(v1.0.4, 11.5 and 11.9), with a bearer token. Asking the person for consent is the service's; then it answers.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any, Final

import requests
from asn1crypto import x509
from asn1crypto.algos import SignedDigestAlgorithm
from django.utils.translation import gettext_lazy as _
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from motcua.config.trouble import Tellable

_PATIENCE: Final = (5, 60)  # seconds to connect, and for the person to agree on a telephone
_RSA_SHA256: Final = "1.2.840.113549.1.1.11"
_ECDSA_SHA256: Final = "1.2.840.10045.4.3.2"
_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_MOST: Final = 2**20  # bytes of an answer
_FRAME: Final = {"rsa": 512, "ec": 150}  # the most bytes of a signature, for the room that is left for it


class ServiceRefused(Tellable):
    """The signing service gave no signature; the text says why and what to do."""


class RemoteSigner(Signer):
    """Signs through a service's credential."""

    def __init__(self, url: str, credential: str, token: str) -> None:
        self._url, self._credential, self._token = url.rstrip("/"), credential, token
        chain = self._chain()
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        registry.register_multiple(chain[1:])
        self._is_rsa = chain[0].public_key.algorithm == "rsa"
        mechanism = SignedDigestAlgorithm({"algorithm": "sha256_rsa" if self._is_rsa else "sha256_ecdsa"})
        super().__init__(
            signing_cert=chain[0], cert_registry=registry, signature_mechanism=mechanism, embed_roots=False
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The service's signature over this data's digest; in a rehearsal as many bytes as it may have."""
        if digest_algorithm != "sha256":
            raise ServiceRefused(_("Dịch vụ ký số từ xa chỉ ký mã băm SHA-256."))
        if dry_run:
            return bytes(_FRAME["rsa" if self._is_rsa else "ec"])
        answer = self._ask(
            "signatures/signHash",
            credentialID=self._credential,
            hash=[base64.b64encode(hashlib.sha256(data).digest()).decode()],
            hashAlgo=_SHA256,
            signAlgo=_RSA_SHA256 if self._is_rsa else _ECDSA_SHA256,
        )
        return self._bytes(answer, "signatures")

    def _chain(self) -> list[x509.Certificate]:
        answer = self._ask("credentials/info", credentialID=self._credential, certificates="chain")
        try:
            return [x509.Certificate.load(base64.b64decode(each)) for each in answer["cert"]["certificates"]]
        except (KeyError, TypeError, ValueError, binascii.Error):
            raise self._odd() from None

    def _bytes(self, answer: dict[str, Any], name: str) -> bytes:
        try:
            return base64.b64decode(answer[name][0], validate=True)
        except (KeyError, IndexError, TypeError, ValueError, binascii.Error):
            raise self._odd() from None

    def _ask(self, verb: str, **asked: Any) -> dict[str, Any]:
        try:
            answer = requests.post(
                f"{self._url}/{verb}",
                json=asked,
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=_PATIENCE,
                allow_redirects=False,
            )
            found = answer.json() if len(answer.content) <= _MOST else None
        except (requests.RequestException, ValueError):
            raise ServiceRefused(
                _("Dịch vụ ký số từ xa không trả lời. Hãy thử lại sau ít phút; chưa có gì được ký.")
            ) from None
        if answer.status_code != 200 or not isinstance(found, dict):
            raise ServiceRefused(
                _("Dịch vụ ký số từ xa từ chối ký (mã %(code)s). Hãy kiểm tra quyền và chứng thư; chưa có gì được ký.")
                % {"code": answer.status_code}
            )
        return found

    @staticmethod
    def _odd() -> ServiceRefused:
        return ServiceRefused(_("Dịch vụ ký số từ xa trả lời không đúng. Chưa có gì được ký; hãy báo người quản trị."))
