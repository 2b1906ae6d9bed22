"""Every address of the interface needs at most twelve SQL statements, whatever the number of rows."""

from uuid import uuid4

import pytest
from django.utils import timezone

from motcua.agencies.access import for_system
from motcua.api.urls import api
from motcua.dossiers.worker import catch_up
from motcua.papers import commands as papers
from motcua.papers.kinds import Kind
from motcua.proofs import commands as proofs
from office.counting import MOST, statements
from support.world import APPLICANT, MARRIAGE, RESIDENCE, World

pytestmark = pytest.mark.django_db
OWNER = {"kind": "citizen", "name": APPLICANT.name}
EVERYBODY = ("desk_officer", "case_officer", "leader", "reform_officer")
URL = "https://receiver.example/hook"

READS = [
    "/procedures", "/procedures?q=hon+nhan&desk=W1", "/procedures/{procedure}", "/procedures/{procedure}/versions",
    "/fields", "/desks", "/desks/W1", "/desks/W1/offerings", "/desks/W1/offerings/{procedure}",
    "/desks/W1/calendar", "/desks/W1/offerings/{procedure}/due", "/calendars/vn/versions", "/dossiers",
    "/dossiers?count=true&status=processing", "/dossiers?side=settled&agency=W1", "/inbox",
    "/inbox?bucket=ready&mine=true", "/inbox/counts", "/dossiers/{id}", "/dossier-codes/{code}",
    "/dossiers/{id}/story", "/dossiers/{id}/applicant", "/dossiers/{id}/files", "/dossiers/{id}/papers/receipt",
    "/dossiers/{id}/papers/slip", "/dossiers/{id}/papers/receipt/1", "/dossiers/{id}/proof", "/staff",
    "/tracking/{token}", "/tracking?code={code}", "/figures?start={today}&end={today}", "/events", "/webhooks",
    "/filings", "/log/heads/latest", "/log/positions/1",
]  # fmt: skip
ACTS = [
    ("/dossiers", {"procedure": MARRIAGE, "owner": OWNER, "submitter": OWNER, "request": "Để vay vốn"}, 201),
    ("/registrations", {"procedure": MARRIAGE, "owner": OWNER, "supplement": "- Tờ khai"}, 201),
    ("/dossiers/{id}/applicant/open", {"purpose": "settle"}, 200),
    ("/searches", {"name": "nguyen mau", "purpose": "settle"}, 200),
    ("/searches", {"id_number": APPLICANT.id_number, "purpose": "settle"}, 200),
    ("/dossiers/{id}/take", {}, 200),
    ("/dossiers/{id}/assign", {"staff": "colleague"}, 200),
    ("/dossiers/{id}/hand-over", {"outcome": "trinh-ky", "note": "Đủ"}, 200),
    ("/dossiers/{id}/request-papers", {"items": ["Tờ khai"], "reason": "Thiếu"}, 200),
    ("/dossiers/{id}/request-payment", {"amount": 20_000, "reason": "Lệ phí"}, 200),
    ("/dossiers/{id}/withdraw", {"reason": "Đổi ý"}, 200),
    ("/dossiers/{id}/stop", {"reason": "Theo quyết định"}, 200),
    ("/dossiers/{id}/correct-owner", {"owner": OWNER}, 200),
    ("/filings", {"procedure": MARRIAGE, "owner": OWNER, "desk": "W2"}, 201),
    ("/webhooks", {"url": URL}, 201),
]


@pytest.fixture
def program(connect):
    """A program that may everything here."""
    from motcua.exchange.scopes import Scope

    return connect(*EVERYBODY, scopes=tuple(Scope))


def _address(path: str, answer) -> str:
    return path.format(
        id=answer.dossier_id, code=answer.code, token=answer.token, procedure=MARRIAGE, today=timezone.localdate()
    )


@pytest.mark.parametrize("path", READS)
def test_a_reading_needs_at_most_twelve_statements(world: World, program, path):
    answer = world.receive(request="Để vay vốn")
    catch_up()
    proofs.sign()
    papers.issue(for_system("test"), Kind.RECEIPT, answer.dossier_id, "https://x.example/t/{}".format)
    address = _address(path, answer)
    found = program.get(address)
    assert found.status_code == 200, found.content
    few = statements(lambda: program.get(address))
    for _ in range(5):
        world.receive(RESIDENCE)
        world.finish(world.receive().dossier_id)
    catch_up()
    proofs.sign()
    many = statements(lambda: program.get(address))
    assert many <= MOST
    assert many <= few + 3


@pytest.mark.parametrize(("path", "body", "status"), ACTS, ids=lambda each: each if isinstance(each, str) else "")
def test_an_act_needs_at_most_twelve_statements(world: World, program, path, body, status):
    if body.get("staff"):
        body = {"staff": world.second_case_officer}
    warm, answer = world.receive(), world.receive()
    program.get(f"/dossiers/{warm.dossier_id}")
    answers = []
    count = statements(lambda: answers.append(program.post(_address(path, answer), body)))
    assert answers[0].status_code == status, answers[0].content
    assert count <= MOST


def test_a_repetition_needs_few_statements_and_a_stranger_one(world: World, program):
    key, body = uuid4(), {"procedure": MARRIAGE, "owner": OWNER}
    program.post("/dossiers", body, key=key)
    assert statements(lambda: program.post("/dossiers", body, key=key)) <= 6
    stranger = {"Authorization": "Bearer mct_nobody"}
    assert statements(lambda: program.client.get("/api/v1/dossiers", headers=stranger)) == 1


def test_every_kind_of_reading_is_counted():
    counted = {path.partition("?")[0].replace("{id}", "{dossier_id}").strip("/").split("/")[0] for path in READS}
    known = {
        path.removeprefix("/api/v1/").split("/")[0]
        for path, methods in api.get_openapi_schema()["paths"].items()
        if "get" in methods and path.startswith("/api/v1/")
    }
    assert known <= counted
