"""A citizen who has signed in with the national identity fetches all that is held about them, and nothing else."""

import io
import json
import zipfile
from dataclasses import replace

import pytest

from motcua.agencies.access import NotPermitted, Role, for_citizen, for_person, for_system
from motcua.agencies.session_store import BEGAN, CITIZEN
from motcua.dossiers import about, commands, erasing
from motcua.files import queries as files
from motcua.files.commands import store_upload
from motcua.law.dossier.vocabulary import Component, Pause, Ref
from motcua.persons import queries as persons
from motcua.persons.models import Access
from support.world import APPLICANT, CERTIFY, MARRIAGE, PDF, World

PAGE, SEEN = "/cong-dan/du-lieu", "/cong-dan/luot-xem"
OTHER = replace(APPLICANT, name="Lê Thị Hàng Xóm", id_number="079190000099", phone="0909999999", email="")
WHY = "Bài thử"


@pytest.fixture(autouse=True)
def folders(tmp_path, settings, monkeypatch):
    import base64

    monkeypatch.setenv("MOTCUA_DATA_KEY", base64.b64encode(bytes(32)).decode())
    settings.MEDIA_ROOT, settings.HOME = tmp_path / "files", tmp_path


@pytest.fixture
def citizen(world: World, client):
    """A browser of somebody whose identity was confirmed: the session holds the index tokens, as after sign-in."""
    from django.utils import timezone

    session = client.session
    session[CITIZEN] = sorted(token.hex() for token in persons.person_tokens(APPLICANT.id_number))
    session[BEGAN] = timezone.now().timestamp()
    session.save()
    return client


def received(world, *, owner=APPLICANT, submitter=None, agency="W1", procedure=MARRIAGE):
    kept = store_upload(io.BytesIO(PDF), "Tờ khai của Mẫu.pdf")
    new = commands.NewDossier(
        procedure=procedure,
        owner=owner,
        submitter=submitter,
        components=(Component(1, originals=1, file=Ref(str(kept.id), kept.commitment)),),
        request="Xin cấp để vay vốn",
    )
    reader = world.reader(Role.DESK_OFFICER, agency)
    return commands.receive(reader, new, command_id=commands.new_id()).dossier_id


def fetched(client):
    answer = client.post(PAGE)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def test_the_zip_holds_what_the_desk_would_hand_over_without_the_names_of_officers(world, citizen):
    dossier = received(world)
    case = world.reader(Role.CASE_OFFICER)
    commands.pause(case, dossier, Pause.SUPPLEMENT, "Thiếu giấy khai sinh", command_id=commands.new_id())
    handed = about.about(world.reader(Role.DESK_OFFICER), APPLICANT.id_number, purpose=WHY)
    found = fetched(citizen)
    data = json.loads(found["du-lieu.json"])
    (held,) = data["dossiers"]
    (record,) = held["records"]
    assert (record["name"], record["id_number"], record["phone"], record["address"]) == (
        APPLICANT.name, APPLICANT.id_number, APPLICANT.phone, APPLICANT.address,
    )  # fmt: skip
    assert (held["owner"], held["request"]) == (True, "Xin cấp để vay vốn")
    assert [(told["type"], told["at"], told.get("note", "")) for told in held["story"]] == [
        (told.type, told.at.isoformat(), told.note) for told in handed.dossiers[0].story
    ]
    assert [(file["name"], found[file["in"]]) for file in held["files"]] == [("Tờ khai của Mẫu.pdf", PDF)]
    page = found["doc-truoc.html"].decode()
    for said in (APPLICANT.name, APPLICANT.id_number, "Thiếu giấy khai sinh", "Ủy ban nhân dân phường Tân An"):
        assert said in page
    everything = page + found["du-lieu.json"].decode()
    for officer in ("Trần Thị Tiếp Thử", "Lê Văn Thụ Thử"):
        assert officer not in everything


def test_dossiers_of_every_agency_are_in_it_and_nobody_elses(world, citizen):
    mine = {received(world), received(world, agency="W2", procedure=CERTIFY)}
    received(world, owner=OTHER)
    reader = for_person(persons.person_tokens(APPLICANT.id_number))
    assert {held.id for held in about.about_own(reader, purpose=WHY).dossiers} == mine
    everything = b"".join(fetched(citizen).values()).decode("utf-8", "replace")
    assert OTHER.name not in everything
    assert OTHER.id_number not in everything


def test_who_handed_in_for_somebody_else_reads_the_own_record_only(world, citizen):
    received(world, owner=OTHER, submitter=APPLICANT)
    found = fetched(citizen)
    (held,) = json.loads(found["du-lieu.json"])["dossiers"]
    assert (held["owner"], [record["name"] for record in held["records"]]) == (False, [APPLICANT.name])
    everything = b"".join(found.values()).decode()
    for hidden in (OTHER.name, OTHER.id_number, OTHER.phone, "vay vốn", "Tờ khai"):
        assert hidden not in everything


