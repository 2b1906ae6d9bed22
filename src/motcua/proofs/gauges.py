"""What the metrics tell of the heads: how much is signed and since when, whether the log extends it, and the mails."""

from collections.abc import Iterator

from django.db import connection

from motcua.config.metrics import Gauge, Sample
from motcua.proofs import queries
from motcua.proofs.tiles import LogBroken

_MAILS = """
SELECT count(*) FILTER (WHERE given_up_at IS NULL), count(*) FILTER (WHERE given_up_at IS NOT NULL)
FROM proofs_delivery WHERE sent_at IS NULL
"""


def _size() -> Iterator[Sample]:
    head = queries.latest()
    yield Sample(head.size if head else 0)


def _signed_at() -> Iterator[Sample]:
    head = queries.latest()
    if head:
        yield Sample(head.signed_at.timestamp())


def _departs() -> Iterator[Sample]:
    try:
        yield Sample(queries.alarm() is not None)
    except LogBroken:
        yield Sample(1)


def _mails(place: int) -> Iterator[Sample]:
    with connection.cursor() as cursor:
        cursor.execute(_MAILS)
        yield Sample(cursor.fetchone()[place])


GAUGES = (
    Gauge("motcua_head_size", "Positions that the last signed head covers.", _size),
    Gauge("motcua_head_timestamp_seconds", "When the last head was signed.", _signed_at),
    Gauge("motcua_log_departs_from_head", "Whether the log no longer begins with what was signed.", _departs),
    Gauge("motcua_head_mails_waiting", "Heads that wait to be mailed.", lambda: _mails(0)),
    Gauge("motcua_head_mails_refused", "Heads that an address refused for good.", lambda: _mails(1)),
)
