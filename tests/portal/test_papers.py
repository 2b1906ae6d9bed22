"""Everybody can check a paper: by its QR code, or by the file, which is read and not kept."""

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from motcua.agencies.access import Role
from motcua.dossiers import commands as dossiers
from motcua.dossiers.worker import catch_up
from motcua.files.models import File
from motcua.law.dossier.vocabulary import SignedBy
from motcua.papers import commands
from motcua.papers.kinds import Kind
from motcua.papers.render import typeset
from motcua.proofs import commands as proofs
from motcua.proofs import keys, queries
from motcua.signatures import commands as signatures
from motcua.signatures import queries as signed
from support.signatures import PERSON, plain_pdf, signed_pdf
from support.world import APPLICANT, WARD, World

CHECK = "/giay-to"


@pytest.fixture
def issuing(world: World, signing_keys, tmp_path, monkeypatch) -> World:
    """The small province with a signed head, a leader's certificate and a seal."""
    monkeypatch.setattr(keys, "key_file", lambda: tmp_path / "log.key")
    queries.forget()
    world.receive()
    catch_up()
    proofs.sign()
    queries.forget()
    world.user(Role.LEADER)
    signatures.add_identity(WARD, "pkcs12:person", username="w1.leader")
    signatures.add_identity(WARD, "pkcs12:seal")
    return world


def url(token: str) -> str:
    return f"https://motcua.tanan.example.vn/t/{token}"


def issue(world: World, kind: Kind = Kind.RECEIPT):
    dossier = world.receive().dossier_id
    catch_up()
    return commands.issue(world.reader(Role.DESK_OFFICER), kind, dossier, url)


def signed_file(world: World) -> bytes:
    """A receipt that the leader signed and the desk sealed, as it lies with the dossier."""
    from motcua.files.queries import open_for
    from motcua.signatures.models import SignedPaper

    dossier = world.receive().dossier_id
    for role, by in ((Role.LEADER, SignedBy.PERSON), (Role.DESK_OFFICER, SignedBy.SEAL)):
        reader = world.reader(role)
        signatures.sign_paper(reader, dossier, Kind.RECEIPT, by, url, command_id=dossiers.new_id())
    file = SignedPaper.objects.latest("recorded_at").file_id
    ward = world.agencies[WARD]
    opened = open_for(reader, file, receiving_agency_id=ward, competent_agency_id=ward, purpose="test")
    return b"".join(opened.chunks)


def upload(client, content: bytes, name: str = "giay.pdf", kind: str = "application/pdf") -> str:
    answer = client.post(CHECK, {"file": SimpleUploadedFile(name, content, kind)})
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


# -- by the code ------------------------------------------------------------------------------------------------------


def test_the_code_tells_kind_agency_and_date_with_the_name_masked(issuing, client):
    found = issue(issuing)
    page = client.get(f"/G/{found.paper.data['statement']}").content.decode()
    for words in (
        "Giấy này có thật", "Giấy tiếp nhận và hẹn trả", "Ủy ban nhân dân phường Tân An", "N*** T*** M***",
        found.paper.data["dossier_code"], "Mã nhật ký trong mã QR có trong nhật ký công khai",
    ):  # fmt: skip
        assert words in page
    for hidden in (APPLICANT.name, APPLICANT.id_number, APPLICANT.address, APPLICANT.phone, "tình trạng hôn nhân"):
        assert hidden not in page


def test_the_code_shows_how_far_the_dossier_is_as_the_receipt_always_did(issuing, client):
    found = issue(issuing)
    assert "Đang ở bước 2 trong" in client.get(f"/G/{found.paper.data['statement']}").content.decode()


def test_the_code_tells_who_signed_and_that_a_newer_issue_exists(issuing, client):
    first = issue(issuing, Kind.SLIP)
    issuing.hand_over(first.dossier_id, Role.CASE_OFFICER, "trinh-ky")
    commands.issue(issuing.reader(Role.DESK_OFFICER), Kind.SLIP, first.dossier_id, url)
    assert "bản 2 mới hơn" in client.get(f"/G/{first.paper.data['statement']}").content.decode()
    receipt = issue(issuing)
    leader = issuing.reader(Role.LEADER)
    signatures.sign_paper(leader, receipt.dossier_id, Kind.RECEIPT, SignedBy.PERSON, url, command_id=dossiers.new_id())
    page = client.get(f"/G/{receipt.paper.data['statement']}").content.decode()
    assert f"{PERSON} (THỬ NGHIỆM)" in page


@pytest.mark.parametrize("text", ["A", "AAAA" * 40, "đ", "%00", "0189"])
def test_a_code_of_somebody_else_is_not_confirmed(issuing, client, text):
    answer = client.get(f"/G/{text}")
    assert answer.status_code == 404
    assert "Không xác nhận được giấy này" in answer.content.decode()


