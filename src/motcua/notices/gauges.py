"""What the metrics tell of the messages to applicants: how many wait, for how long, and how many were refused."""

from collections.abc import Iterator
from typing import Final

from django.db import connection

from motcua.config.metrics import Gauge, Sample

_ASKED: Final = {
    "waiting": "SELECT count(*) FROM notices_message WHERE state = 0",
    "oldest": """SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float
        FROM notices_message WHERE state = 0""",
    "refused": "SELECT count(*) FROM notices_message WHERE state = 2",
    "closed": "SELECT count(*) FROM notices_lane WHERE error <> ''",
}


def _asked(name: str) -> Iterator[Sample]:
    with connection.cursor() as cursor:
        cursor.execute(_ASKED[name])
        yield Sample(cursor.fetchone()[0])


GAUGES = (
    Gauge("motcua_messages_waiting", "Messages to applicants not sent yet.", lambda: _asked("waiting")),
    Gauge("motcua_messages_oldest_seconds", "How long the oldest of them has waited.", lambda: _asked("oldest")),
    Gauge("motcua_messages_refused", "Messages that were refused for good.", lambda: _asked("refused")),
    Gauge("motcua_message_channels_closed", "Channels where nobody takes messages.", lambda: _asked("closed")),
)
