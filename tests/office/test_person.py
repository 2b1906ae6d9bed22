"""The pages about one person and about keeping: who reaches them, what they do, and what stays out of addresses."""

import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from motcua.agencies.access import Role, for_system
from motcua.dossiers import commands, holds
from motcua.dossiers.models import Dossier, Erasure, Hold
from motcua.persons.models import Access, Record
from motcua.procedures.commands import publish_retention
from office.counting import MOST, statements
from support.world import APPLICANT, POLICE, RESIDENCE, World

ASK = {"number": "0791 9000 0012", "purpose": "at_desk"}
PERSON, DOWNLOAD = "/office/mot-nguoi/", "/office/mot-nguoi/tai-ve/"
KEEPING = "/office/luu-giu/"
PLAN = {
    "valid_from": "2020-01-01",
    "counted_from": "closing",
    "rules": [
        {"procedure": None, "outcome": None, "years": 1, "source": "Quy định thử nghiệm", "certainty": "unverified"}
    ],
}


@pytest.fixture(autouse=True)
def folders(tmp_path, settings, monkeypatch):
    import base64

    monkeypatch.setenv("MOTCUA_DATA_KEY", base64.b64encode(bytes(32)).decode())
    settings.MEDIA_ROOT, settings.HOME = tmp_path / "files", tmp_path


@pytest.fixture
def desk(world: World, client):
    client.force_login(world.user(Role.DESK_OFFICER))
    return client


@pytest.fixture
def leader(world: World, client):
    client.force_login(world.user(Role.LEADER))
    return client


def ended(world, days=0, procedure="1.004873"):
    """A dossier that was withdrawn so many days ago; its row is moved, as no clock in a test can be."""
    answer = world.receive(procedure)
    desk = world.reader(Role.DESK_OFFICER)
    commands.withdraw(desk, answer.dossier_id, "Mẫu xin rút", command_id=commands.new_id())
    row = Dossier.objects.get(pk=answer.dossier_id)
    row.closed_at = timezone.now() - timedelta(days=days)
    row.state = row.state | {"closed_at": row.closed_at.isoformat()}
    row.save(update_fields=["closed_at", "state"])
    return answer


# -- one person -------------------------------------------------------------------------------------------------------


