"""Keys in devices and services, trusted time, and what lets a signature be checked years later: with real services."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from motcua.signatures import pades, sources
from motcua.signatures.examine import examine
from motcua.signatures.pades import B_B, B_LTA, B_T, NotSigned, Services
from motcua.signatures.remote import ServiceRefused
from motcua.signatures.reports import Fault
from motcua.signatures.sources import KeyUnusable
from motcua.signatures.testing import Authority
from support import signing_services, softhsm
from support.signatures import AGENCY, PERSON, der, plain_pdf, signed_pdf, signer_of
from support.signing_services import TOKEN, serving

NOW = datetime.now(UTC)


@pytest.fixture
def services(keyring, tmp_path):
    return signing_services.Services(tmp_path / "services", keyring.stamper, keyring.person)


def sign(source: str, content: bytes = b"") -> bytes:
    with sources.opened(source) as signer:
        return pades.sign(content or plain_pdf(), signer, Services(), reason="Ký văn bản", stamp=None)


def secret(folder, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    (folder / name).chmod(0o600)


# -- where keys lie ---------------------------------------------------------------------------------------------------


def test_a_key_in_a_device_signs_and_never_leaves_it(keyring, signing_keys, tmp_path, settings, monkeypatch):
    for name, value in softhsm.prepare(tmp_path / "hsm", keyring.seal).items():
        monkeypatch.setenv(name, value)
    settings.MOTCUA_PKCS11_MODULE, settings.MOTCUA_PKCS11_TOKEN = softhsm.find(), softhsm.TOKEN
    secret(signing_keys, "pkcs11.pin", softhsm.PIN)
    assert sources.certificate(f"pkcs11:{softhsm.LABEL}").sha256.hex() == _fingerprint(keyring.seal)
    report = examine(sign(f"pkcs11:{softhsm.LABEL}"), keyring.anchors, NOW)
    assert report.holds
    secret(signing_keys, "pkcs11.pin", "999999")
    with pytest.raises(KeyUnusable, match="PIN"):
        sign(f"pkcs11:{softhsm.LABEL}")
    settings.MOTCUA_PKCS11_TOKEN = "không có"
    with pytest.raises(KeyUnusable, match="thiết bị"):
        sign(f"pkcs11:{softhsm.LABEL}")


def _fingerprint(identity) -> str:
    from support.signatures import fingerprint

    return fingerprint(identity)


def test_a_service_signs_a_digest_and_never_sees_the_paper(keyring, signing_keys, services, settings):
    secret(signing_keys, "remote.token", TOKEN)
    with serving(services) as url:
        settings.MOTCUA_REMOTE_SIGNER = url
        content = sign("remote:ma-1")
    assert examine(content, keyring.anchors, NOW).holds
    (hashed,) = services.asked[-1]["hash"]
    assert len(hashed) == 44
    known = {"credentialID", "certificates", "hash", "hashAlgo", "signAlgo"}
    assert all(set(asked) <= known for asked in services.asked)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [("away", "không trả lời"), ("odd", "không đúng"), ("token", "mã 401"), ("gone", "không trả lời")],
)
def test_a_service_in_trouble_signs_nothing_and_says_so(keyring, signing_keys, services, settings, trouble, words):
    secret(signing_keys, "remote.token", "sai" if trouble == "token" else TOKEN)
    with serving(services) as url:
        settings.MOTCUA_REMOTE_SIGNER = url
        services.away, services.odd = trouble == "away", trouble == "odd"
        if trouble != "gone":
            with pytest.raises(ServiceRefused, match=words):
                sign("remote:ma-1")
            return
    with pytest.raises(ServiceRefused, match=words):
        sign("remote:ma-1")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("pkcs12:nobody", "Thiếu tệp"), ("pkcs12:../person", "phải có dạng"), ("pkcs12:", "phải có dạng"),
        ("other:x", "phải có dạng"), ("pkcs11:x", "MOTCUA_PKCS11_MODULE"), ("remote:x", "MOTCUA_REMOTE_SIGNER"),
    ],
)  # fmt: skip
def test_a_source_that_leads_nowhere_says_what_is_missing(signing_keys, source, words):
    with pytest.raises(KeyUnusable, match=words):
        sign(source)


# -- time -------------------------------------------------------------------------------------------------------------


def test_a_timestamp_by_openssl_proves_when_it_was_signed(keyring, services):
    with serving(services) as url:
        content = signed_pdf(keyring.person, services=Services(B_T, f"{url}/tsa"))
    (found,) = examine(content, keyring.anchors, NOW).signatures
    assert (found.fault, found.timestamped, found.level) == (None, True, "B-T")


def test_with_a_timestamp_it_holds_after_the_certificate_ended_and_without_one_not(keyring, services):
    person = keyring.authority.person(PERSON, AGENCY, begin=NOW - timedelta(days=2), end=NOW + timedelta(days=2))
    later = NOW + timedelta(days=90)
    with serving(services) as url:
        stamped = signed_pdf(person, services=Services(B_T, f"{url}/tsa"))
    assert examine(stamped, keyring.anchors, later).holds
    assert examine(signed_pdf(person), keyring.anchors, later).fault is Fault.EXPIRED


def test_a_timestamp_by_somebody_unknown_proves_nothing(keyring, tmp_path):
    stranger = signing_services.Services(tmp_path / "stranger", keyring.stranger.stamper())
    person = keyring.authority.person(PERSON, AGENCY, begin=NOW - timedelta(days=2), end=NOW + timedelta(days=2))
    with serving(stranger) as url:
        content = signed_pdf(person, services=Services(B_T, f"{url}/tsa"))
    assert not examine(content, keyring.anchors, NOW + timedelta(days=90)).holds


def test_a_timestamping_service_that_is_away_stops_the_signature(keyring, services):
    services.away = True
    with serving(services) as url, pytest.raises(NotSigned, match="dấu thời gian"):
        signed_pdf(keyring.person, services=Services(B_T, f"{url}/tsa"))


@pytest.mark.parametrize(("level", "stamper"), [(B_T, ""), (B_LTA, ""), (B_LTA, "http://127.0.0.1/tsa")])
def test_a_level_that_needs_what_is_missing_is_refused(level, stamper):
    with pytest.raises(ValueError, match=level):
        Services(level, stamper)
    assert Services(B_B)


# -- years later ------------------------------------------------------------------------------------------------------


@pytest.fixture
def lasting(tmp_path):
    """An authority that tells where its revocations are, with its services."""
    authority = Authority("CA THỬ NGHIỆM Bốn")
    services = signing_services.Services(tmp_path / "lasting", authority.stamper())
    with serving(services) as url:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{url}/crl")], None, None, None)
        authority.pointers = ((x509.CRLDistributionPoints([point]), False),)
        services.stamper = authority.stamper()
        services.write()
        services.crl = authority.revocations()
        yield authority, services, Services(B_LTA, f"{url}/tsa", [der(authority.identity)])


def test_all_proofs_are_in_the_file_of_the_highest_level(lasting):
    authority, _services, wanted = lasting
    content = signed_pdf(authority.person(PERSON, AGENCY), services=wanted)
    (found,) = examine(content, wanted.anchors, NOW).signatures
    assert (found.fault, found.level) == (None, "B-LTA")


def test_an_authority_that_cannot_be_asked_stops_the_highest_level(lasting):
    authority, services, wanted = lasting
    services.crl = b""
    with pytest.raises(NotSigned, match="nơi cấp"):
        signed_pdf(authority.person(PERSON, AGENCY), services=wanted)


def test_a_revoked_certificate_does_not_sign_and_what_it_signed_before_tells_of_it(lasting):
    authority, services, wanted = lasting
    person = authority.person(PERSON, AGENCY)
    services.crl = authority.revocations(person)
    with pytest.raises(NotSigned, match="còn hiệu lực"):
        signed_pdf(person, services=wanted)


def test_a_changed_byte_behind_the_proofs_is_caught_too(lasting):
    authority, _services, wanted = lasting
    content = signed_pdf(authority.person(PERSON, AGENCY), services=wanted)
    for where in range(len(plain_pdf()), len(content), len(content) // 40):
        changed = bytearray(content)
        changed[where] ^= 1
        assert not examine(bytes(changed), wanted.anchors, NOW).holds, where


def test_the_librarys_signer_is_the_one_that_the_installation_makes(keyring):
    assert signer_of(keyring.person).embed_roots is False
