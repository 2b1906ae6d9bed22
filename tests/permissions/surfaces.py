"""Every surface on which something of a dossier shows, with the addresses it covers and how to see what it shows.

A new address must be named by a surface here, or stand in WITHOUT_DOSSIERS with the reason.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from motcua.agencies.access import Reader, for_system
from motcua.agencies.roles import Relation, Role
from motcua.dossiers import queries
from motcua.office.printing import TITLES
from motcua.papers import commands
from motcua.papers.kinds import Kind
from papers.reading import squeeze, text_of
from support.world import APPLICANT, POLICE, WARD

NAME, NUMBER, REQUEST, SCAN = APPLICANT.name, APPLICANT.id_number, "Nhập khẩu về ở cùng con", "ct01.pdf"


@dataclass
class Visit:
    """Somebody signed in who tries to see one dossier; it was received by WARD and is settled by POLICE."""

    client: Client
    reader: Reader
    role: Role
    relation: Relation
    dossier: UUID
    file: UUID
    code: str
    form: Mapping[str, Any] = field(default_factory=dict)
    whole: bool = True

    def agree(self, answers: Collection[object]) -> None:
        """Addresses that show the same answer alike; not where one of two walls was taken down (`whole`)."""
        assert not self.whole or len(set(answers)) == 1, answers

    def get(self, name: str, query: str = "", **parts: Any) -> HttpResponse:
        """The answer to a visit."""
        return self.client.get(reverse(f"office:{name}", kwargs=parts) + query)

    def post(self, name: str, data: Mapping[str, Any] | None = None, **parts: Any) -> HttpResponse:
        """The answer to a form."""
        return self.client.post(reverse(f"office:{name}", kwargs=parts), data or {})


Look = Callable[[Visit], set[str]]


@dataclass(frozen=True)
class Surface:
    """One surface: what kind it is, the addresses it covers, the letters it could show, and where it applies at all.

    `applies` is false where the surface lists other dossiers only, whatever the table says: an inbox lists what waits
    for the own function, a register what the own desk took in.
    """

    name: str
    kind: str
    addresses: tuple[str, ...]
    most: str
    look: Look
    applies: Callable[[Role, Relation], bool] = lambda _role, _relation: True


def _page(answer: HttpResponse) -> set[str]:
    """The letters that a page of HTML shows of the dossier; a page that is refused or missing shows none."""
    if answer.status_code != 200:
        assert answer.status_code in {403, 404}, answer.status_code
        return set()
    shown = answer.content.decode()
    found = {"n": NAME, "i": NUMBER, "f": SCAN}
    assert (REQUEST in shown) <= (NAME in shown)
    return {"s"} | {letter for letter, text in found.items() if text in shown}


def _listed(visit: Visit, answer: HttpResponse) -> set[str]:
    """The same for a list, which shows the dossier only when its address stands in it."""
    found = _page(answer)
    return found if str(visit.dossier) in answer.content.decode() else found - {"s"}


def _inbox(visit: Visit) -> set[str]:
    if visit.role in (Role.REFORM_OFFICER, Role.INSPECTOR, Role.ADMINISTRATOR):
        assert visit.get("home").status_code == 302
        return set()
    return _listed(visit, visit.get("home"))


def _counted(visit: Visit) -> set[str]:
    far = timezone.now() + timezone.timedelta(days=3000)
    counts = queries.counts(visit.reader, timezone.now(), far)
    return {"s"} if counts.due_today + counts.overdue + counts.waiting + counts.ready else set()


def _search(visit: Visit) -> set[str]:
    by_code = visit.post("search", {"q": visit.code})
    found = {"s"} if by_code.status_code == 302 else set()
    for words, letter in ((NAME, "n"), (NUMBER, "i")):
        if visit.code in visit.post("search", {"q": words}).content.decode():
            found.add(letter)
    return found


def _file(visit: Visit) -> set[str]:
    answer = visit.get("file", dossier_id=visit.dossier, file_id=visit.file)
    return {"f"} if answer.status_code == 200 else set()


def _paper(word: str, letter: str) -> Look:
    def look(visit: Visit) -> set[str]:
        answer = visit.get("paper", dossier_id=visit.dossier, paper=word)
        return {letter} if answer.status_code == 200 else set()

    return look


def _issued(kind: Kind, letter: str) -> Look:
    """A paper as it was issued, opened again and issued by the visitor; the system has issued it before."""

    def look(visit: Visit) -> set[str]:
        found = commands.issue(for_system("test"), kind, visit.dossier, "https://x.example/t/{}".format)
        of = {"dossier_id": visit.dossier, "paper": TITLES[kind][0]}
        again = visit.get("paper_issued", **of, ordinal=found.ordinal)
        issued = visit.post("paper_issue", **of)
        visit.agree([again.status_code == 200, issued.status_code == 302])
        return {letter} if again.status_code == 200 else set()

    return look


def _many(visit: Visit) -> set[str]:
    """All receipts of the day in one file."""
    commands.issue(for_system("test"), Kind.RECEIPT, visit.dossier, "https://x.example/t/{}".format)
    answer = visit.get("papers_issued", "?luc=")
    if answer.get("Content-Type") != "application/pdf":
        assert answer.status_code in {302, 403}, answer.status_code
        return set()
    return {"i"} if NUMBER in text_of(answer.content) else set()


def _print(visit: Visit) -> set[str]:
    year, agency = timezone.localdate().year, visit.reader.agency_id
    of = {"agency_id": agency, "year": year, "book": 1}
    answer, book, sheet = visit.get("register_print"), visit.get("book_print", **of), visit.get("book_sheet", **of)
    if answer.status_code != 200:
        assert not visit.whole or {book.status_code, sheet.status_code} == {403}
        return set()
    text = text_of(answer.content)
    if book.status_code == 200:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
        shown = squeeze("".join(str(cell) for row in rows for cell in row))
        for words in (visit.code, NAME, APPLICANT.phone):
            visit.agree([squeeze(words) in squeeze(each) for each in (text, text_of(book.content), shown)])
    found = {"s": visit.code, "n": squeeze(NAME), "i": APPLICANT.phone}
    return {letter for letter, words in found.items() if squeeze(words) in squeeze(text)}


def _overview(visit: Visit) -> set[str]:
    answer = visit.get("overview")
    return {"s"} if answer.status_code == 200 and answer.context["rows"] else set()


def _reported(visit: Visit) -> set[str]:
    """Report II.06a: page, list, print and spreadsheet show the dossier alike."""
    year = timezone.localdate().year
    days = f"?tu=01/01/{year - 1}&den=31/12/{year}"
    page, listed = visit.get("report", days), visit.get("report_list", f"{days}&cot=3")
    printed, sheet = visit.get("report_print", days), visit.get("report_sheet", days)
    if page.status_code != 200:
        assert not visit.whole or {each.status_code for each in (listed, printed, sheet)} == {403}
        return set()
    own = listed.status_code == 200 and str(visit.dossier) in listed.content.decode()
    if page.context["lines"]:
        field = page.context["lines"][-1].field
        rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
        visit.agree([squeeze(field) in squeeze(text_of(printed.content)), any(row[1] == field for row in rows)])
    return {"s"} if own else set()


def _scored(visit: Visit) -> set[str]:
    """The indicators of an agency, from the dossiers whose result is ready."""
    answer = visit.get("indicators")
    listed = visit.get("indicator_dossiers")
    if answer.status_code != 200 or not answer.context.get("own"):
        return set()
    found = answer.context["own"].dossiers > 0
    if found:
        visit.agree([listed.status_code == 200 and bool(listed.context["rows"]), True])
    return {"s"} if found else set()


def _officers(visit: Visit) -> set[str]:
    answer = visit.get("indicators")
    return {"o"} if answer.status_code == 200 and answer.context.get("officers") else set()


def _act(visit: Visit) -> set[str]:
    answer = visit.post("act", visit.form, dossier_id=visit.dossier, act="rut")
    # Who may act may still be told that it is somebody else's function: that is the law's answer, not a closed door.
    return {"a"} if answer.status_code in {200, 302} else set()


def _case_officers_work(role: Role, relation: Relation) -> bool:
    return (role, relation) == (Role.CASE_OFFICER, Relation.COMPETENT)


def _register(role: Role, relation: Relation) -> bool:
    return relation is Relation.OWN_DESK and role in {Role.DESK_OFFICER, Role.LEADER, Role.REFORM_OFFICER}


def _prints(role: Role, relation: Relation) -> bool:
    return relation is Relation.OWN_DESK and role in {Role.DESK_OFFICER, Role.CASE_OFFICER, Role.LEADER}


def _detail(visit: Visit) -> set[str]:
    return _page(visit.get("dossier", dossier_id=visit.dossier))


def _reveal(visit: Visit) -> set[str]:
    return _page(visit.post("reveal", {"purpose": "settle"}, dossier_id=visit.dossier))


def _export(visit: Visit) -> set[str]:
    """All that is held about the applicant, as the person gets it."""
    answer = visit.post("person_download", {"number": NUMBER, "purpose": "at_desk"})
    if answer.status_code != 200:
        return set()
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    text = archive.read("doc-truoc.html").decode()
    assert (NAME in text) == (NUMBER in text)
    shown = {"i": NUMBER in text, "f": any(name.endswith(SCAN) for name in archive.namelist())}
    return {letter for letter, there in shown.items() if there}


def _found(visit: Visit) -> set[str]:
    """Whether an id number leads to the dossier."""
    answer = visit.post("person", {"number": NUMBER, "purpose": "at_desk"})
    return {"i"} if answer.status_code == 200 and visit.code in answer.content.decode() else set()


def _kept(visit: Visit) -> set[str]:
    """The page on which a leader decides about a dossier's data: for who may act on it."""
    return {"a"} if visit.get("dossier_retention", dossier_id=visit.dossier).status_code == 200 else set()