def test_a_desk_officer_finds_and_hands_over_what_is_held(world, desk):
    code = world.receive().code
    page = desk.post(PERSON, ASK).content.decode()
    assert code in page
    assert "0791******12" in page
    assert not Access.objects.exists()
    answer = desk.post(DOWNLOAD, ASK)
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert APPLICANT.id_number not in answer.headers["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert json.loads(archive.read("du-lieu.json"))["dossiers"][0]["code"] == code
    assert Access.objects.filter(act="export", purpose="Người dân đến quầy hỏi dữ liệu của mình").count() == 1


def test_a_leader_finds_too_and_a_desk_officer_gets_no_forms_of_the_leaders(world, client):
    world.receive()
    client.force_login(world.user(Role.LEADER))
    assert "/office/mot-nguoi/xoa/" in client.post(PERSON, ASK).content.decode()
    client.force_login(world.user(Role.DESK_OFFICER))
    assert "/office/mot-nguoi/xoa/" not in client.post(PERSON, ASK).content.decode()
    for address in ("/office/mot-nguoi/xoa/", "/office/mot-nguoi/giu/"):
        assert client.post(address, ASK | {"order": "1/QĐ", "reason": "x"}).status_code == 403


def test_somebody_unknown_is_said_to_be_unknown(desk):
    assert "Không có hồ sơ nào" in desk.post(PERSON, ASK).content.decode()


@pytest.mark.parametrize("form", [{"number": "", "purpose": "at_desk"}, {"number": "079", "purpose": "vì bà Mẫu"}])
@pytest.mark.parametrize("address", [PERSON, DOWNLOAD])
def test_nothing_is_opened_for_a_form_that_is_not_complete(world, desk, form, address):
    world.receive()
    page = desk.post(address, form)
    assert page.status_code == 200
    assert "notice-error" in page.content.decode() or "field-error" in page.content.decode()
    assert not Access.objects.exists()


def test_another_agency_finds_nothing(world, client):
    world.receive()
    client.force_login(world.user(Role.DESK_OFFICER, "W2"))
    assert "Không có hồ sơ nào" in client.post(PERSON, ASK).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_takes_at_most_twelve_statements(world, leader, method):
    for _ in range(3):
        world.receive(submitter=APPLICANT)
    getattr(leader, method)(PERSON, ASK if method == "post" else {})
    assert statements(lambda: getattr(leader, method)(PERSON, ASK if method == "post" else {})) <= MOST


def test_a_leader_erases_a_person_and_is_told_what_stays(world, leader):
    gone, still_open = ended(world), world.receive()
    answer = leader.post("/office/mot-nguoi/xoa/", ASK | {"order": "12/QĐ-UBND", "early": "on"}, follow=True)
    page = answer.content.decode()
    assert "Đã xóa dữ liệu cá nhân của 1 hồ sơ theo 12/QĐ-UBND." in page
    assert still_open.code in page
    assert Dossier.objects.get(pk=gone.dossier_id).erased_at is not None
    assert Dossier.objects.get(pk=still_open.dossier_id).erased_at is None


def test_a_leader_holds_a_person_and_lifts_the_hold(world, leader):
    ended(world)
    leader.post("/office/mot-nguoi/giu/", ASK | {"order": "3/CV-TA", "reason": "Tòa án yêu cầu"})
    hold = Hold.objects.get()
    page = leader.get(KEEPING).content.decode()
    assert "3/CV-TA" in page
    assert "Tòa án yêu cầu" in page
    wrong = leader.post(f"{KEEPING}bo/{hold.pk}/", {"order": "vì xong rồi", "reason": "Xong"})
    assert "12/QĐ-UBND" in wrong.content.decode()
    leader.post(f"{KEEPING}bo/{hold.pk}/", {"order": "4/CV-TA", "reason": "Xong"})
    assert "3/CV-TA" not in leader.get(KEEPING).content.decode()
    assert leader.post(f"{KEEPING}bo/{uuid4()}/", {"order": "4/CV-TA", "reason": "Xong"}).status_code == 404


@pytest.mark.parametrize("what", ["xoa", "giu"])
def test_an_order_in_free_words_is_refused_at_its_place_and_what_was_typed_stays(world, leader, what):
    ended(world)
    page = leader.post(f"/office/mot-nguoi/{what}/", ASK | {"order": "theo đơn", "reason": "vì thế", "early": "on"})
    assert page.status_code == 200
    assert 'value="theo đơn"' in page.content.decode()
    assert not Erasure.objects.exists()
    assert not Hold.objects.exists()


# -- keeping ----------------------------------------------------------------------------------------------------------


def test_a_leader_sees_what_is_due_and_erases_the_chosen(world, leader):
    publish_retention(PLAN, "thử")
    chosen, left, young = ended(world, 500), ended(world, 400), ended(world, 5)
    page = leader.get(KEEPING).content.decode()
    assert chosen.code in page
    assert left.code in page
    assert young.code not in page
    assert "chưa đối chiếu" in page
    form = {"order": "12/QĐ-UBND", "dossier": [str(chosen.dossier_id), str(young.dossier_id), "?"]}
    leader.post(KEEPING + "xoa/", form)
    erased = set(Dossier.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))
    assert erased == {chosen.dossier_id}
    page = leader.get(KEEPING).content.decode()
    assert "12/QĐ-UBND" in page
    assert left.code in page


@pytest.mark.parametrize("form", [{"order": "12/QĐ-UBND"}, {"order": ""}, {"order": "bà Mẫu xin"}])
def test_without_a_choice_or_an_order_nothing_goes(world, leader, form):
    publish_retention(PLAN, "thử")
    due = ended(world, 500)
    chosen = {} if form["order"] == "12/QĐ-UBND" else {"dossier": str(due.dossier_id)}
    assert leader.post(KEEPING + "xoa/", form | chosen).status_code == 200
    assert not Erasure.objects.exists()


def test_what_is_held_cannot_be_chosen(world, leader):
    publish_retention(PLAN, "thử")
    due = ended(world, 500)
    holds.hold_dossier(for_system("test"), due.dossier_id, order="3/CV-TA", reason="Giữ")
    assert "đang giữ theo 3/CV-TA" in leader.get(KEEPING).content.decode()
    page = leader.post(KEEPING + "xoa/", {"order": "12/QĐ-UBND", "dossier": str(due.dossier_id)}, follow=True)
    assert f"{due.code}: Dữ liệu đang được giữ theo 3/CV-TA" in page.content.decode()
    assert not Erasure.objects.exists()


def test_the_page_of_a_dossier_says_how_long_it_is_kept_and_holds_and_erases_it(world, leader):
    publish_retention(PLAN, "thử")
    due = ended(world, 500)
    address = f"/office/ho-so/{due.dossier_id}/luu-giu/"
    assert address in leader.get(f"/office/ho-so/{due.dossier_id}/").content.decode()
    assert "Được xóa từ" in leader.get(address).content.decode()
    leader.post(address + "giu/", {"order": "3/CV-TA", "reason": "Thanh tra", "until": "01/01/2099"})
    assert "Đang giữ theo 3/CV-TA" in leader.get(address).content.decode()
    assert "3/CV-TA" in leader.post(address + "xoa/", {"order": "12/QĐ-UBND"}).content.decode()
    holds.lift(for_system("test"), Hold.objects.get().pk, order="4/CV-TA", reason="Xong")
    leader.post(address + "xoa/", {"order": "12/QĐ-UBND"})
    assert not Record.objects.filter(sealed__isnull=False, kind="applicant").exists()
    assert "12/QĐ-UBND" in leader.get(address).content.decode()


