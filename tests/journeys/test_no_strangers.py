"""Every page in a real browser asks nobody but this server, complains of nothing, and runs nothing that was typed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

ROLES = ("desk_officer", "case_officer", "leader", "reform_officer", "administrator", "inspector")
# What runs when a text is put into a page as it was typed, in a text, an attribute, an address or a script.
PLANTED = "\"'><img src=x onerror=alert(1)><script>alert(2)</script></textarea><svg onload=alert(3)>{{7*7}}"


@dataclass
class Walk:
    """What a browser met on its way."""

    origin: str
    asked: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    pages: int = 0

    def watch(self, page: Page) -> None:
        """Notes everything that this page asks for, says and opens."""
        page.on("request", lambda request: self.asked.add(request.url))
        page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        page.on("response", lambda answer: self._note(f"{answer.status} {answer.url}") if answer.status > 399 else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " found => console.error(`policy: ${found.violatedDirective} ${found.blockedURI}`))"
        )

    def see(self, page: Page, address: str) -> None:
        """One page, until it has come to rest."""
        page.goto(self.origin + address, wait_until="networkidle")
        assert page.locator("img[src=x], svg[onload]").count() == 0, address
        assert "49" not in page.locator("h1").all_inner_texts(), address
        self.pages += 1

    def _note(self, said: str) -> None:
        if not said.startswith("Failed to load resource"):  # told with its address by the answer
            self.complaints.append(said)

    @property
    def strangers(self) -> set[str]:
        """Whoever else was asked."""
        origins = {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in self.asked if not url.startswith("data:")}
        return origins - {self.origin}


@pytest.fixture
def world(motcua_server):
    """The small province, in which every text that somebody can type holds what would run."""
    from dataclasses import replace

    from motcua.agencies import commands
    from motcua.agencies.access import Role
    from support.world import APPLICANT, MARRIAGE, make_world

    made = make_world()
    commands.keep_division(agency_code="W1", code="VP", name=PLANTED[:200])
    name = '"><img src=x onerror=alert()><script>alert()</script>'  # of people, without digits
    owner = replace(APPLICANT, name=name, address=PLANTED, email="", phone="")
    planted = made.receive(MARRIAGE, owner=owner).dossier_id
    made.hand_over(planted, Role.CASE_OFFICER, "trinh-ky", note=PLANTED)
    return made, planted


@pytest.fixture
def walk(motcua_server) -> Iterator[Walk]:
    """A walk that must have met no stranger and no complaint."""
    made = Walk(motcua_server.url)
    yield made
    assert made.strangers == set()
    assert made.complaints == []


def _sit(context: BrowserContext, walk: Walk, user) -> Page:
    from support.signing_in import session_of

    context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": walk.origin}])
    page = context.new_page()
    walk.watch(page)
    return page


def _addresses(client, dossier) -> list[str]:
    """Every address that answers this reader with a page."""
    from dataclasses import replace

    from permissions.addresses import ADDRESSES
    from support.world import MARRIAGE

    known = {"dossier_id": dossier, "code": MARRIAGE, "act": "chuyen"}
    found = []
    for each in ADDRESSES:
        if each.name in {"account_logout"}:
            continue
        address = replace(each, parts=each.parts | {key: known[key] for key in known if key in each.parts}).url
        answer = client.get(address)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            found.append(address)
    return found


def test_citizens_pages_ask_nobody_else(walk, world, client, new_context) -> None:
    page = new_context().new_page()
    walk.watch(page)
    for address in [*_addresses(client, world[1]), f"/thu-tuc?q={PLANTED}"]:
        walk.see(page, address)
    assert walk.pages >= 7


@pytest.mark.parametrize("role", ROLES)
def test_pages_for_staff_ask_nobody_else_and_run_nothing_that_was_typed(role, walk, world, client, new_context) -> None:
    from motcua.agencies.access import Role

    province, dossier = world
    user = province.user(Role(role))
    client.force_login(user)
    page = _sit(new_context(), walk, user)
    for address in _addresses(client, dossier):
        walk.see(page, address)
    assert walk.pages >= 10
