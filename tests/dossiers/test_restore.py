"""A log dumped in the middle of everything goes on in a fresh cluster as if nothing had happened."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from motcua.config.home import home
from motcua.dossiers import tallies
from motcua.dossiers.followers import follow
from motcua.dossiers.models import Bookmark, Event, Unplaced
from motcua.dossiers.sequencer import place

LOG = Path(__file__).parent / "data" / "small-log.csv"


def run(verb, *arguments, **environment):
    """A verb of the command in a process of its own, as an operator runs it."""
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "MOTCUA_HOME"}}
    done = subprocess.run(
        [sys.executable, "-m", "motcua", verb, *map(str, arguments)],
        env=kept | {key: str(value) for key, value in environment.items()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def half_read(living_world):
    """Four dossiers; some events have no position yet, and the follower stopped in the middle."""
    for _ in range(4):
        living_world.finish(living_world.receive().dossier_id)
    assert place(limit=11) == 11
    assert follow(tallies.FOLLOWER, limit=5) == 5
    assert Unplaced.objects.count() == 5
    return living_world


def test_a_dump_restored_into_a_fresh_cluster_goes_on(half_read, fresh_database, tmp_path):
    events, bookmark = Event.objects.count(), Bookmark.objects.get().position
    file, new_home = tmp_path / "backup.dump", tmp_path / "home"
    run("dump", file, DATABASE_URL=fresh_database.url, MOTCUA_HOME=home())
    (new_home / "keys").mkdir(parents=True, mode=0o700)
    shutil.copy2(home() / "keys" / "data.key", new_home / "keys" / "data.key")
    run("restore", file, MOTCUA_HOME=new_home)

    restored = json.loads(run("verify", "--json", MOTCUA_HOME=new_home))
    assert restored["sound"], restored["faults"]
    assert (restored["events"], restored["positions"], restored["unplaced"]) == (events, 11, 5)

    report = json.loads(run("replay", LOG, "--json", MOTCUA_HOME=new_home))  # new dossiers, then the followers catch up
    after = json.loads(run("verify", "--json", MOTCUA_HOME=new_home))
    assert after["sound"], after["faults"]  # the tallies too: nothing missed, nothing doubled
    assert after["unplaced"] == 0
    assert after["dossiers"] == restored["dossiers"] + report["loaded"]
    assert after["positions"] == after["events"] > events
    assert Bookmark.objects.get().position == bookmark  # the old cluster is untouched
