"""A signing device in software, for the tests of PKCS#11; run as a program it installs Debian's SoftHSM.

python tests/support/softhsm.py
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

MISSING = "The tests of signing devices need SoftHSM and none was found: install it (Debian: apt-get install softhsm2)."
PIN, TOKEN, LABEL = "271828", "motcua", "con-dau"
_PLACES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")


def find() -> str | None:
    """The path of its library."""
    return next((place for place in _PLACES if Path(place).exists()), None)


def install() -> None:
    """Debian's own package, when we are root and apt-get is there."""
    if os.geteuid() == 0 and Path("/usr/bin/apt-get").exists():
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", "softhsm2"]):
            subprocess.run(["apt-get", *command], env=environment, check=False, stdout=subprocess.DEVNULL)


def prepare(folder: Path, identity: Any) -> dict[str, str]:
    """Makes a token with this identity in it; gives the environment in which it is found."""
    import pkcs11
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    library = find()
    if library is None:
        raise RuntimeError(MISSING)
    (folder / "tokens").mkdir(parents=True)
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    environment = {"SOFTHSM2_CONF": str(folder / "softhsm2.conf")}
    command = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", PIN]
    subprocess.run(command, env=os.environ | environment, check=True, capture_output=True)
    os.environ |= environment  # the library reads it when it is loaded
    with pkcs11.lib(library).get_token(token_label=TOKEN).open(rw=True, user_pin=PIN) as session:
        key, certificate = _der(identity)
        kept = {pkcs11.Attribute.LABEL: LABEL, pkcs11.Attribute.TOKEN: True}
        session.create_object({**decode_rsa_private_key(key), **kept})
        session.create_object({**decode_x509_certificate(certificate), **kept})
    return environment


def _der(identity: Any) -> tuple[bytes, bytes]:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = identity.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return key, identity.certificate.public_bytes(Encoding.DER)


if __name__ == "__main__":
    if find() is None:
        install()
    if find() is None:
        sys.exit(MISSING)
