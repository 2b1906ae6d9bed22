"""What the page on the log says can be done: its example recomputes a real log, its follower reads it."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from uuid import UUID

import pytest

from documents.pages import ROOT, blocks
from motcua.agencies.access import Role
from motcua.dossiers import commands
from motcua.dossiers.chain import GENESIS, Entry, canonical, canonical_data, link
from motcua.dossiers.models import Bookmark, Dossier
from motcua.dossiers.worker import catch_up

_PAGE = ROOT / "docs" / "developer" / "log.md"
RECOMPUTE, FOLLOWER = blocks(_PAGE, "python")


@pytest.fixture
def told(fresh_database):
    """Three dossiers: one finished, one withdrawn with a reason in any letters, one with a claimed moment."""
    from support.world import make_world

    world = make_world()
    world.finish(world.receive().dossier_id)
    withdrawn = world.receive()
    desk = world.reader(Role.DESK_OFFICER)
    commands.withdraw(desk, withdrawn.dossier_id, 'Đã "nộp" nơi khác\n', command_id=commands.new_id())
    world.receive(at=datetime(2026, 11, 2, 8, 0))
    catch_up()
    return withdrawn.dossier_id


def _recompute(url: str) -> subprocess.CompletedProcess[str]:
    """The example as a stranger runs it: no module of Motcua, an address in the environment."""
    assert "motcua" not in RECOMPUTE
    given = os.environ | {"DATABASE_URL": url}
    return subprocess.run([sys.executable, "-c", RECOMPUTE], env=given, capture_output=True, text=True, check=False)


def test_a_stranger_recomputes_the_chains_of_a_real_log(told, fresh_database) -> None:
    done = _recompute(fresh_database.url)
    assert (done.returncode, done.stdout) == (0, "3 chains hold\n"), done.stderr


def test_a_stranger_finds_what_was_changed(told, fresh_database) -> None:
    with fresh_database.connect("owner") as plain:
        plain.execute("ALTER TABLE dossiers_event DISABLE TRIGGER USER")
        plain.execute("UPDATE dossiers_event SET actor_staff = actor_staff + 1 WHERE type = 'withdrawn'")
    done = _recompute(fresh_database.url)
    assert done.returncode == 1
    assert f"dossier {told}, event 3: the hash differs" in done.stderr


def test_the_one_link_on_the_page_is_right() -> None:
    (text,) = blocks(_PAGE, "json")
    written = text.strip().encode()
    dossier, seq, kind, version, recorded, happened, ground, staff, agency, command, data = json.loads(written)
    entry = Entry(
        UUID(dossier), seq, kind, version, datetime.fromisoformat(recorded), happened, ground, staff, agency,
        UUID(command), canonical_data(data),
    )  # fmt: skip
    assert canonical(entry) == written
    digest = link(GENESIS, entry).hex()
    assert digest == hashlib.sha256(bytes(32) + written).hexdigest()
    assert f"```text\n{digest}\n```" in _PAGE.read_text(encoding="utf-8")


def test_strange_letters_are_escaped_as_the_page_says() -> None:
    entry = Entry(
        UUID(int=1), 1, "noted", 1, datetime(2026, 1, 1, tzinfo=UTC), None, None, None, None, UUID(int=2),
        canonical_data({"activity": 'ế "\\ \b\f\n\r\t\x01\x1f\x7f/'}),
    )  # fmt: skip
    assert canonical(entry).decode().endswith(r'{"activity":"ế \"\\ \b\f\n\r\t\u0001\u001f' + '\x7f/"}]')


def test_the_follower_on_the_page_reads_the_log(told) -> None:
    names: dict = {}
    exec(FOLLOWER, names)
    assert names["withdrawn"] == [told]
    assert Bookmark.objects.get(pk="withdrawals").position == sum(Dossier.objects.values_list("seq", flat=True))
