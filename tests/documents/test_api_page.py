"""What the page on the programming interface says can be done: its examples run, its table is the code's."""

import os
import subprocess
import sys
import time

import pytest

from documents.pages import ROOT, blocks
from motcua.exchange import commands, signing
from motcua.exchange.scopes import scopes_markdown

_PAGE = ROOT / "docs" / "developer" / "api.md"
CLIENT, RECEIVER = blocks(_PAGE, "python")


def test_the_example_receives_a_dossier_over_http(motcua_server):
    from support.world import WARD, make_world

    make_world()
    scopes = ["catalogue:read", "dossiers:read", "dossiers:write"]
    made = commands.open_client(name="Phần mềm Thử", agency_code=WARD, scopes=scopes, roles=["desk_officer"])
    given = os.environ | {
        "MOTCUA_URL": motcua_server.url, "CLIENT_ID": str(made.client_id), "CLIENT_SECRET": made.secret,
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", CLIENT], env=given, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "processing True\n"), done.stderr


@pytest.mark.parametrize(("changed", "believed"), [({}, True), ({"webhook-id": "8"}, False), ({"body": b"{ }"}, False)])
def test_the_receivers_example_believes_what_we_sign_and_nothing_else(changed, believed):
    defined: dict = {}
    exec(RECEIVER, defined)
    secret, body = signing.new_secret(), b"{}"
    headers = signing.headers([signing.new_secret(), secret], "7", int(time.time()), body)
    sent = {**headers, **{name: value for name, value in changed.items() if name != "body"}}
    assert defined["is_from_motcua"](signing.shown(secret), sent, changed.get("body", body)) is believed


def test_the_table_of_scopes_is_the_codes():
    assert scopes_markdown() in _PAGE.read_text(encoding="utf-8")
