"""Every address for staff has its budget: to look needs at most twelve statements, and so does a form sent empty."""

import io
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from motcua.agencies.access import Role
from motcua.dossiers import commands
from motcua.dossiers.worker import catch_up
from motcua.files.commands import store_upload
from motcua.law.dossier.vocabulary import Component, Pause, Ref
from motcua.procedures import drafts
from motcua.procedures.models import ProcessVersion
from office.counting import MOST, statements
from permissions.addresses import ADDRESSES
from support.world import APPLICANT, MARRIAGE, PDF, RESIDENCE, WARD, World

pytestmark = pytest.mark.django_db
# Sign-in at a provider leads elsewhere: tests/office/test_oidc.py.
OFFICE = [each for each in ADDRESSES if each.namespace == "office" and not each.name.startswith("office:oidc")]
# A form that is sent empty shows its page once more with what is wrong; these read more, and say why.
_MORE = {
    "office:paper_issue": 25,  # issues the paper: an act of its own, with the opening noted
}
# Their thing is made and used up in tests/notices/test_telling.py and tests/permissions/test_elevations.py.
_NOTHING_THERE = {"office:telling_again", "office:elevation_end"}
_QUERIES = {"office:papers_issued": "?loai=tiep-nhan", "office:report_list": "?cot=3"}


@pytest.fixture
def filled(world: World, client) -> dict[str, Any]:
    """A dossier with everything around it, and what the parts of addresses name."""
    file = store_upload(io.BytesIO(PDF), "a.pdf")
    dossier = world.receive(
        components=(Component(1, originals=1, file=Ref(str(file.id), file.commitment)),),
        request="Để vay vốn",
        submitter=replace(APPLICANT, name="Lê Nộp Thay Thử"),
    ).dossier_id
    officer = world.reader(Role.CASE_OFFICER)
    commands.pause(officer, dossier, Pause.SUPPLEMENT, "- Tờ khai", command_id=commands.new_id())
    commands.resume(world.reader(Role.DESK_OFFICER), dossier, command_id=commands.new_id())
    for _ in range(3):
        world.receive(RESIDENCE)
    catch_up()
    client.force_login(world.user(Role.DESK_OFFICER))
    client.post(reverse("office:paper_issue", args=[dossier, "tiep-nhan"]))
    reform = world.reader(Role.REFORM_OFFICER)
    draft = drafts.begin(reform, procedure_code=MARRIAGE, agency_id=world.agencies[WARD])
    version = ProcessVersion.objects.order_by("pk").first()
    return {
        "dossier_id": dossier, "file_id": file.id, "paper": "tiep-nhan", "ordinal": 1, "draft_id": draft,
        "agency_id": world.agencies[WARD], "year": timezone.localdate().year, "book": 1, "code": MARRIAGE,
        "kind": "no_scan", "occasion": "ready", "staff_id": world.posts[WARD, Role.CASE_OFFICER],
        "channel": "mail", "act": "ghi-chu", "process_id": version.process_id, "number": version.number,
    }  # fmt: skip


def parts_of(address, filled):
    return {name: filled.get(name, value) for name, value in address.parts.items()}


def roles_of(address):
    return sorted(address.policy.roles or {Role.DESK_OFFICER, Role.LEADER}, key=list(Role).index)


@pytest.mark.parametrize("address", OFFICE, ids=lambda each: each.name)
def test_an_address_stays_within_its_budget(world, client, filled, address):
    url = reverse(address.name, kwargs=parts_of(address, filled)) + _QUERIES.get(address.name, "")
    answered = set()
    for role in roles_of(address):
        client.force_login(world.user(role))
        for method in ("get", "post"):
            ask = getattr(client, method)
            status = ask(url).status_code  # what never changes is read once by each process
            if status == 405:
                continue
            answered.add(status)
            needed = statements(lambda ask=ask: ask(url))
            assert needed <= _MORE.get(address.name, MOST), (role, method, status, needed)
    assert address.name in _NOTHING_THERE or answered & {200, 302}, f"nobody has really opened it: {answered}"
