"""Installations of their own, on the embedded server wherever the suite runs, since its files are what is backed up."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backups.desk import Desk
from motcua.config.embedded import Embedded


@pytest.fixture(scope="session")
def filled(tmp_path_factory) -> Path:
    """The data folder of an installation with dossiers, stopped; tests work on copies of it."""
    desk = Desk(tmp_path_factory.mktemp("filled") / "var", Path("none"), {})
    with Embedded(desk.home):
        desk.prepare()
        desk.run("demo", "--dossiers", "30")
    return desk.home


@pytest.fixture
def desk(filled, tmp_path) -> Iterator[Desk]:
    """A running installation with dossiers and no backups yet."""
    home = tmp_path / "var"
    shutil.copytree(filled, home, ignore=shutil.ignore_patterns("run"))
    _give_as(filled, home)
    with Embedded(home, settings={"fsync": "off"}):
        yield Desk(home, tmp_path / "backups", {})


def _give_as(source: Path, target: Path) -> None:
    for path in (source / "pg", *(source / "pg").rglob("*")):
        status = path.lstat()
        shutil.chown(target / path.relative_to(source), status.st_uid, status.st_gid)
    (target).chmod(0o711)


@pytest.fixture
def living_world(fresh_database):
    """The small province in a database of its own, where commits are real."""
    from support.world import make_world

    return make_world()
