"""Whoever copies the database, its files, backups or logs, and has no key, learns nothing about anybody.

Distinctive values are planted through the real pages, the programming interface and the commands, rightly and wrongly.
Then everything that lies on the disk is looked through for them, in every usual spelling and inside what is packed.
"""

import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import requests
from pypdf import PdfWriter

from leaks.installation import Installation
from leaks.looking import Looker
from support.world import PASSWORD

NAME, NUMBER, PHONE = "Huỳnh Zkvơrta Mẫuxq", "987650012349", "0987612345"
ADDRESS, EMAIL = "Ngõ 77 Phố Qzbạchxa", "zkvorta77@mauxq.example"
OTHER, OTHER_NUMBER = "Tạ Wqhữrzo Nhầmxk", "987650088885"
VALUES = {
    "name": NAME,
    "part of the name": "Zkvơrta",
    "number": NUMBER,
    "phone": PHONE,
    "address": "Phố Qzbạchxa",
    "e-mail": EMAIL,
    "other name": "Wqhữrzo",
    "other number": OTHER_NUMBER,
    "request": "Qzxin vay vốn nuôi cá",
    "note": "Qzthiếu giấy khai sinh của con",
    "reason": "Qzgia đình khó khăn",
    "name of a file": "Đơn của Zkvơrta qz",
    "content of a file": "QZNOIDUNGTEP8C1F",
    "hold": "Qztòa án đang xét xử",
    "purpose": "Qzxem giúp bà hàng xóm",
    "password typed wrongly": "qzmatkhausai9",
    "user name typed wrongly": "qzdangnhapsai",
    "search": "Qztìmchữlạ",
}
CARD = f"{NUMBER}|271234567|{NAME}|05021990|Nữ|{ADDRESS}|18112021"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_SEEN = re.compile(r'name="seen_seq" value="(\d+)"')


def scan() -> bytes:
    """A PDF of one page with the planted words in it."""
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": VALUES["content of a file"]})
    writer.write(file)
    return file.getvalue()


class Visitor:
    """Somebody at the pages, with the cookies and forms of a browser."""

    def __init__(self, url: str) -> None:
        self.url, self.session = url, requests.Session()

    def get(self, path: str, **options: object) -> requests.Response:
        """A page."""
        return self.session.get(self.url + path, timeout=60, **options)  # type: ignore[arg-type]

    def post(self, path: str, data: dict[str, str], page: str = "", **options: object) -> requests.Response:
        """A form, with the token of the page that it stands on."""
        shown = self.get(page or path)
        token = _TOKEN.search(shown.text)
        seen = _SEEN.search(shown.text)
        hidden = {"csrfmiddlewaretoken": token[1] if token else "", "command_id": str(uuid4())}
        hidden |= {"seen_seq": seen[1]} if seen else {}
        headers = {"Referer": self.url + (page or path)}
        return self.session.post(self.url + path, hidden | data, headers=headers, timeout=60, **options)  # type: ignore[arg-type]

    def sign_in(self, username: str, password: str = PASSWORD) -> requests.Response:
        """The sign-in page."""
        return self.post("/accounts/login/", {"login": username, "password": password})