def test_what_the_code_shows_is_kept_from_caches_and_robots_within_few_statements(
    issuing, client, django_assert_max_num_queries
):
    text = issue(issuing).paper.data["statement"]
    with django_assert_max_num_queries(12):
        answer = client.get(f"/G/{text}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_web_process_reads_the_one_paper_behind_the_code_and_no_other(issuing, client):
    """Over HTTP the wall stands (support.walls): what opens is the record of this paper alone."""
    text = issue(issuing).paper.data["statement"]
    assert "N*** T*** M***" in client.get(reverse("portal:paper", args=[text])).content.decode()


# -- by the file ------------------------------------------------------------------------------------------------------


def test_the_page_asks_for_the_file(client, world):
    page = client.get(CHECK).content.decode()
    assert "Tệp chỉ được đọc để kiểm tra rồi bỏ ngay" in page
    assert CHECK in client.get("/").content.decode()


def test_a_paper_as_it_was_issued_is_told_byte_for_byte(issuing, client):
    content = typeset(issue(issuing).paper)
    assert "Đúng từng byte với giấy cơ quan đã phát hành." in upload(client, content)
    changed = content.replace(b"%%EOF", b"%%EOF\n")
    assert "không giống bản đã phát hành" in upload(client, changed)


def test_a_signed_paper_is_told_in_full(issuing, client):
    page = upload(client, signed_file(issuing))
    for words in (
        "Đúng từng byte với bản đã ký số lưu tại cơ quan", "Chữ ký 1", "Chữ ký 2", f"{PERSON} (THỬ NGHIỆM)",
        "do CA THỬ NGHIỆM Một cấp", "được ký, không thêm gì sau đó", "hợp lệ (mức B-B)", "Giấy tiếp nhận và hẹn trả",
        "Chữ ký thử nghiệm, không có giá trị", "theo đồng hồ máy của người ký",
    ):  # fmt: skip
        assert words in page


@pytest.mark.parametrize("where", [0.2, 0.5, 0.8, 0.97])
def test_a_changed_byte_of_a_signed_paper_is_caught(issuing, client, where):
    content = bytearray(signed_file(issuing))
    content[int(len(content) * where)] ^= 1
    page = upload(client, bytes(content))
    assert 'role="alert"' in page
    assert "Đúng từng byte" not in page
    assert "còn nguyên giá trị" not in page


REFUSED = {
    "đã hết hạn": lambda keys: signed_pdf(keys.expired),
    "nơi cấp mà hệ thống không biết": lambda keys: signed_pdf(keys.unknown),
    "không phải giấy do hệ thống này phát hành": lambda _keys: plain_pdf(),
    "bị hỏng": lambda _keys: b"%PDF-1.7\nno objects\n%%EOF\n",
    "Chỉ nhận tệp PDF": lambda _keys: b"PK\x03\x04" + bytes(60),
    "Tệp trống": lambda _keys: b"",
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_is_wrong_with_a_file_is_said_clearly(world, signing_keys, client, keyring, words):
    assert words in upload(client, REFUSED[words](keyring))


def test_somebody_elses_good_signature_is_good(world, signing_keys, client, keyring):
    assert "Chữ ký số còn nguyên giá trị" in upload(client, signed_pdf(keyring.person))


def test_a_picture_is_refused_under_either_name(world, client):
    from support.samples import GOOD

    picture = next(content for content, kind in GOOD.values() if kind == "png")
    assert "Chỉ kiểm tra được tệp PDF" in upload(client, picture, "anh.png", "image/png")
    assert "Đuôi tên tệp" in upload(client, picture, "giay.pdf", "")


def test_nothing_of_the_upload_is_kept(world, signing_keys, client, keyring):
    before = sorted(settings.MEDIA_ROOT.rglob("*"))
    upload(client, signed_pdf(keyring.person))
    assert not File.objects.exists()
    assert sorted(settings.MEDIA_ROOT.rglob("*")) == before


def test_files_are_looked_into_as_often_as_a_person_can_want(world, client, settings):
    settings.MOTCUA_RATE_PERCENT = 5
    assert upload(client, plain_pdf())
    answer = client.post(CHECK, {"file": SimpleUploadedFile("a.pdf", plain_pdf(), "application/pdf")})
    assert answer.status_code == 429


def test_a_file_once_kept_is_known_by_its_bytes_alone(issuing):
    content = signed_file(issuing)
    assert signed.kept_file(content).kind is Kind.RECEIPT
    assert signed.kept_file(content[:-1]) is None
