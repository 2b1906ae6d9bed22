"""A province, a mail server, and a gateway for text messages that takes or refuses as each test tells it."""

import pytest

from support.postbox import opened
from support.receiver import receiver

__all__ = ["receiver"]


@pytest.fixture
def world(db):
    """The small province, inside the test's transaction."""
    from support.world import make_world

    return make_world()


@pytest.fixture
def postbox(settings):
    """A mail server, named in the settings, and the pages' own address."""
    settings.MOTCUA_SITE = "https://motcua.example.vn"
    with opened(settings) as box:
        yield box


@pytest.fixture
def gateway(settings, receiver):
    """A gateway for text messages, named in the settings."""
    settings.MOTCUA_SMS_GATEWAY = receiver.url
    return receiver
