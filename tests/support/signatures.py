"""Test identities for signing, made once: by an authority that is believed, and by one that nobody knows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from motcua.signatures.testing import Authority, Identity

AGENCY, PERSON = "Ủy ban nhân dân phường Tân An", "Phạm Lãnh Thử"


@dataclass
class Keyring:
    """The identities, and the folders that the installation under test looks into."""

    authority: Authority
    stranger: Authority

    @cached_property
    def person(self) -> Identity:
        return self.authority.person(PERSON, AGENCY)

    @cached_property
    def seal(self) -> Identity:
        return self.authority.seal(AGENCY)

    @cached_property
    def expired(self) -> Identity:
        return self.authority.expired(PERSON, AGENCY)

    @cached_property
    def unknown(self) -> Identity:
        return self.stranger.person(PERSON, AGENCY)

    @cached_property
    def stamper(self) -> Identity:
        return self.authority.stamper()

    @property
    def anchors(self) -> list[bytes]:
        return [der(self.authority.identity)]


def der(identity: Identity) -> bytes:
    """A certificate's bytes."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return identity.certificate.public_bytes(Encoding.DER)


def fingerprint(identity: Identity) -> str:
    """A certificate's SHA-256."""
    from hashlib import sha256

    return sha256(der(identity)).hexdigest()


def signer_of(identity: Identity) -> Any:
    """The library's signer for an identity, as the installation makes it."""
    from pyhanko.sign.signers import SimpleSigner

    signer = SimpleSigner.load_pkcs12_data(identity.pkcs12("x", "x"), other_certs=[], passphrase=b"x")
    signer.embed_roots = False
    return signer


def signed_pdf(identity: Identity, content: bytes | None = None, services: Any = None) -> bytes:
    """A PDF signed as people sign with their own programs."""
    from motcua.signatures import pades

    return pades.sign(
        content or plain_pdf(), signer_of(identity), services or pades.Services(), reason="Ký văn bản", stamp=None
    )


def plain_pdf() -> bytes:
    """An ordinary PDF of one page."""
    from pypdf import PdfWriter

    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(300, 300)
    writer.write(file)
    return file.getvalue()


def lay(folder: Path, name: str, identity: Identity) -> None:
    """A key where the installation looks for it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path, content in ((f"{name}.p12", identity.pkcs12(name, "bi mat")), (f"{name}.pass", b"bi mat\n")):
        (folder / path).write_bytes(content)
        (folder / path).chmod(0o600)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """Two authorities with what they issue."""
    return Keyring(Authority("CA THỬ NGHIỆM Một"), Authority("CA THỬ NGHIỆM Hai"))


@pytest.fixture
def signing_keys(keyring: Keyring, tmp_path: Path, monkeypatch: Any, settings: Any) -> Iterator[Path]:
    """The folder of signing keys with a person's and a seal, and an authority that is believed."""
    from motcua.signatures import sources

    folder, trust = tmp_path / "sign", tmp_path / "trust"
    monkeypatch.setattr(sources, "folder", lambda: folder)
    lay(folder, "person", keyring.person)
    lay(folder, "seal", keyring.seal)
    trust.mkdir()
    (trust / "ca.pem").write_bytes(keyring.authority.identity.pem())
    settings.MOTCUA_TRUST = str(trust)
    yield folder
