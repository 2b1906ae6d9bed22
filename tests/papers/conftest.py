"""The papers' tests work in the small province of `support.world` where they need a database."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.world import World


@pytest.fixture
def world(db: None) -> "World":
    """The small province, inside the test's transaction."""
    from support.world import make_world  # models cannot be imported while conftest files are read

    return make_world()


@pytest.fixture
def living_world(fresh_database: object) -> "World":
    """The small province in a database of its own, where commits are real."""
    from support.world import make_world

    return make_world()
