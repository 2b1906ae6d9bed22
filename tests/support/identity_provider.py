"""A real OpenID Connect provider in a process of its own (`identity_provider_site`), which can be told to misbehave."""

import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

CLIENT, SECRET = "motcua-test", "bi-mat-cua-bai-thu"
CALLBACKS = ("http://testserver/office/dang-nhap/xong/", "http://testserver/cong-dan/dang-nhap/xong")
_PATIENCE = 30.0


@dataclass
class Provider:
    """The running provider, and a browser of somebody who has an account there."""

    issuer: str
    process: subprocess.Popen[bytes]

    def misbehave(self, how: str) -> None:
        """From now on: expired, nonce, no_nonce, audience, issuer, tampered, other_key, renamed; or empty."""
        requests.get(f"{self.issuer}/mode/", params={"how": how}, timeout=10).raise_for_status()

    def consent(self, address: str, username: str, *, cancel: bool = False) -> dict[str, str]:
        """Somebody signs in there and agrees, or cancels; gives what the browser is sent back with."""
        browser = requests.Session()
        browser.get(f"{self.issuer}/as/{username}/", timeout=10).raise_for_status()
        page = browser.get(address, timeout=10)
        assert page.status_code == 200, page.text
        form = dict(_hidden(page.text))
        form |= {"action": "cancel" if cancel else "grant", "scopes": "openid"}
        answer = browser.post(address, data=form, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def _hidden(page: str) -> Iterator[tuple[str, str]]:
    for tag in re.findall(r'<input[^>]+type="hidden"[^>]*>', page):
        values = dict(re.findall(r'(name|value)="([^"]*)"', tag))
        yield values["name"], html.unescape(values.get("value", ""))


@pytest.fixture(scope="session")
def identity_provider_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """One provider for this process."""
    from support.server import free_port, wait_for

    folder, port = tmp_path_factory.mktemp("provider"), free_port()
    site = Path(__file__).with_name("identity_provider_site.py")
    command = [sys.executable, str(site), str(folder), str(port), CLIENT, SECRET, *CALLBACKS]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/.well-known/openid-configuration", process)
        yield Provider(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


@pytest.fixture
def identity_provider(identity_provider_process: Provider) -> Provider:
    """The provider, behaving as it should."""
    identity_provider_process.misbehave("")
    return identity_provider_process
