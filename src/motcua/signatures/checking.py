"""Has a signed PDF examined by another process, with the anchors of trust that this installation is told."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from motcua.signatures.checker import pack
from motcua.signatures.reports import Fault, Report, of_text

_LOG = logging.getLogger(__name__)
_PATIENCE: Final = 40.0  # seconds; the process itself may use 20 of the processor
_ENDINGS: Final = frozenset({".pem", ".crt", ".cer", ".der"})


def check(content: bytes) -> Report:
    """The report on a PDF. What needs more memory or time than it may have counts as broken."""
    command = [sys.executable, "-I", "-m", "motcua.signatures.checker"]
    try:
        done = subprocess.run(
            command, input=pack(anchors(), content), capture_output=True, timeout=_PATIENCE, env={}, check=False
        )
        return of_text(done.stdout.decode())
    except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        _LOG.warning("a signed file could not be examined within its memory and time")
        return Report((), Fault.BROKEN)


def anchors() -> list[bytes]:
    """The certificates (DER) in the folder that MOTCUA_TRUST names; none without it.

    A file there that holds no certificate is passed over with a line in the log: it must not close the others' way.
    """
    folder = settings.MOTCUA_TRUST
    found: list[bytes] = []
    for path in sorted(Path(folder).iterdir()) if folder and Path(folder).is_dir() else ():
        if path.suffix.lower() in _ENDINGS:
            try:
                found += [each.public_bytes(Encoding.DER) for each in _read(path.read_bytes())]
            except ValueError:
                _LOG.warning("%s holds no certificate that can be read", path)
    return found


def _read(content: bytes) -> list[x509.Certificate]:
    if b"-----BEGIN" in content:
        return x509.load_pem_x509_certificates(content)
    return [x509.load_der_x509_certificate(content)]
