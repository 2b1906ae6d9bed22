"""Identities for trying signatures out: a certification authority of one's own, whose every name says it is none.

Nothing here can be taken for real: each subject and issuer bears `MARK`, the stamp on a paper says so in red, and no
anchor of trust holds them unless an operator puts the test authority there.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

MARK: Final = "THỬ NGHIỆM"
_BITS: Final = 2048
_YEARS: Final = timedelta(days=5 * 365)


@dataclass(frozen=True)
class Identity:
    """A certificate with its key; `chain` is who issued it."""

    key: rsa.RSAPrivateKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def pkcs12(self, name: str, passphrase: str) -> bytes:
        """It as a PKCS#12 file under a passphrase."""
        sealed = BestAvailableEncryption(passphrase.encode())
        return serialize_key_and_certificates(name.encode(), self.key, self.certificate, self.chain, sealed)

    def pem(self) -> bytes:
        """The certificate alone."""
        return self.certificate.public_bytes(Encoding.PEM)

    def key_pem(self) -> bytes:
        """The key, open: for services under test."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Authority:
    """A test authority that issues what it is asked for."""

    def __init__(self, name: str, *, now: datetime | None = None) -> None:
        self.now = now or datetime.now(UTC)
        self.identity = _issue(_name(name), None, self.now - timedelta(days=400), self.now + _YEARS, _authority())

    def seal(self, agency: str, **span: datetime) -> Identity:
        """An agency's seal."""
        return self._issue({NameOID.COMMON_NAME: agency, NameOID.ORGANIZATION_NAME: agency}, _signer(), **span)

    def person(self, name: str, agency: str, **span: datetime) -> Identity:
        """A person of an agency."""
        return self._issue({NameOID.COMMON_NAME: name, NameOID.ORGANIZATION_NAME: agency}, _signer(), **span)

    def expired(self, name: str, agency: str) -> Identity:
        """A person whose certificate ended thirty days ago."""
        ended = self.now - timedelta(days=30)
        return self.person(name, agency, begin=ended - timedelta(days=300), end=ended)

    def cipher(self, name: str) -> Identity:
        """Somebody whose certificate is for encryption, not for signing."""
        return self._issue({NameOID.COMMON_NAME: name}, [_usage(key_encipherment=True)])

    def stamper(self, name: str = "Dịch vụ dấu thời gian") -> Identity:
        """A timestamping service."""
        usage = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
        return self._issue({NameOID.COMMON_NAME: name}, [_usage(digital_signature=True), usage])

    def revocations(self, *revoked: Identity) -> bytes:
        """The list of what it has revoked, as DER."""
        builder = x509.CertificateRevocationListBuilder(
            self.identity.certificate.subject, self.now - timedelta(hours=1), self.now + timedelta(days=30)
        )
        for each in revoked:
            entry = x509.RevokedCertificateBuilder(each.certificate.serial_number, self.now - timedelta(hours=2))
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.identity.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _issue(
        self,
        subject: Mapping[x509.ObjectIdentifier, str],
        extensions: list[tuple[x509.ExtensionType, bool]],
        *,
        begin: datetime | None = None,
        end: datetime | None = None,
    ) -> Identity:
        marked = {kind: f"{text} ({MARK})" if kind == NameOID.COMMON_NAME else text for kind, text in subject.items()}
        name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), *_attributes(marked)])
        begin, end = begin or self.now - timedelta(days=1), end or self.now + _YEARS / 2
        return _issue(name, self.identity, begin, end, [*extensions, *self.pointers])

    pointers: tuple[tuple[x509.ExtensionType, bool], ...] = ()  # where its list of revocations is fetched, if anywhere


def write_all(folder: Path, agency: str, person: str) -> dict[str, Path]:
    """Makes the identities that one tries things out with, each as NAME.p12 with its passphrase in NAME.pass.

    `seal`, `person` and `expired` are by the authority in ca.pem, `unknown` by another whose own is not written.
    Raises FileExistsError rather than write over anything.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    known, other = Authority(f"CA {MARK} Motcua"), Authority(f"CA {MARK} không ai biết")
    made = {
        "seal": known.seal(agency),
        "person": known.person(person, agency),
        "expired": known.expired(person, agency),
        "unknown": other.person(person, agency),
    }
    written = {"ca": _write(folder / "ca.pem", known.identity.pem())}
    for name, each in made.items():
        passphrase = secrets.token_urlsafe(24)
        written[name] = _write(folder / f"{name}.p12", each.pkcs12(name, passphrase))
        _write(folder / f"{name}.pass", f"{passphrase}\n".encode())
    return written


def _write(path: Path, content: bytes) -> Path:
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(content)
    return path


def _attributes(subject: Mapping[x509.ObjectIdentifier, str]) -> list[x509.NameAttribute[str]]:
    return [x509.NameAttribute(kind, _cut(text)) for kind, text in subject.items()]


def _cut(text: str) -> str:
    """At most 64 bytes (X.520), the mark kept."""
    tail = f" ({MARK})" if text.endswith(f" ({MARK})") else ""
    room = 64 - len(tail.encode())
    return text.removesuffix(tail).encode()[:room].decode(errors="ignore").strip() + tail


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(**wanted: bool) -> tuple[x509.ExtensionType, bool]:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names}), True


def _authority() -> list[tuple[x509.ExtensionType, bool]]:
    return [(x509.BasicConstraints(ca=True, path_length=None), True), _usage(key_cert_sign=True, crl_sign=True)]


def _signer() -> list[tuple[x509.ExtensionType, bool]]:
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        _usage(digital_signature=True, content_commitment=True),
    ]


def _issue(
    subject: x509.Name,
    issuer: Identity | None,
    begin: datetime,
    end: datetime,
    extensions: list[tuple[x509.ExtensionType, bool]],
) -> Identity:
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    by = issuer.certificate.subject if issuer else subject
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer:
        by_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        builder = builder.add_extension(by_key, critical=False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    certificate = builder.sign((issuer or Identity(key, None)).key, hashes.SHA256())  # type: ignore[arg-type]
    return Identity(key, certificate, (issuer.certificate,) if issuer else ())