def _own_officers(role: Role, relation: Relation) -> bool:
    """Those shown first are the own agency's; the other relations are in tests/permissions/test_walls.py."""
    return role in {Role.LEADER, Role.INSPECTOR} and relation is Relation.COMPETENT


def _tells_people(role: Role, _relation: Relation) -> bool:
    return role in {Role.DESK_OFFICER, Role.LEADER}


SURFACES = (
    Surface("the inbox", "list", ("office:home",), "sn", _inbox, _case_officers_work),
    Surface("the inbox's figures", "count", ("office:home",), "s", _counted, _case_officers_work),
    Surface("the register", "list", ("office:register",), "sn", lambda v: _listed(v, v.get("register")), _register),
    Surface(
        "the printed register",
        "print",
        ("office:register_print", "office:book_print", "office:book_sheet"),
        "sni",
        _print,
        _register,
    ),
    Surface("the page", "detail", ("office:dossier",), "snf", _detail),
    Surface("the page in full", "detail", ("office:reveal",), "snif", _reveal),
    Surface(
        "the page after the intake",
        "detail",
        ("office:done",),
        "s",
        lambda v: _page(v.get("done", dossier_id=v.dossier)),
        lambda role, _relation: role is Role.DESK_OFFICER,
    ),
    Surface("the search", "search", ("office:search",), "sni", _search),
    Surface("a file", "file", ("office:file",), "f", _file),
    Surface("the control slip", "paper", ("office:paper",), "n", _paper("kiem-soat", "n")),
    Surface("the receipt", "paper", ("office:paper",), "i", _paper("tiep-nhan", "i")),
    Surface(
        "the receipt that was issued",
        "paper",
        ("office:paper_issued", "office:paper_issue"),
        "i",
        _issued(Kind.RECEIPT, "i"),
    ),
    Surface(
        "the slip that was issued", "paper", ("office:paper_issued", "office:paper_issue"), "n", _issued(Kind.SLIP, "n")
    ),
    Surface("papers of the day", "list", ("office:papers",), "sn", lambda v: _listed(v, v.get("papers")), _prints),
    Surface("papers of the day in one file", "print", ("office:papers_issued",), "i", _many, _prints),
    Surface("the overview", "aggregate", ("office:overview",), "s", _overview, lambda role, _relation: role in FOLLOW),
    Surface(
        "report II.06a",
        "aggregate",
        ("office:report", "office:report_list", "office:report_print", "office:report_sheet"),
        "s",
        _reported,
        lambda role, relation: role in FOLLOW and relation is Relation.COMPETENT,  # it is of those who settle
    ),
    Surface(
        "the nine indicators",
        "aggregate",
        ("office:indicators", "office:indicator_dossiers"),
        "s",
        _scored,
        lambda role, relation: role in FOLLOW and relation is Relation.COMPETENT,
    ),
    Surface("officers' indicators", "aggregate", ("office:indicators",), "o", _officers, _own_officers),
    Surface("what is held about a person", "search", ("office:person",), "i", _found, _tells_people),
    Surface(
        "what is held about a person, handed over", "export", ("office:person_download",), "if", _export, _tells_people
    ),
    Surface(
        "how long it is kept",
        "detail",
        ("office:dossier_retention",),
        "a",
        _kept,
        lambda role, _relation: role is Role.LEADER,
    ),
    Surface("an act", "act", ("office:act",), "a", _act),
)
FOLLOW = frozenset({Role.LEADER, Role.REFORM_OFFICER})

