"""What every table is headed by: the machine and the versions that made it."""

import os
import platform
import statistics
from collections.abc import Sequence
from importlib.metadata import version

from motcua.config.cluster import major


def line(*packages: str) -> str:
    """CPUs, architecture, Python, PostgreSQL and the versions of these packages, in one line."""
    found = ", ".join(f"{package} {version(package)}" for package in packages)
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} CPUs, {platform.machine()}, Python {platform.python_version()}, PostgreSQL {major()} "
        f"(embedded), {found}; load {load:.1f} at the start"
    )


def percentile(seconds: Sequence[float], per_cent: int) -> float:
    """The value in milliseconds below which `per_cent` of the measured seconds lie."""
    if len(seconds) < 2:
        return seconds[0] * 1000
    return statistics.quantiles(seconds, n=100, method="inclusive")[per_cent - 1] * 1000


def judged(reached: bool) -> str:
    """A goal in a word."""
    return "reached" if reached else "MISSED"
