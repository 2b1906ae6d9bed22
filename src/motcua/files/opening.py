"""Has an upload opened by another process, which the file may exhaust or bring down without harm to this one."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import Final

from motcua.files.inspect import MESSAGES, UploadRefused

_LOG = logging.getLogger(__name__)
_PATIENCE: Final = 30.0  # seconds; the process itself may use 20 of the processor
_EXHAUSTED: Final = {"jpeg": "image_broken", "png": "image_broken", "docx": "office_broken", "xlsx": "office_broken"}


def try_to_open(kind: str, content: bytes, *, pages: int, pixels: int) -> None:
    """Opens the file and counts its pages or pixels; raises UploadRefused for what it may not hold.

    A file that needs more memory or time than it may have, or brings the library down, is refused as one that cannot
    be looked into.
    """
    command = [sys.executable, "-I", "-m", "motcua.files.opener", kind, str(pages), str(pixels)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_PATIENCE, env={}, check=False)
        said = done.stdout.decode("ascii", errors="replace")
    except subprocess.TimeoutExpired:
        said = ""
    if said == "ok" and not done.returncode:
        return
    if said not in MESSAGES:
        _LOG.warning("an upload of kind %s could not be opened within its memory and time", kind)
        said = _EXHAUSTED.get(kind, "pdf_opaque")
    raise UploadRefused(said)
