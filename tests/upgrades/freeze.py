"""Writes what an installation of one release has in its database, for the tests of later releases.

Run with that release's sources: python tests/upgrades/freeze.py 0.2. It makes `0.2.dump`, the key that its personal
data is sealed under, and the list of its migrations, beside this file. The people in it are invented.
"""

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))


def freeze(release: str) -> None:
    """The small province of the tests with dossiers in every part of their lives, one of them not yet placed."""
    from motcua.cli.django import setup

    setup(owner=True)
    from motcua.config import backup, database, migrating

    applied = migrating.bring_up_to_date()
    database.use("app")
    _live()
    backup.dump(FOLDER / f"{release}.dump", database.entry("owner"))
    key = (Path(os.environ["MOTCUA_HOME"]) / "keys" / "data.key").read_text(encoding="ascii")
    (FOLDER / f"{release}.key").write_text(key, encoding="ascii")
    (FOLDER / f"{release}.migrations").write_text("".join(f"{name}\n" for name in applied), encoding="ascii")


def _live() -> None:
    from motcua.agencies.access import Role
    from motcua.dossiers.worker import catch_up
    from support.world import APPLICANT, CERTIFY, LONG_NAME, MARRIAGE, RESIDENCE, make_world

    world = make_world()
    for role in Role:
        world.user(role)
    finished = world.receive(MARRIAGE)
    world.receive(CERTIFY, owner=replace(APPLICANT, name=LONG_NAME, id_number="079190000013"))
    world.receive(RESIDENCE)
    half_way = world.receive(MARRIAGE, agency="W2")
    world.finish(finished.dossier_id)
    world.hand_over(half_way.dossier_id, Role.CASE_OFFICER, "trinh-ky", agency="W2")
    catch_up()
    world.receive(MARRIAGE)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["MOTCUA_HOME"] = home
        freeze(sys.argv[1])