# What the design names and nobody has built yet: a surface of that kind takes its line away.
NOT_YET: frozenset[str] = frozenset()
KINDS = frozenset({"list", "detail", "search", "count", "export", "file", "paper", "print", "api", "aggregate", "act"})

WITHOUT_DOSSIERS: Mapping[str, str] = {
    "office:desk": "procedures that the desk offers",
    "office:intake": "the empty form of a procedure; what it takes in shows on the page after it",
    "office:appointment": "due time and fee of a procedure",
    "office:papers_issue": "issues what the list of papers holds; tests/papers/test_issuing.py",
    "office:books": "how many dossiers a year's books hold; tests/office/test_books.py",
    "office:book_close": "a leader's act; tests/papers/test_register_book.py",
    "office:accounts": "accounts of staff, for administrators",
    "office:account": "one account of staff, for administrators",
    "office:own_account": "the reader's own sessions",
    "office:own_indicators": "the reader's own points; tests/office/test_reports.py",
    "office:dossier_hold": "a leader's act; tests/office/test_person.py",
    "office:dossier_erase": "a leader's act; tests/office/test_person.py",
    "office:person_hold": "a leader's act; tests/office/test_person.py",
    "office:person_erase": "a leader's act; tests/office/test_person.py",
    "office:retention": "dossiers whose time is over, settled by the own agency; tests/dossiers/test_retention.py",
    "office:retention_erase": "a leader's act; tests/office/test_person.py",
    "office:retention_lift": "a leader's act; tests/office/test_person.py",
    "office:access_log": "who opened what and what for, never the data; tests/permissions/test_access_log.py",
    "office:elevations": "rights of staff; tests/permissions/test_elevations.py",
    "office:elevation_end": "rights of staff; tests/permissions/test_elevations.py",
    "office:unfinished": "what the reader had typed themselves; tests/office/test_unfinished.py",
    "office:reminders": "the reader's own reminders; codes of dossiers they may see; tests/notices/test_reminding.py",
    "office:reminders_seen": "notes that the own reminders were seen",
    "office:apologies": "what waits for the competent agency's leader; tests/notices/test_reminding.py",
    "office:apologies_preview": "letters for dossiers that the leader may see in full; tests/notices/test_reminding.py",
    "office:apologies_send": "a leader's act; tests/notices/test_reminding.py",
    "office:telling": "words and channels, and how many messages wait",
    "office:telling_occasion": "the words of an occasion, with an invented example",
    "office:telling_again": "an act on a dossier's refused message; tests/notices/test_telling.py",
    "office:defects": "numbers of defects by agency; tests/office/test_defects.py",
    "office:defects_of_kind": "defects of the own agency and those below; tests/office/test_defects.py",
    "office:processes": "internal processes, which say nothing of dossiers; tests/office/test_processes.py",
    "office:process": "versions of a process; tests/office/test_processes.py",
    "office:process_export": "a version of a process; tests/office/test_processes.py",
    "office:process_run": "simulated dossiers; tests/office/test_processes.py",
    "office:process_edit": "a draft of a process; tests/office/test_processes.py",
    "office:process_draft_run": "simulated dossiers; tests/office/test_processes.py",
    "office:process_draft_export": "a draft of a process; tests/office/test_processes.py",
    "office:process_upload": "a draft of a process; tests/office/test_processes.py",
    "office:process_publish": "a draft of a process; tests/office/test_processes.py",
    "office:process_discard": "a draft of a process; tests/office/test_processes.py",
    "office:recount": "acts on all open dossiers of the own agency at once; tests/dossiers/test_recounting.py",
}
SEATS = {Relation.OWN_DESK: WARD, Relation.COMPETENT: POLICE}