def test_the_owner_reads_nothing_of_who_handed_in(world, citizen):
    received(world, submitter=OTHER)
    everything = b"".join(fetched(citizen).values()).decode("utf-8", "replace")
    assert APPLICANT.name in everything
    for hidden in (OTHER.name, OTHER.id_number, OTHER.phone):
        assert hidden not in everything


def test_what_was_recorded_by_mistake_is_told_to_whom_it_concerns(world, citizen):
    dossier = received(world)
    commands.correct_owner(world.reader(Role.DESK_OFFICER), dossier, OTHER, command_id=commands.new_id())
    found = fetched(citizen)
    (held,) = json.loads(found["du-lieu.json"])["dossiers"]
    assert (held["owner"], [record["name"] for record in held["records"]]) == (False, [APPLICANT.name])
    assert OTHER.name not in b"".join(found.values()).decode()


def test_fetching_is_noted_and_who_opened_the_data_before_stands_in_it(world, citizen):
    received(world)
    about.about(world.reader(Role.DESK_OFFICER), APPLICANT.id_number, purpose=WHY)
    first = json.loads(fetched(citizen)["du-lieu.json"])
    assert {(each["act"], each["agency"], each["purpose"]) for each in first["accesses"]} == {
        (act, "Ủy ban nhân dân phường Tân An", "Bài thử") for act in ("see_id", "see_files", "export")
    }
    row = Access.objects.latest("pk")
    assert (row.act, row.staff_id, row.purpose) == ("own", None, "Người dân tự tải dữ liệu của mình")
    assert "Chính bạn" in citizen.get(SEEN).content.decode()
    found = fetched(citizen)
    assert json.loads(found["du-lieu.json"])["accesses"][0]["act"] == "own"
    assert "chính bạn" in found["doc-truoc.html"].decode()


def test_looking_at_the_page_opens_nothing(world, citizen):
    received(world)
    page = citizen.get(PAGE)
    assert page.headers["Cache-Control"] == "no-store"
    assert "Tải về" in page.content.decode()
    assert not Access.objects.exists()


def test_without_sign_in_there_is_nothing_to_fetch(world, client):
    received(world)
    for answer in (client.get(PAGE), client.post(PAGE)):
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "Tra cứu bằng mã hồ sơ" in answer.content.decode()
    assert not Access.objects.exists()


def test_after_an_erasure_nothing_is_in_it_any_more(world, citizen):
    dossier = received(world)
    commands.withdraw(world.reader(Role.DESK_OFFICER), dossier, "", command_id=commands.new_id())
    erasing.erase_dossier(for_system("tests"), dossier, "12/QĐ-UBND", early=True)
    found = fetched(citizen)
    data = json.loads(found["du-lieu.json"])
    assert (data["dossiers"], data["accesses"], set(found)) == ([], [], {"du-lieu.json", "doc-truoc.html"})


def test_an_erased_record_or_file_of_a_living_dossier_is_left_out_and_counted(world, citizen):
    from motcua.dossiers import refs
    from motcua.files.commands import erase_many

    dossier = received(world)
    assert erase_many(refs.of_dossiers([dossier])[dossier][1], "3/QĐ-UBND") == 1
    found = fetched(citizen)
    (held,) = json.loads(found["du-lieu.json"])["dossiers"]
    assert (held["files"], held["files_erased"]) == ([], 1)


@pytest.mark.parametrize("who", ["nobody", "receipt", "leader"])
def test_only_who_has_signed_in_as_a_citizen_is_told(world, who):
    dossier = received(world)
    reader = {"nobody": for_citizen(""), "receipt": for_citizen("0" * 32), "leader": world.reader(Role.LEADER)}[who]
    record = persons.find_by_id_number(for_system("tests"), APPLICANT.id_number)[0]
    for ask in (
        lambda: about.about_own(reader, purpose=WHY),
        lambda: persons.told_applicants(reader, [record]),
        lambda: persons.told_notes(reader, [record]),
        lambda: files.told(reader, [dossier]),
    ):
        with pytest.raises(NotPermitted):
            ask()
    other = for_person(persons.person_tokens(OTHER.id_number))
    assert persons.told_applicants(other, [record]) == {}


def test_a_machine_that_fetches_again_and_again_is_stopped(world, citizen, settings):
    settings.MOTCUA_RATE_PERCENT = 5
    assert citizen.post(PAGE).status_code == 200
    refused = citizen.post(PAGE)
    assert (refused.status_code, refused.headers["Cache-Control"]) == (429, "no-store")


def test_fetching_needs_as_many_statements_for_many_dossiers_as_for_one(world, citizen, django_assert_max_num_queries):
    for _ in range(4):
        received(world)
    citizen.get(PAGE)
    with django_assert_max_num_queries(20):
        fetched(citizen)
