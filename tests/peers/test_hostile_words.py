"""Peers' fault: a query language, or a pattern, that one request could keep busy for ever. Ours has no query language;
what can be typed is short, patterns answer at once whatever they are given, and no words bring a page down."""

import importlib
import pkgutil
import re
import subprocess
import sys

import pytest

from motcua.agencies.access import Role
from motcua.agencies.policies import Door
from peers.parameters import ALL_SCOPES, is_page, of_pages, of_the_api, spread
from permissions.addresses import ADDRESSES

HOSTILE = {
    "wild": "%" * 5_000,
    "backslashes": "\\" * 5_001,
    "brackets": "(" * 3_000,
    "terms": "a:b AND NOT " * 1_000,
    "letters": "ễ" * 10_000,
    "nothing": "a\x00b",
    "digits": "9" * 5_000,
    "minus": "-" + "9" * 30,
    "surrogate": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "quotes": "'\";--" * 500,
    "template": "{{7*7}}${7*7}%{7*7}",
    "path": "../../../../etc/passwd",
    "day": "99/99/9999",
    "dates": "0000-00-00T99:99",
    "mark": "W10=",
    "empty": "",
}


@pytest.mark.parametrize("turn", range(8))
def test_no_words_in_an_address_bring_a_page_down(turn, world, client) -> None:
    client.force_login(world.user(Role.LEADER))
    for address in ADDRESSES:
        if is_page(address):
            answer = client.get(address.url, spread(of_pages(), list(HOSTILE.values()), turn, 8))
            assert answer.status_code < 500, address.route


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_no_words_in_a_form_bring_the_search_down(kind, world, client, django_assert_max_num_queries) -> None:
    client.force_login(world.user(Role.DESK_OFFICER))
    with django_assert_max_num_queries(12):
        assert client.post("/office/tim/", {"q": HOSTILE[kind]}).status_code < 500


@pytest.mark.parametrize("turn", range(4))
def test_no_words_in_an_address_of_the_api_bring_it_down(turn, world) -> None:
    from django.test import Client

    from motcua.exchange import commands

    made = commands.open_client(name="Phần mềm", agency_code="W1", scopes=ALL_SCOPES, roles=("leader",))
    token = commands.issue_token(made.client_id, ALL_SCOPES).token
    caller = Client(headers={"Authorization": f"Bearer {token}"})
    for address in ADDRESSES:
        if address.policy is not None and address.policy.door is Door.CLIENT:
            answer = caller.get(address.url, spread(of_the_api(), list(HOSTILE.values()), turn, 4))
            assert answer.status_code < 500, address.route


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 50_000, '"' + "x" * 3_000_000 + '"', '{"a": 1e99999999}'])
def test_no_body_brings_the_api_down(body, world) -> None:
    from uuid import uuid4

    from django.test import Client

    from motcua.exchange import commands

    made = commands.open_client(name="Phần mềm", agency_code="W1", scopes=ALL_SCOPES, roles=("desk_officer",))
    token = commands.issue_token(made.client_id, ALL_SCOPES).token
    caller = Client(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())})
    answer = caller.post("/api/v1/dossiers", body, content_type="application/json")
    assert answer.status_code in {400, 413, 422}, answer.content[:300]


def _patterns() -> dict[str, re.Pattern]:
    """Every pattern over texts that a module keeps."""
    import motcua

    found = {}
    for module in pkgutil.walk_packages(motcua.__path__, "motcua."):
        if ".migrations" in module.name or module.name.endswith(("__main__", "wsgi")):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                found[f"{module.name}.{name}"] = value
    return found


# What makes careless patterns try again and again: long runs of what they repeat, and an end that does not fit.
_RUNS = ["a", "9", " ", "-", ".", "/", "|", "đ", "a-", "1.", "a b ", "<", "\\", '"', "\n", "0123456789", "aA0-._/"]
_ENDS = ["", "!", "\x00", "\n"]


def test_every_pattern_answers_at_once_whatever_it_is_given() -> None:
    """In a process that may use twenty seconds of the processor for all of them; one that goes wild needs years."""
    names = _patterns()
    assert len(names) > 25
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_CPU, (20, 20));"
        "import django; django.setup();"
        f"sys.path.insert(0, {sys.path[0]!r}); sys.path.insert(0, {str(__file__).rpartition('/peers/')[0]!r});"
        "from peers.test_hostile_words import try_all; try_all()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    tried = done.stdout.split()
    assert done.returncode == 0, f"the pattern after {tried[-1:]} went wild\n{done.stderr[-500:]}"
    assert set(tried) == set(names)


def try_all() -> None:
    """Tries every pattern on every hostile text, in this process; prints the names of those that came through."""
    texts = [run * (1_500 // len(run)) + end for run in _RUNS for end in _ENDS]
    for name, pattern in _patterns().items():
        for text in texts:
            pattern.search(text)
            pattern.fullmatch(text)
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()
