"""Examines one signed PDF in a process of its own that may use little memory and time, and answers with its report.

Started by `checking`, which hands over the anchors and the file on standard input. Should a file get the better of a
library here, it finds no key and no connection in this process.

python -I -m motcua.signatures.checker < anchors-and-file
"""

from __future__ import annotations

import resource
import struct
import sys
from datetime import UTC, datetime
from typing import Final

MEMORY: Final = 1024 * 2**20  # bytes of address space
SECONDS: Final = 20  # of processor time


def pack(anchors: list[bytes], content: bytes) -> bytes:
    """Anchors and file as one run of bytes."""
    counted = (struct.pack(">I", len(each)) + each for each in anchors)
    return struct.pack(">I", len(anchors)) + b"".join(counted) + content


def unpack(data: bytes) -> tuple[list[bytes], bytes]:
    """The reverse of `pack`."""
    (count,) = struct.unpack_from(">I", data)
    anchors, place = [], 4
    for _each in range(count):
        (size,) = struct.unpack_from(">I", data, place)
        anchors.append(data[place + 4 : place + 4 + size])
        place += 4 + size
    return anchors, data[place:]


def confine() -> None:
    """Takes from this process what examining does not need; the libraries must have been imported before."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def main() -> None:
    """Reads anchors and file from standard input and writes the report as JSON."""
    from motcua.signatures.examine import examine
    from motcua.signatures.reports import to_text

    anchors, content = unpack(sys.stdin.buffer.read())
    confine()
    sys.stdout.write(to_text(examine(content, anchors, datetime.now(UTC))))


if __name__ == "__main__":
    main()
