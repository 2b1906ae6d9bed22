"""The portal's tests stand in the small province of `support.world`, with one fully published procedure more."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.world import World

FULL_CODE = "1.001193"


@pytest.fixture
def world(db: None) -> "World":
    """The small province, inside the test's transaction; ward W1 also receives a procedure that fills every part."""
    from motcua.procedures import commands
    from motcua.procedures.records import Source, record_of
    from support.published import FULL
    from support.world import WARD, make_world

    made = make_world()
    commands.put_procedure(record_of(FULL_CODE, FULL, Source.STARTER, everyday=True))
    commands.offer_procedures(made.agencies[WARD], [FULL_CODE])
    return made