def at_the_desk(url: str) -> str:
    """A desk officer's morning: wrong sign-ins, searches, an intake in three tries, acts, papers; gives the code."""
    desk = Visitor(url)
    desk.sign_in("qzdangnhapsai", "qzmatkhausai9")
    desk.sign_in(NAME, NUMBER)
    desk.sign_in("w1.desk_officer", "qzmatkhausai9")
    assert "Hộp hồ sơ" in desk.sign_in("w1.desk_officer").text
    for words in (NAME, NUMBER, CARD, PHONE, "Qztìmchữlạ", f"{NUMBER}|lỗi"):
        assert desk.post("/office/tim/", {"q": words}).status_code == 200
    form = {
        "do": "save", "card": "", "channel": "direct", "sets": "1", "fee": "15.000", "return_method": "desk",
        "request": "Qzxin vay vốn nuôi cá", "asked": "", "why": "Qzgia đình khó khăn", "owner-kind": "citizen",
        "owner-name": NAME, "owner-id_number": NUMBER, "owner-phone": PHONE, "owner-address": ADDRESS,
        "owner-birth_date": "05/02/1990", "owner-sex": "female", "owner-id_kind": "", "owner-email": EMAIL,
        "by-name": OTHER, "by-id_number": OTHER_NUMBER, "by-phone": "", "by-address": "", "p1-have": "on",
        "p1-originals": "1", "p2-have": "on",
    }  # fmt: skip
    intake, paper = "/office/tiep-nhan/1.004873/", {"p1-scan": ("Đơn của Zkvơrta qz.pdf", scan(), "application/pdf")}
    wrong = form | {"owner-phone": f"{PHONE}99999", "owner-email": f"{EMAIL} {NAME}", "owner-birth_date": NAME}
    assert NAME in desk.post(intake, form | {"card": CARD}, files=paper).text
    assert NAME in desk.post(intake, wrong, files=paper).text
    assert NAME in desk.post(intake, form | {"owner-name": "\0" + NAME, "sets": NAME}, files=paper).text
    done = desk.post(intake, form, files=paper)
    assert "/xong/" in done.url
    code = re.search(r"H99\.01-\d+-\d+", done.text)
    dossier = re.search(r"/xong/([0-9a-f-]+)/", done.url)
    assert code
    assert dossier
    page = f"/office/ho-so/{dossier[1]}/"
    assert "Zkvơrta" in desk.get(page).text
    assert NUMBER not in desk.post(page + "xem-day-du/", {"purpose": "Qzxem giúp bà hàng xóm"}, page).text
    assert NUMBER in desk.post(page + "xem-day-du/", {"purpose": "contact"}, page).text
    assert desk.get(page + "giay/tiep-nhan.pdf").status_code == 200
    for path in (f"/office/ho-so/{NUMBER}/", f"/tra-cuu?code={NUMBER}", f"/thu-tuc?q={NAME}", f"/t/{NUMBER}"):
        desk.get(path, headers={"X-Qz": NUMBER, "User-Agent": f"Mozilla {EMAIL}", "Accept-Language": NUMBER})
    file = re.search(rf"{page}tep/[0-9a-f-]+/", desk.get(page).text)
    assert file
    assert b"QZNOIDUNGTEP8C1F" in desk.get(file[0]).content
    given = desk.post("/office/mot-nguoi/tai-ve/", {"number": NUMBER, "purpose": "at_desk"}, "/office/mot-nguoi/")
    assert Looker(VALUES).bytes(given.content, "the ZIP for the person")
    told = desk.post("/office/mot-nguoi/", {"number": NUMBER, "purpose": "at_desk"})
    assert code[0] in told.text
    desk.post("/office/mot-nguoi/", {"number": NUMBER, "purpose": NAME})
    return code[0]


def at_the_case(url: str, code: str) -> None:
    """A case officer and a leader: papers asked for, a refusal without and with its reason, a hold."""
    case = Visitor(url)
    case.sign_in("w1.case_officer")
    page = case.post("/office/tim/", {"q": code}).url.removeprefix(url)
    assert page.startswith("/office/ho-so/")
    for data in ({"items": "", "reason": NAME}, {"items": "Qzthiếu giấy khai sinh của con", "reason": NAME}):
        asked = case.post(page + "bo-sung/", data, page)
    assert "Qzthiếu giấy khai sinh của con" in asked.text
    desk = Visitor(url)
    desk.sign_in("w1.desk_officer")
    desk.post(page + "tiep-tuc/", {}, page)
    refused = case.post(page + "chuyen/", {"outcome": "khong-du-dieu-kien", "note": "Qzgia đình khó khăn"}, page)
    assert "Qzgia đình khó khăn" in refused.text
    leader = Visitor(url)
    leader.sign_in("w1.leader")
    hold = {"number": NUMBER, "purpose": "at_desk", "order": "3/CV-TA", "reason": "Qztòa án đang xét xử"}
    for data in (hold | {"order": NAME}, hold | {"until": NAME}, hold):
        assert leader.post("/office/mot-nguoi/giu/", data, "/office/mot-nguoi/").status_code == 200
    erase = {"number": NUMBER, "purpose": "at_desk", "order": NAME, "early": "on"}
    leader.post("/office/mot-nguoi/xoa/", erase, "/office/mot-nguoi/")


