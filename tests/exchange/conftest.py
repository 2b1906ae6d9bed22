"""The receiver of webhooks, and the leave to send to it."""

import pytest

from support.receiver import receiver

__all__ = ["receiver"]


@pytest.fixture
def lenient(settings) -> None:
    """Receivers on loopback without TLS may be told, for once."""
    settings.MOTCUA_WEBHOOK_HTTP = True
    settings.MOTCUA_WEBHOOK_NETWORKS = ("127.0.0.0/8",)
