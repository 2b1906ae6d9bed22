"""The tests of signatures work in the small province of `support.world` where they need a database."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.world import World


@pytest.fixture
def world(db: None) -> "World":
    """The small province, inside the test's transaction."""
    from support.world import make_world  # models cannot be imported while conftest files are read

    return make_world()