def by_the_citizen(running: Installation) -> None:
    """The person, signed in with the national identity: the own dossiers, who opened the data, and all of it."""
    person = Visitor(running.url)
    person.session.cookies.set("sessionid", running.motcua("manage", "shell", typed=_CITIZEN).split()[-1])
    assert "H99.01" in person.get("/cong-dan").text
    assert "Ủy ban nhân dân" in person.get("/cong-dan/luot-xem").text
    given = person.post("/cong-dan/du-lieu", {})
    assert Looker(VALUES).bytes(given.content, "the person's own ZIP")


_CITIZEN = f"""
from motcua.agencies.session_store import CITIZEN, SessionStore
from motcua.persons.queries import person_tokens
session = SessionStore()
session[CITIZEN] = sorted(token.hex() for token in person_tokens("{NUMBER}"))
session.save()
print(session.session_key)
"""


def by_program(running: Installation) -> None:
    """Another system: a token, a dossier in two tries and twice, a search, an opening with a typed purpose."""
    scopes = ("dossiers:read", "dossiers:write", "persons:read", "files:read", "files:write")
    options = [part for scope in scopes for part in ("--scope", scope)]
    made = running.motcua("api-client", "create", "Phần mềm", "--agency", "W1", "--role", "desk_officer", *options)
    client, secret = re.search(r"([0-9a-f-]{36})", made), re.search(r"(\S{30,})\s*$", made.strip())
    assert client
    assert secret
    api = running.url + "/api/"
    grant = {"grant_type": "client_credentials", "scope": " ".join(scopes)}
    token = requests.post(api + "oauth/token", grant, auth=(client[1], secret[1].split()[-1]), timeout=60).json()
    headers = {"Authorization": f"Bearer {token['access_token']}", "Idempotency-Key": str(uuid4())}
    owner = {
        "kind": "citizen",
        "name": NAME,
        "id_number": NUMBER,
        "id_kind": "cccd",
        "address": ADDRESS,
        "phone": PHONE,
    }
    body = {"procedure": "1.004873", "owner": owner, "components": [{"number": 1, "originals": 1}]}
    wrong = body | {"owner": owner | {"phone": NAME, NAME: NUMBER}}
    assert requests.post(api + "v1/dossiers", json=wrong, headers=headers, timeout=60).status_code == 422
    for _ in range(2):
        sent = requests.post(api + "v1/dossiers", json=body, headers=headers, timeout=60)
        assert sent.status_code == 201, sent.text
    search = {"id_number": NUMBER, "purpose": "contact"}
    for data, status in (
        (search, 200),
        ({"name": NAME, "purpose": "contact"}, 200),
        ({"name": NAME, "purpose": "Qzxem giúp bà hàng xóm"}, 422),
        (search | {"reference": NUMBER}, 422),
        ({"name": NAME, "id_number": "x"}, 422),
    ):
        assert requests.post(api + "v1/searches", json=data, headers=headers, timeout=60).status_code == status
    opened = f"v1/dossiers/{sent.json()['dossier']}/applicant/open"
    told = requests.post(api + opened, json={"purpose": "contact"}, headers=headers, timeout=60)
    assert told.json()["owner"]["name"] == NAME
    requests.get(api + f"v1/dossiers?q={NUMBER}&after={NAME}", headers=headers, timeout=60)


def let_go(url: str) -> str:
    """A dossier of somebody else that was withdrawn; its code."""
    desk = Visitor(url)
    desk.sign_in("w1.desk_officer")
    form = {
        "do": "save", "card": "", "channel": "direct", "sets": "1", "fee": "0", "return_method": "desk",
        "owner-kind": "citizen", "owner-name": OTHER, "owner-id_number": OTHER_NUMBER, "p1-have": "on",
        "p1-originals": "1",
    }  # fmt: skip
    done = desk.post("/office/tiep-nhan/1.004873/", form)
    code, dossier = re.search(r"H99\.01-\d+-\d+", done.text), re.search(r"/xong/([0-9a-f-]+)/", done.url)
    assert code
    assert dossier
    page = f"/office/ho-so/{dossier[1]}/"
    assert "Qzgia đình khó khăn" in desk.post(page + "rut/", {"reason": "Qzgia đình khó khăn"}, page).text
    return code[0]