@pytest.mark.parametrize("days", ["31/12/2000", "ngày mai"])
def test_a_hold_that_ends_before_it_begins_is_refused_at_its_place(world, leader, days):
    due = ended(world)
    address = f"/office/ho-so/{due.dossier_id}/luu-giu/giu/"
    page = leader.post(address, {"order": "3/CV-TA", "reason": "Thanh tra", "until": days})
    assert page.status_code == 200
    assert not Hold.objects.exists()


def test_an_open_dossier_is_said_to_be_open_and_offers_no_erasing(world, leader):
    dossier = world.receive().dossier_id
    page = leader.get(f"/office/ho-so/{dossier}/luu-giu/").content.decode()
    assert "chưa kết thúc" in page
    assert "/luu-giu/xoa/" not in page


def test_a_dossier_of_others_is_not_found_and_one_settled_elsewhere_is_not_erased(world, client):
    dossier = ended(world, procedure=RESIDENCE).dossier_id
    address = f"/office/ho-so/{dossier}/luu-giu/"
    client.force_login(world.user(Role.LEADER, "W2"))
    assert client.get(address).status_code == 404
    for part in ("giu/", "xoa/"):
        assert client.post(address + part, {"order": "1/QĐ", "reason": "x", "early": "on"}).status_code == 404
    client.force_login(world.user(Role.LEADER))
    assert "/luu-giu/xoa/" not in client.get(address).content.decode()
    assert "lãnh đạo" in client.post(address + "xoa/", {"order": "1/QĐ", "early": "on"}).content.decode()
    client.force_login(world.user(Role.LEADER, POLICE))
    assert "/luu-giu/xoa/" in client.get(address).content.decode()


@pytest.mark.parametrize("address", [KEEPING, "/office/ho-so/{id}/luu-giu/"])
def test_pages_on_keeping_take_at_most_twelve_statements(world, leader, address):
    publish_retention(PLAN, "thử")
    dossier = ended(world, 500).dossier_id
    for days in (400, 450, 460):
        held = ended(world, days).dossier_id
    holds.hold_dossier(for_system("test"), held, order="3/CV-TA", reason="Giữ")
    holds.hold_person(for_system("test"), APPLICANT.id_number, order="5/CV-TA", reason="Giữ")
    url = address.format(id=dossier)
    assert leader.get(url).status_code == 200
    assert statements(lambda: leader.get(url)) <= MOST


def test_a_mark_that_somebody_changed_leads_back_to_the_first_page(world, leader):
    publish_retention(PLAN, "thử")
    assert leader.get(KEEPING + "?after=gestern~nie").headers["Location"] == KEEPING


# -- an erased dossier ------------------------------------------------------------------------------------------------


def test_pages_and_papers_of_an_erased_dossier_open_and_say_so(world, client):
    from motcua.dossiers import erasing
    from papers.reading import squeeze, text_of

    answer = world.receive(request="Để vay vốn", submitter=APPLICANT)
    world.finish(answer.dossier_id)
    client.force_login(world.user(Role.DESK_OFFICER))
    client.post(f"/office/ho-so/{answer.dossier_id}/tra/", {})
    from motcua.law.dossier.vocabulary import ReturnMethod

    desk = world.reader(Role.DESK_OFFICER)
    commands.return_result(desk, answer.dossier_id, ReturnMethod.DESK, command_id=commands.new_id(), note="đã trả")
    erasing.erase_dossier(for_system("test"), answer.dossier_id, "12/QĐ-UBND", early=True)
    page = client.get(f"/office/ho-so/{answer.dossier_id}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("12/QĐ-UBND") >= 3  # the notice, the people, the story
    assert "Xem đầy đủ" not in text
    for hidden in (APPLICANT.name, "vay vốn", "đã trả", APPLICANT.phone):
        assert hidden not in text
    for paper in ("tiep-nhan", "kiem-soat"):
        printed = client.get(f"/office/ho-so/{answer.dossier_id}/giay/{paper}.pdf")
        assert printed.status_code == 200
        assert squeeze("đã xóa theo 12/QĐ-UBND") in squeeze(text_of(printed.content))
        assert squeeze(APPLICANT.name) not in squeeze(text_of(printed.content))
    for address in ("/office/so-theo-doi/", "/office/so-theo-doi/in.pdf", f"/t/{answer.token}"):
        assert client.get(address).status_code == 200
    found = client.post("/office/tim/", {"q": APPLICANT.id_number}).content.decode()
    assert answer.code not in found
