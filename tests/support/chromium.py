"""Finds the Chromium that the journeys drive; run as a program it installs Debian's when it may.

python tests/support/chromium.py
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MISSING = (
    "The browser journeys need Chromium and none was found: install it (Debian: apt-get install chromium) "
    "or set MOTCUA_CHROMIUM to its path."
)


def find() -> str | None:
    """The path of a Chromium: MOTCUA_CHROMIUM, else the first known name on the PATH."""
    given = os.environ.get("MOTCUA_CHROMIUM")
    if given:
        return given if os.access(given, os.X_OK) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    """Debian's own package, when we are root and apt-get is there."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *command], env=environment, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if find() is None:
        install()
    if find() is None:
        sys.exit(MISSING)