def by_command(running: Installation, aside: Path, code: str, ended: str) -> None:
    """The operator: exports, holds and erasures, rightly and wrongly."""
    export, other, order = "export-person", f"{OTHER_NUMBER}77\n", "9/QĐ-UBND"
    running.commands(
        ([export, str(aside / "a.zip"), "--purpose", "at_desk"], f"{NUMBER}\n", 0),
        ([export, str(aside / "b.zip"), "--purpose", "at_desk"], other, 1),
        (["hold", "--order", "4/CV-TA", "--dossier", code], "Qztòa án đang xét xử\n", 0),
        (["erase", "--order", order, "--person", "--early"], f"{NUMBER}\n", 1),
        (["erase", "--order", NAME, "--due"], "", 1),
        (["erase", "--order", order, "--dossier", ended, "--early"], "", 0),
        *((command, "", 0) for command in (["check"], ["verify", "--records"], ["keys"], ["hold"])),
        (["erase", "--order", order, "--due", "--dry-run"], "", 0),
    )
    assert Looker(VALUES).bytes((aside / "a.zip").read_bytes(), "the ZIP for the person")


def copied(running: Installation, aside: Path) -> Path:
    """Everything that a thief could carry away, without the keys and what was handed to the person."""
    taken = aside / "taken"
    taken.mkdir()
    running.motcua("dump", str(taken / "motcua.dump"))
    running.motcua("backup", str(taken / "backups"))
    with running.server() as server:
        with psycopg.connect(server.conninfo(), autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("CHECKPOINT")
        running.motcua("manage", "shell", "-c", _PLAIN.format(target=str(taken / "plain.sql")))
        shutil.copytree(running.home, taken / "home", ignore=shutil.ignore_patterns("keys", "run", "static", "*.sock"))
    shutil.copytree(running.said, taken / "said")
    return taken


_PLAIN = (
    "import os, subprocess; from motcua.config import backup, cluster, database; e = database.entry('owner'); "
    "subprocess.run([str(cluster.program('pg_dump')), '--file', {target!r}, '--dbname', backup._conninfo(e)], "
    "check=True, env=dict(os.environ, PGPASSWORD=e['PASSWORD']))"
)


_PARTS = ("motcua.dump", "plain.sql", "backups", "home/pg", "home/files", "home/log", "home/erasures.jsonl", "said")
_TABLES = ("persons_record", "persons_access", "files_file", "dossiers_event", "dossiers_hold", "agencies_session")


@pytest.fixture
def taken(tmp_path: Path) -> Iterator[Path]:
    """A whole installation's life with the planted values in it, and everything of it that lies on the disk."""
    (tmp_path / "said").mkdir()
    running = Installation(tmp_path / "var", tmp_path / "said")
    with running.server():
        try:
            running.begin()
            code = at_the_desk(running.url)
            at_the_case(running.url, code)
            by_program(running)
            by_the_citizen(running)
            by_command(running, tmp_path, code, let_go(running.url))
            yield copied(running, tmp_path)
        finally:
            running.stop()


def test_nothing_that_lies_on_the_disk_tells_anything_about_anybody(taken: Path) -> None:
    for part in _PARTS:
        sizes = [path.stat().st_size for path in (taken / part, *(taken / part).rglob("*")) if path.is_file()]
        assert sum(sizes) > 0, part
    plain = (taken / "plain.sql").read_text(encoding="utf-8")
    for table in _TABLES:
        rows = plain.split(f"COPY public.{table} ")[1].split("\n\\.")[0].count("\n")
        assert rows > 0, table
    logs = "".join(path.read_text(encoding="utf-8", errors="replace") for path in (taken / "said").iterdir())
    assert "office/tim" in logs
    found = Looker(VALUES).files(taken)
    assert found == [], json.dumps([(each.place, each.value, each.spelling) for each in found[:40]], ensure_ascii=False)
