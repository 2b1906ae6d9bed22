"""Where web processes count together: named before prometheus_client is first imported, which then reads it."""

import os
import shutil
from pathlib import Path
from typing import Final

from motcua.config.home import home, make_private

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"


def _usual() -> Path:
    return home() / "run" / "metrics"


def share() -> None:
    """Lets this web process count together with the others of this data folder."""
    make_private(Path(os.environ.setdefault(VARIABLE, str(_usual()))))


def forget() -> None:
    """Takes away what earlier web processes counted; only when none is running."""
    shutil.rmtree(_usual(), ignore_errors=True)


def shared() -> bool:
    """Whether this process counts together with others."""
    return VARIABLE in os.environ
