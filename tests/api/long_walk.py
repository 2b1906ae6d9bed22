"""A long walk through the description: an own database, an own process, and a line of figures at the end.

make explore ARGS="--seed 7 --cases 50000"
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def main() -> None:
    """Walk in rounds with a token until there were so many cases, then once without one; exit code 1 on any failure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7, help="of the first round; each following one adds 1")
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--seconds", type=int, default=600, help="of a round")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="motcua-explore-") as folder:
        os.environ["MOTCUA_HOME"] = folder
        from motcua.cli.django import setup

        setup()  # joins the embedded database until this process ends
        subprocess.run([sys.executable, "-m", "motcua", "migrate"], check=True, stdout=subprocess.DEVNULL)
        sys.exit(_walks(asked.seed, asked.cases, asked.seconds))


def _walks(seed: int, cases: int, seconds: int) -> int:
    from django.core.handlers.wsgi import WSGIHandler

    from api.exploring import Found, known_world, walk

    def told(name: str, found: Found) -> Found:
        sys.stdout.write("\n".join([f"{name}: {found}", *found.failures[:50], ""]))
        sys.stdout.flush()
        return found

    logging.disable(logging.CRITICAL)
    started = time.monotonic()
    known, token = known_world()
    listed = [told("stranger", walk(WSGIHandler(), seed=seed, known=known, examples=10))]
    while sum(each.cases for each in listed) < cases:
        for name, mixed, share in (("client", known, 2), ("client, nothing mixed in", {}, 1)):
            found = walk(WSGIHandler(), seed=seed, known=mixed, token=token(), seconds=seconds * share // 3)
            listed.append(told(name, found))
        seed += 1
    failed, minutes = sum(len(each.failures) for each in listed), (time.monotonic() - started) / 60
    sys.stdout.write(f"in all: {sum(each.cases for each in listed)} cases, {failed} failures, {minutes:.0f} minutes\n")
    return 1 if failed else 0


if __name__ == "__main__":
    main()
