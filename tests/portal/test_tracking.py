"""Whoever holds the receipt sees code and completion level; nobody sees more, and nobody may try codes without end."""

import re
from dataclasses import dataclass
from uuid import UUID

import pytest

from motcua.agencies.access import Role, for_citizen
from motcua.dossiers import queries
from motcua.law.dossier.vocabulary import Status
from motcua.portal import tracking
from support.world import APPLICANT, MARRIAGE


@dataclass(frozen=True)
class Held:
    """What stands on the applicant's receipt, and the id behind it."""

    id: UUID
    code: str
    token: str


@pytest.fixture
def dossier(world):
    """The id, code and token of a dossier just received."""
    answer = world.receive(MARRIAGE)
    reader = world.reader(Role.DESK_OFFICER)
    token = queries.ticket(reader, answer.dossier_id)
    found = queries.tracking(for_citizen(token))
    return Held(answer.dossier_id, found.code, token)


def _text(page: str) -> str:
    return re.sub(r"<[^>]+>", " ", page)


def test_the_token_shows_code_and_level_and_nothing_else(client, world, dossier) -> None:
    page = client.get(f"/t/{dossier.token}").content.decode()
    assert dossier.code in page
    assert "Đang ở bước 2 trong" in page
    hidden = [APPLICANT.name, APPLICANT.id_number, APPLICANT.address, APPLICANT.phone, MARRIAGE, "tình trạng hôn nhân"]
    assert not [words for words in hidden if words and words in page]
    assert not re.search(r"\d{2}/\d{2}/\d{4}", _text(page))


def test_the_page_follows_the_dossier_to_its_end(client, world, dossier) -> None:
    world.finish(dossier.id)
    assert "Đã có kết quả" in client.get(f"/t/{dossier.token}").content.decode()


@pytest.mark.parametrize(
    "url", ["/t/{token}", "/t/00000000000000000000000000000000", "/t/not-a-token", "/tra-cuu?code={code}"]
)
def test_what_is_shown_is_kept_from_caches_robots_and_referrers(client, world, dossier, url) -> None:
    reply = client.get(url.format(token=dossier.token, code=dossier.code))
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in reply.headers["X-Robots-Tag"]


@pytest.mark.parametrize("token", ["00000000000000000000000000000000", "x", "%27%20OR%201=1", "đ"])
def test_an_unknown_token_is_answered_with_advice(client, world, token) -> None:
    reply = client.get(f"/t/{token}")
    assert reply.status_code == 404
    assert "hãy tra bằng mã hồ sơ" in reply.content.decode()


def test_tracking_stays_within_its_statements(client, world, dossier, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(12):
        client.get(f"/t/{dossier.token}")
    with django_assert_max_num_queries(12):
        client.get(f"/tra-cuu?code={dossier.code}")
    with django_assert_max_num_queries(12):
        client.get(f"/tra-cuu?code={dossier.code}")


def test_a_code_finds_the_same_level_however_it_is_typed(client, world, dossier) -> None:
    page = client.get("/tra-cuu", {"code": f"  {dossier.code.lower()} "}).content.decode()
    assert dossier.code in page
    assert APPLICANT.name not in page


def test_an_unknown_code_keeps_what_was_typed_and_says_what_to_do(client, world) -> None:
    reply = client.get("/tra-cuu", {"code": "H99.01-000000-0000"})
    page = reply.content.decode()
    assert reply.status_code == 404
    assert 'value="H99.01-000000-0000"' in page
    assert "Hãy so lại từng chữ số" in page


def test_an_empty_code_is_asked_for(client, world) -> None:
    assert "Hãy nhập mã hồ sơ." in client.get("/tra-cuu", {"code": " "}).content.decode()


def test_every_state_has_words_for_citizens() -> None:
    assert set(tracking.WORDS) == {status.name.lower() for status in Status}
    assert set(tracking.WORDS) >= tracking.ENDED


@pytest.mark.parametrize(("code", "said"), [("", ""), ("00" * 8, "không có trong nhật ký"), ("<b>", "không có trong")])
def test_the_page_compares_the_logs_root_that_the_paper_bears(client, dossier, code, said) -> None:
    page = client.get(f"/t/{dossier.token}", {"n": code} if code else {}).content.decode()
    assert dossier.code in page
    assert ("Mã nhật ký in trên giấy" in page) is bool(code)
    assert said in page
    assert "<b>" not in page


def test_a_root_that_was_signed_is_found_by_the_papers_own_address(
    client, world, dossier, tmp_path, monkeypatch
) -> None:
    from motcua.dossiers.worker import catch_up
    from motcua.papers import queries as papers
    from motcua.proofs import commands, keys

    monkeypatch.setattr(keys, "key_file", lambda: tmp_path / "log.key")
    catch_up()
    head = commands.sign()
    receipt = papers.receipt(world.reader(Role.DESK_OFFICER), dossier.id, lambda token: f"http://testserver/t/{token}")
    assert receipt.qr_url == f"http://testserver/t/{dossier.token}?n={head.short_root}"
    assert f"vị trí {head.size}, mã gốc {head.short_root}" in receipt.log_statement
    page = client.get(receipt.qr_url).content.decode()
    assert "Mã nhật ký in trên giấy của bạn đúng với mã đã ký lúc" in page
