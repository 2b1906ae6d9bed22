"""The public page of the log and what programs fetch from it."""

import json
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.urls import reverse

from motcua.law import merkle, signed_note
from motcua.portal.log import tile_path
from motcua.proofs import commands, keys, queries

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def own_key(tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "key_file", lambda: tmp_path / "log.key")


def grow(count):
    """Append positions that stand for events; gives the leaves of the whole log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_position (position, dossier_id, seq, hash) "
            "SELECT n, gen_random_uuid(), 1, sha256(n::text::bytea) FROM generate_series("
            "(SELECT count(*) + 1 FROM dossiers_position), (SELECT count(*) + %s FROM dossiers_position)) n",
            [count],
        )
        cursor.execute("SELECT hash FROM dossiers_position ORDER BY position")
        return merkle.leaf_hashes(bytes(digest) for (digest,) in cursor.fetchall())


@pytest.fixture
def heads():
    """Two heads, over 300 and 1,000 positions."""
    grow(300)
    first = commands.sign()
    grow(700)
    return first, commands.sign()


def text(answer):
    return answer.content.decode()


def test_the_page_before_the_first_head_says_so(client):
    answer = client.get("/nhat-ky")
    assert answer.status_code == 200
    assert "Chưa có mã nào được ký" in text(answer)


def test_the_page_shows_the_head_the_key_and_the_days(client, heads, django_assert_max_num_queries):
    first, last = heads
    with django_assert_max_num_queries(12):
        page = text(client.get("/nhat-ky"))
    assert last.root.hex() in page
    assert "1.000" in page
    assert last.verifier_key in page
    assert f"/nhat-ky/dau/{last.size}.txt" in page
    assert first.short_root not in page  # only the last head of a day
    assert "không nối tiếp" not in page


def test_the_page_warns_when_the_log_shrank(client, heads, monkeypatch):
    monkeypatch.setattr(queries, "placed", lambda: 900)
    assert "không nối tiếp" in text(client.get("/nhat-ky"))


@pytest.mark.parametrize(("digits", "found"), [(16, True), (64, True), (15, False), (2, False)])
def test_the_code_on_a_paper_is_compared(client, heads, digits, found):
    code = heads[0].root.hex()[:digits]
    page = text(client.get("/nhat-ky", {"ma": f" {code.upper()} "}))
    assert ("Đúng. Mã này được ký lúc" in page) is found
    assert (f"Không có mã {code} trong nhật ký" in page) is not found


@pytest.mark.parametrize("code", ["0" * 16, "<script>alert(1)</script>", "không phải mã"])
def test_a_code_that_is_not_ours_is_told(client, heads, code):
    page = text(client.get("/nhat-ky", {"ma": code}))
    assert "Không có mã" in page
    assert "<script>alert" not in page


def test_feeds_have_the_last_head_of_each_day(client, heads):
    last = heads[1]
    atom = ElementTree.fromstring(client.get("/nhat-ky/atom.xml").content)
    (entry,) = atom.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"http://testserver/nhat-ky/dau/{last.size}.txt"
    assert last.short_root in entry.findtext(f"{ATOM}title")
    feed = client.get("/nhat-ky/feed.json").json()
    (item,) = feed["items"]
    assert (feed["version"], item["content_text"]) == ("https://jsonfeed.org/version/1.1", last.note)
    assert item["_head"] == last.to_data()


def test_programs_get_heads_and_proofs_that_hold(client, heads):
    first, last = heads
    leaves = grow(0)
    assert client.get("/nhat-ky/dau.json").json() == last.to_data()
    assert client.get("/nhat-ky/dau.json?so=300").json() == first.to_data()
    assert text(client.get("/nhat-ky/checkpoint")) == text(client.get("/nhat-ky/dau/1000.txt")) == last.note
    proof = client.get("/nhat-ky/vi-tri/257.json?dau=300").json()
    path = [bytes.fromhex(each) for each in proof["path"]]
    assert merkle.holds_leaf(leaves[256], 256, 300, path, first.root)
    growth = client.get("/nhat-ky/tang-truong/300.json")
    path = [bytes.fromhex(each) for each in growth.json()["path"]]
    assert merkle.only_grew(300, first.root, 1000, last.root, path)
    assert growth.headers["Access-Control-Allow-Origin"] == "*"
    assert signed_note.read(last.note)[0].size == 1000


def test_the_log_can_be_mirrored_tile_by_tile(client, heads):
    leaves = grow(0)
    got = b"".join(
        client.get(f"/nhat-ky/tile/0/{tile_path(index, width)}").content
        for index, width in ((0, 256), (1, 256), (2, 256), (3, 1000 - 768))
    )
    assert got == b"".join(leaves)
    tops = client.get("/nhat-ky/tile/1/000.p/3")
    assert tops.content == b"".join(merkle.parents(leaves[:768], 8))
    assert "immutable" in tops.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("index", "width", "written"),
    [(0, 256, "000"), (7, 3, "007.p/3"), (1234067, 256, "x001/x234/067"), (5000, 256, "x005/000")],
)
def test_a_tiles_index_is_written_as_tlog_tiles_wants(index, width, written):
    assert tile_path(index, width) == written


MISSING = (
    "/nhat-ky/dau.json?so=301",
    "/nhat-ky/dau/7.txt",
    "/nhat-ky/vi-tri/0.json",
    "/nhat-ky/vi-tri/1001.json",
    "/nhat-ky/vi-tri/301.json?dau=300",
    "/nhat-ky/tang-truong/299.json",
    "/nhat-ky/tang-truong/1000.json?dau=300",
    "/nhat-ky/tile/0/003",
    "/nhat-ky/tile/0/003.p/233",
    "/nhat-ky/tile/0/3.p/1",
    "/nhat-ky/tile/0/000.p/256",
    "/nhat-ky/tile/0/000.p/0",
    "/nhat-ky/tile/0/x000/000",
    "/nhat-ky/tile/0/-01",
    "/nhat-ky/tile/0/000.p/",
    "/nhat-ky/tile/9/000",
    "/nhat-ky/tile/0/x999/x999/x999/x999/x999/x999/999",
)


@pytest.mark.parametrize("address", MISSING)
def test_what_is_not_there_is_answered_in_both_languages(client, heads, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert problem["status"] == 404
    assert problem["title"] in problem["detail"] != problem["title"]


@pytest.mark.parametrize("address", ["/nhat-ky/dau.json", "/nhat-ky/checkpoint", "/nhat-ky/vi-tri/1.json"])
def test_before_the_first_head_programs_are_told_so(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("query", ["so=-1", "so=1e3", f"so={'9' * 40}"])
def test_a_number_that_is_none_is_not_found(client, heads, query):
    assert client.get(f"/nhat-ky/dau.json?{query}").status_code == 404


def test_older_days_are_a_page_away(client, heads):
    today = heads[1].signed_at.date().isoformat()
    assert heads[1].short_root not in text(client.get(reverse("portal:log"), {"truoc": today})).split("<tbody>")[1]
    assert client.get(reverse("portal:log"), {"truoc": "no day"}).status_code == 200


def test_a_program_that_asks_without_end_is_told_when_to_come_again(client, heads, settings):
    settings.MOTCUA_RATE_PERCENT = 1
    answers = [client.get("/nhat-ky/dau.json") for _ in range(7)]
    assert [each.status_code for each in answers] == [200] * 6 + [429]
    refused = answers[-1]
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["status"] == 429
    assert (refused.headers["Cache-Control"], int(refused.headers["Retry-After"]) > 0) == ("no-store", True)
    assert client.get("/nhat-ky").status_code == 200
