"""The surfaces of the programming interface: a program of each role with every scope sees and does what staff would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.utils import timezone

from motcua.agencies.access import for_system
from motcua.agencies.queries import agency
from motcua.exchange import commands
from motcua.exchange.scopes import Scope
from motcua.papers import commands as commands_of_papers
from motcua.papers.kinds import Kind
from permissions.surfaces import Surface, Visit, _case_officers_work
from support.world import APPLICANT, POLICE, WARD

NAME, NUMBER = APPLICANT.name, APPLICANT.id_number
_OWNER = {"kind": "citizen", "name": NAME}
# Every act with the least that it can be sent with; taking back ends the dossier and comes last.
_ACTS: Mapping[str, Mapping[str, Any]] = {
    "accept": {}, "transfer": {}, "take": {}, "resume": {}, "recount": {}, "refuse": {"reason": "x"},
    "hand-over": {"outcome": "x"}, "request-papers": {"items": ["x"]}, "request-payment": {"amount": 1, "reason": "x"},
    "apologise": {"due_at": "2030-01-01T09:00:00+07:00", "reason": "x"}, "return": {"method": "desk"},
    "correct-owner": {"owner": _OWNER}, "approve": {}, "make-ready": {}, "refuse-result": {"reason": "x"},
    "suspend": {"reason": "x", "legal_ground": "x"}, "pay": {"amount": 1, "method": "cash"}, "annotate": {"note": "x"},
    "consult": {"body": "x", "question": "x", "answer_due_at": "2030-01-01T09:00:00+07:00"},
    "answer-consultation": {"number": 1, "answer": "x"}, "digitise": {}, "correct-error": {"reason": "x"},
    "relocate": {"from_agency": WARD, "order": "1/QĐ-UBND"}, "stop": {"reason": "x"}, "withdraw": {},
}  # fmt: skip
_ADDRESSES = {"return": "api:return_result"} | {act: f"api:{act.replace('-', '_')}" for act in _ACTS if act != "return"}


class Program:
    """A program of the visitor's agency whose post has the visitor's role, with every scope there is."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        name, code = f"Phần mềm {uuid4().hex[:8]}", agency(visit.reader, visit.reader.agency_id or 0).code
        scopes = [scope.value for scope in Scope]
        made = commands.open_client(name=name, agency_code=code, scopes=scopes, roles=[visit.role])
        self.token = commands.issue_token(made.client_id, scopes).token

    def get(self, path: str, **values: object) -> HttpResponse:
        return self.visit.client.get(f"/api/v1{path}", values, headers={"Authorization": f"Bearer {self.token}"})

    def post(self, path: str, body: Mapping[str, Any]) -> HttpResponse:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(uuid4())}
        return self.visit.client.post(
            f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers
        )


def _shown(answer: HttpResponse) -> set[str]:
    if answer.status_code != 200:
        assert answer.status_code in {403, 404}, (answer.status_code, answer.content)
        return set()
    text = json.dumps(answer.json(), ensure_ascii=False)
    return {"s"} | {letter for letter, words in (("n", NAME), ("i", NUMBER)) if words in text}


def _list(visit: Visit) -> set[str]:
    program, found = Program(visit), set()
    for side in ("received", "settled"):
        for code in (WARD, POLICE):
            answer = program.get("/dossiers", side=side, agency=code)
            if str(visit.dossier) in answer.content.decode():
                found |= _shown(answer)
    return found


def _count(visit: Visit) -> set[str]:
    program = Program(visit)
    answers = [program.get("/dossiers", agency=code, count="true").json() for code in (WARD, POLICE)]
    return {"s"} if any(answer["count"]["value"] for answer in answers) else set()


def _inbox(visit: Visit) -> set[str]:
    program = Program(visit)
    counts = program.get("/inbox/counts").json()
    answer = program.get("/inbox")
    listed = _shown(answer) if str(visit.dossier) in answer.content.decode() else set()
    assert not (any(each["value"] for each in counts.values()) and not listed)
    return listed


def _detail(visit: Visit) -> set[str]:
    program = Program(visit)
    answer, story = program.get(f"/dossiers/{visit.dossier}"), program.get(f"/dossiers/{visit.dossier}/story")
    by_code = program.get(f"/dossier-codes/{visit.code}")
    proof = program.get(f"/dossiers/{visit.dossier}/proof")
    visit.agree([story.status_code, answer.status_code, by_code.status_code])
    assert str(visit.dossier) not in proof.content.decode() or answer.status_code == 200
    return _shown(answer) | _shown(story)


def _masked(visit: Visit) -> set[str]:
    return _shown(Program(visit).get(f"/dossiers/{visit.dossier}/applicant"))


def _in_full(visit: Visit) -> set[str]:
    return _shown(Program(visit).post(f"/dossiers/{visit.dossier}/applicant/open", {"purpose": "settle"}))


