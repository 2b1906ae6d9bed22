"""What the metrics tell of webhooks: lines that stand or fail, how far behind they are, and what was refused."""

from collections.abc import Iterator

from django.db import connection

from motcua.config.metrics import Gauge, Sample

_LINES = """
SELECT count(*) FILTER (WHERE stopped_at IS NOT NULL),
    count(*) FILTER (WHERE stopped_at IS NULL AND tries > 0),
    greatest((SELECT max(position) FROM dossiers_position) - min(position) FILTER (WHERE stopped_at IS NULL), 0)
FROM exchange_subscription WHERE closed_at IS NULL
"""
_REFUSED = """
SELECT count(*) FROM exchange_undelivered u JOIN exchange_subscription s ON s.id = u.subscription_id
WHERE s.closed_at IS NULL
"""


def _asked(statement: str, place: int) -> Iterator[Sample]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        yield Sample(cursor.fetchone()[place] or 0)


GAUGES = (
    Gauge("motcua_webhook_lines_stopped", "Webhook lines that wait for a person.", lambda: _asked(_LINES, 0)),
    Gauge("motcua_webhook_lines_failing", "Webhook lines whose last try failed.", lambda: _asked(_LINES, 1)),
    Gauge("motcua_webhook_lag_events", "How far behind the log the slowest line is.", lambda: _asked(_LINES, 2)),
    Gauge("motcua_webhook_messages_refused", "Messages that were refused for good.", lambda: _asked(_REFUSED, 0)),
)
