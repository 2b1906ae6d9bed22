"""Signing on the dossier's page: who is offered it, what comes of it, and what stands in its way."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.agencies.access import Role
from motcua.dossiers import commands as dossiers
from motcua.dossiers import queries
from motcua.signatures import checking, commands
from motcua.signatures.models import SignedPaper
from motcua.signatures.testing import MARK
from office.counting import MOST, statements
from support.signatures import PERSON, plain_pdf, signed_pdf
from support.world import WARD, World


@pytest.fixture
def signing(world: World, signing_keys):
    """The ward with a seal, and its leader with a certificate."""
    world.user(Role.LEADER)
    commands.add_identity(WARD, "pkcs12:person", username="w1.leader")
    commands.add_identity(WARD, "pkcs12:seal")
    return world


def seen(world: World, dossier, role: Role = Role.LEADER) -> dict[str, object]:
    seq = len(queries.story(world.reader(role), dossier))
    return {"command_id": str(dossiers.new_id()), "seen_seq": seq}


def sign(client, world: World, dossier, **values):
    asked = seen(world, dossier) | {"paper": "receipt", "by": "person"} | values
    return client.post(f"/office/ho-so/{dossier}/ky/", asked, follow=True)


def keep(client, world: World, dossier, content: bytes, name: str = "ky.pdf"):
    asked = seen(world, dossier) | {"by": "person", "document": SimpleUploadedFile(name, content, "application/pdf")}
    return client.post(f"/office/ho-so/{dossier}/ky-noi-khac/", asked, follow=True)


def test_a_leader_signs_a_paper_and_downloads_it_exactly_so(signing, client):
    dossier = signing.receive().dossier_id
    client.force_login(signing.user(Role.LEADER))
    page = client.get(f"/office/ho-so/{dossier}/").content.decode()
    assert f"Chứng thư của tôi: {PERSON} ({MARK})" in page
    assert "Giấy tiếp nhận và hẹn trả</option>" in page
    assert "Phiếu kiểm soát</option>" not in page
    page = sign(client, signing, dossier).content.decode()
    assert "Ký số giấy tờ: đã ghi vào hồ sơ." in page
    file = SignedPaper.objects.get().file_id
    assert "Bản đã ký: giay-tiep-nhan-" in page
    assert "Ký số của người có thẩm quyền" in page
    content = b"".join(client.get(f"/office/ho-so/{dossier}/tep/{file}/").streaming_content)
    assert checking.check(content).holds


def test_the_desk_is_offered_the_seal_and_who_has_nothing_is_offered_nothing(signing, client):
    dossier = signing.receive().dossier_id
    for role, words in ((Role.DESK_OFFICER, "Con dấu số của cơ quan: "), (Role.CASE_OFFICER, "")):
        client.force_login(signing.user(role))
        page = client.get(f"/office/ho-so/{dossier}/").content.decode()
        assert words in page
        assert "Chứng thư của tôi" not in page
        assert ("Ký số giấy tờ" in page) is bool(words)


def test_the_page_with_signing_keeps_to_its_statements(signing, client):
    dossier = signing.receive().dossier_id
    client.force_login(signing.user(Role.LEADER))
    sign(client, signing, dossier)
    assert statements(lambda: client.get(f"/office/ho-so/{dossier}/")) <= MOST


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"by": "nobody"}, "“nobody” không có trong đó"),
        ({"paper": "apology"}, "Hồ sơ này chưa có giấy đó"),
        ({"paper": "x"}, "Hồ sơ này chưa có giấy đó"),
    ],
)
def test_a_wrong_choice_is_said_and_signs_nothing(signing, client, values, words):
    dossier = signing.receive().dossier_id
    client.force_login(signing.user(Role.LEADER))
    page = sign(client, signing, dossier, **values).content.decode()
    assert words in page
    assert not SignedPaper.objects.exists()


def test_a_key_in_trouble_is_told_with_what_to_do(signing, client, signing_keys):
    dossier = signing.receive().dossier_id
    client.force_login(signing.user(Role.LEADER))
    (signing_keys / "person.pass").write_text("sai")
    page = sign(client, signing, dossier).content.decode()
    assert "mật khẩu trong person.pass không đúng" in page
    assert not SignedPaper.objects.exists()


def test_a_document_signed_elsewhere_is_kept_with_the_dossier(signing, client, keyring):
    dossier = signing.receive().dossier_id
    client.force_login(signing.user(Role.CASE_OFFICER))
    page = keep(client, signing, dossier, signed_pdf(keyring.person)).content.decode()
    assert "Lưu văn bản đã ký số: đã ghi vào hồ sơ." in page
    assert "Bản đã ký: ky.pdf" in page


REFUSED = {
    "đã hết hạn": lambda keys: signed_pdf(keys.expired),
    "nơi cấp mà hệ thống không biết": lambda keys: signed_pdf(keys.unknown),
    "chưa có chữ ký số": lambda _keys: plain_pdf(),
    "bị sửa sau khi ký": lambda keys: signed_pdf(keys.person).replace(b"/MediaBox", b"/MediaBoy", 1),
    "Không đọc được chữ ký": lambda keys: signed_pdf(keys.person)[:300],
    "bị hỏng hoặc không có trang": lambda _keys: b"%PDF-1.7\nno objects\n%%EOF\n",
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_does_not_hold_is_refused_beside_its_field(signing, client, keyring, words):
    dossier = signing.receive().dossier_id
    client.force_login(signing.user(Role.CASE_OFFICER))
    page = keep(client, signing, dossier, REFUSED[words](keyring)).content.decode()
    assert words in page
    assert not SignedPaper.objects.exists()


def test_an_image_under_a_pdfs_name_is_refused(signing, client):
    dossier = signing.receive().dossier_id
    client.force_login(signing.user(Role.CASE_OFFICER))
    assert (
        "Đuôi tên tệp" in keep(client, signing, dossier, b"\xff\xd8\xff\xe0" + bytes(60) + b"\xff\xd9").content.decode()
    )
