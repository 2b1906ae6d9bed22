"""What the web counts of its own work, and the gauges that rooms read when somebody asks; in Prometheus' text format.

Every web process counts for itself, in files of a common folder (see `counting`); whichever process is asked adds
them up.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from motcua.config import counting
from motcua.config.home import home

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

# By route and not by address: an address may hold a token, a code or an id.
REQUESTS: Final = Histogram(
    "motcua_request_seconds",
    "Time to answer a request, by route, method and status.",
    ("route", "method", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
STATEMENTS: Final = Histogram(
    "motcua_request_statements",
    "SQL statements that a request took, by route.",
    ("route",),
    buckets=(0, 1, 2, 4, 6, 8, 10, 12, 16, 24, 48),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of a gauge, with the values of its labels."""

    value: float
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gauge:
    """Something that is read when somebody asks: name with its unit, meaning, names of labels, and the reading."""

    name: str
    meaning: str
    read: Callable[[], Iterable[Sample]]
    labels: tuple[str, ...] = ()


_GAUGES: dict[str, Gauge] = {}


def _disk() -> Iterator[Sample]:
    yield Sample(shutil.disk_usage(home()).free)


def register(*gauges: Gauge) -> None:
    """Let the metrics show these; called once when a room is made ready."""
    _GAUGES.update({gauge.name: gauge for gauge in gauges})


def registered() -> Sequence[Gauge]:
    """All gauges, in the order of their registration."""
    return tuple(_GAUGES.values())


register(Gauge("motcua_disk_free_bytes", "Free space on the disk of the data folder.", _disk))


class _Rooms(Collector):
    def collect(self) -> Iterator[Metric]:
        for gauge in registered():
            family = GaugeMetricFamily(gauge.name, gauge.meaning, labels=gauge.labels)
            for sample in gauge.read():
                family.add_metric(list(sample.labels), sample.value)
            yield family


def exposition() -> bytes:
    """Everything in Prometheus' text format; reads the gauges, so it asks the database."""
    registry = CollectorRegistry()
    registry.register(_Rooms())
    if counting.shared():
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(REGISTRY) + generate_latest(registry)