def _search(visit: Visit) -> set[str]:
    program, found = Program(visit), set()
    for letter, words in (("n", {"name": NAME}), ("i", {"id_number": NUMBER})):
        answer = program.post("/searches", {**words, "purpose": "settle"})
        if visit.code in answer.content.decode():
            found.add(letter)
    return found


def _file(visit: Visit) -> set[str]:
    program = Program(visit)
    answer = program.post(f"/dossiers/{visit.dossier}/files/{visit.file}/open", {"purpose": "settle"})
    listed = program.get(f"/dossiers/{visit.dossier}/files")
    visit.agree([listed.status_code, answer.status_code])
    return {"f"} if answer.status_code == 200 else set()


def _papers(visit: Visit) -> set[str]:
    program = Program(visit)
    papers = {"n": "slip", "i": "receipt"}
    found = set()
    for letter, paper in papers.items():
        address = f"/dossiers/{visit.dossier}/papers/{paper}"
        seen = program.get(address).status_code == 200
        issued = commands_of_papers.issue(for_system("test"), Kind(paper), visit.dossier, "https://x.example/{}".format)
        answers = [program.get(f"{address}/{issued.ordinal}"), program.post(address, {})]
        visit.agree([seen, *(answer.status_code == 200 for answer in answers)])
        found |= {letter} if seen else set()
    return found


def _figures(visit: Visit) -> set[str]:
    today = timezone.localdate().isoformat()
    return {"s"} if Program(visit).get("/figures", start=today, end=today).json()["agencies"] else set()


def _events(visit: Visit) -> set[str]:
    answer = Program(visit).get("/events")
    return {"s"} if str(visit.dossier) in answer.content.decode() else set()


def _act(visit: Visit) -> set[str]:
    program = Program(visit)
    statuses = {act: program.post(f"/dossiers/{visit.dossier}/{act}", body).status_code for act, body in _ACTS.items()}
    # The law may still refuse who may act: that is its answer, not a closed door.
    let_in = {act for act, status in statuses.items() if status in {200, 409}}
    assert let_in in (set(), set(_ACTS)), statuses
    return {"a"} if let_in else set()


READING = (
    Surface("a program's list", "api", ("api:list_dossiers",), "sn", _list),
    Surface("a program's count", "api", ("api:list_dossiers",), "s", _count),
    Surface("a program's inbox", "api", ("api:list_inbox", "api:count_inbox"), "sn", _inbox, _case_officers_work),
    Surface(
        "a dossier",
        "api",
        ("api:get_dossier", "api:get_story", "api:get_dossier_by_code", "api:prove_dossier"),
        "sn",
        _detail,
    ),
    Surface("an applicant", "api", ("api:get_applicant",), "sn", _masked),
    Surface("an applicant in full", "api", ("api:open_applicant",), "sni", _in_full),
    Surface("a program's search", "api", ("api:search",), "ni", _search),
    Surface("a program's file", "api", ("api:open_file", "api:list_files"), "f", _file),
    Surface("a program's papers", "api", ("api:get_paper", "api:issue_paper", "api:get_issued_paper"), "ni", _papers),
    Surface("a program's figures", "api", ("api:get_figures",), "s", _figures),
    Surface("events", "api", ("api:list_events",), "s", _events),
)
ACTING = Surface("a program's acts", "api", tuple(_ADDRESSES.values()), "a", _act)

_CATALOGUE = (
    "list_procedures", "get_procedure", "list_versions", "list_fields", "list_desks", "get_desk", "list_offerings",
    "get_offering", "preview_due", "get_calendar", "list_calendar_versions",
)  # fmt: skip
_FILINGS = ("file", "list_filings", "get_filing", "get_asked", "bring_papers", "confirm_payment", "take_back")
_LINES = (
    "list_webhooks", "subscribe", "get_webhook", "unsubscribe", "replace_secret", "replay", "list_undelivered",
)  # fmt: skip
_PROOFS = ("get_head", "get_head_of", "prove_position", "prove_growth")
ELSEWHERE: Mapping[str, str] = {
    **{f"api:{name}": "the catalogue is public" for name in _CATALOGUE},
    **{f"api:{name}": "what the client itself filed; tests/api/test_filings.py" for name in _FILINGS},
    **{f"api:{name}": "the client's own subscriptions; tests/api/test_webhooks.py" for name in _LINES},
    **{f"api:{name}": "hashes, as on the public page" for name in _PROOFS},
    "api:receive": "begins a dossier at the own desk; tests/api/test_acts.py",
    "api:register": "begins a dossier at the own desk; tests/api/test_acts.py",
    "api:erase": "for the leader of who settled it; tests/api/test_acts.py",
    "api:assign": "asks for a colleague first; tests/api/test_acts.py",
    "api:recount_all": "acts on all open dossiers of the own agency at once; tests/api/test_acts.py",
    "api:upload": "a file that belongs to no dossier yet",
    "api:list_staff": "the own agency's posts",
    "api:track": "what anybody may know",
    "api:track_by_code": "what anybody may know",
}
