"""What the national portal does for applicants: at any desk, of its own filings only, no more than they could do."""

from uuid import uuid4

import pytest

from motcua.agencies import commands as agencies
from motcua.agencies.access import Role
from motcua.dossiers import commands
from motcua.dossiers.models import Event
from motcua.law.dossier.vocabulary import Pause
from motcua.persons.models import Access
from support.world import APPLICANT, MARRIAGE, OTHER_WARD, POLICE, RESIDENCE, WARD, World

pytestmark = pytest.mark.django_db
OWNER = {"kind": "citizen", "name": APPLICANT.name, "id_number": APPLICANT.id_number, "id_kind": "cccd"}


@pytest.fixture
def portal(world, connect):
    """The national portal: an agency of its own, no role anywhere."""
    agencies.keep_agency(
        code="QG", name="Cổng Dịch vụ công Quốc gia", kind="other", identifier="G09", desk_name="Trực tuyến"
    )
    return connect(scopes=("catalogue:read", "dossiers:file", "files:write", "webhooks:manage"), agency="QG")


def _file(portal, desk: str = WARD, procedure: str = MARRIAGE, **values):
    return portal.post(
        "/filings", {"procedure": procedure, "owner": OWNER, "desk": desk, "reference": "QG-1", **values}
    )


def test_a_filing_waits_at_the_desk_and_no_clock_runs(world: World, portal):
    answer = _file(portal)
    assert answer.status_code == 201, answer.content
    dossier = answer.json()["dossier"]
    filed = portal.get(f"/filings/{dossier}").json()
    assert (filed["status"], filed["reference"], filed["due_at"]) == ("registered", "QG-1", None)
    event = Event.objects.get(dossier_id=dossier)
    assert (event.type, event.actor_staff is not None) == ("registered", True)
    desk = world.reader(Role.DESK_OFFICER)
    commands.accept(desk, answer.json()["dossier"], command_id=commands.new_id())
    filed = portal.get(f"/filings/{dossier}").json()
    assert filed["status"] == "processing"
    assert filed["due_at"] is not None


@pytest.mark.parametrize(("desk", "procedure", "status"), [
    (WARD, RESIDENCE, 201), (OTHER_WARD, MARRIAGE, 201), (POLICE, MARRIAGE, 409), ("none", MARRIAGE, 404),
    (WARD, "9.999999", 409),
])  # fmt: skip
def test_it_files_at_any_desk_that_receives_the_procedure(world: World, portal, desk, procedure, status):
    answer = _file(portal, desk, procedure)
    assert answer.status_code == status, answer.content


def test_it_brings_what_was_asked_for(world: World, portal):
    dossier = _file(portal).json()["dossier"]
    desk, officer = world.reader(Role.DESK_OFFICER), world.reader(Role.CASE_OFFICER)
    assert portal.get(f"/filings/{dossier}/asked").json() == {"text": None, "amount": None}
    commands.pause(desk, dossier, Pause.SUPPLEMENT, "- Giấy khai sinh", command_id=commands.new_id())
    assert portal.get(f"/filings/{dossier}/asked").json() == {"text": "- Giấy khai sinh", "amount": None}
    assert Access.objects.get().staff_id is not None
    assert portal.get(f"/filings/{dossier}").json()["waits_for"] == "supplement"
    paid = portal.post(f"/filings/{dossier}/payment")
    assert (paid.status_code, paid.json()["reason"]) == (409, "not_in_this_status")
    brought = portal.post(f"/filings/{dossier}/papers", {"components": [{"number": 1, "originals": 1}]})
    assert brought.status_code == 200, brought.content
    commands.accept(desk, dossier, command_id=commands.new_id())
    commands.pause(officer, dossier, Pause.PAYMENT, "Lệ phí", amount=20_000, command_id=commands.new_id())
    assert portal.get(f"/filings/{dossier}/asked").json() == {"text": "Lệ phí", "amount": 20_000}
    assert portal.post(f"/filings/{dossier}/payment").status_code == 200
    assert portal.get(f"/filings/{dossier}").json()["status"] == "processing"
    assert portal.post(f"/filings/{dossier}/payment").json()["reason"] == "not_in_this_status"


def test_it_takes_a_dossier_back_for_the_applicant(world: World, portal):
    dossier = _file(portal).json()["dossier"]
    key = uuid4()
    first, again = (portal.post(f"/filings/{dossier}/withdraw", {"reason": "Đổi ý"}, key=key) for _ in range(2))
    assert first.status_code == 200
    assert again.json() == {**first.json(), "repeated": True}
    assert portal.get(f"/filings/{dossier}").json()["status"] == "withdrawn"


def test_it_knows_nothing_of_other_dossiers(world: World, portal, connect):
    others = (
        world.receive().dossier_id,
        _file(connect(scopes=("dossiers:file",), agency="P"), reference="").json()["dossier"],
    )
    for dossier in others:
        answers = [
            portal.get(f"/filings/{dossier}"),
            portal.get(f"/filings/{dossier}/asked"),
            portal.post(f"/filings/{dossier}/papers"),
            portal.post(f"/filings/{dossier}/payment"),
            portal.post(f"/filings/{dossier}/withdraw"),
        ]
        assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert portal.get("/filings").json()["items"] == []


def test_a_filing_opens_no_other_door(world: World, portal):
    dossier = _file(portal).json()["dossier"]
    assert portal.get(f"/dossiers/{dossier}").json()["code"] == "insufficient_scope"
    assert portal.get(f"/dossiers/{dossier}/applicant").json()["code"] == "insufficient_scope"


def test_even_with_every_scope_the_filer_is_no_officer(world: World, portal, connect):
    everything = connect(
        "leader", "desk_officer", agency="QG",
        scopes=("dossiers:file", "dossiers:read", "dossiers:write", "persons:read", "files:read"),
    )  # fmt: skip
    dossier = _file(everything).json()["dossier"]
    assert everything.get(f"/dossiers/{dossier}").status_code == 404
    assert everything.post(f"/dossiers/{dossier}/accept").json()["reason"] == "not_offered"
    assert everything.post(f"/dossiers/{dossier}/refuse", {"reason": "x"}).json()["reason"] == "not_your_function"
    assert (
        everything.post(f"/dossiers/{dossier}/correct-owner", {"owner": OWNER}).json()["reason"] == "not_your_function"
    )


def test_an_agencys_own_program_cannot_file_for_applicants(world: World, connect):
    assert _file(connect("desk_officer")).json()["code"] == "insufficient_scope"


def test_filings_come_in_pages_the_newest_first(world: World, portal):
    made = [_file(portal, reference=f"QG-{number}").json()["dossier"] for number in range(5)]
    seen, after = [], {}
    while True:
        page = portal.get("/filings", limit=2, **after).json()
        seen += [each["dossier"] for each in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert seen == made[::-1]
