"""All that is held about a person: what it tells, whom, what stays out of it, and that asking is noted itself."""

import io
import json
import zipfile
from dataclasses import replace

import pytest

from motcua.agencies.access import NotPermitted, Role, for_system
from motcua.dossiers import about, about_zip, commands, erasing
from motcua.files.commands import store_upload
from motcua.files.vault import place
from motcua.law.dossier.vocabulary import Component, Pause, Ref
from motcua.persons import queries as persons
from motcua.persons.models import Access
from support.world import APPLICANT, CERTIFY, MARRIAGE, PDF, POLICE, RESIDENCE

SYSTEM = for_system("tests of what is held about a person")
WHY = "Người dân đến quầy hỏi dữ liệu của mình"
OTHER = replace(APPLICANT, name="Trần Văn Khác", id_number="079190000099", phone="0909999999", email="")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(tmp_path, settings, monkeypatch):
    import base64

    monkeypatch.setenv("MOTCUA_DATA_KEY", base64.b64encode(bytes(32)).decode())
    settings.MEDIA_ROOT, settings.HOME = tmp_path / "files", tmp_path


def received(world, *, owner=APPLICANT, submitter=None, agency="W1", procedure=MARRIAGE, scan=True):
    kept = store_upload(io.BytesIO(PDF), "Tờ khai của Mẫu.pdf") if scan else None
    file = Ref(str(kept.id), kept.commitment) if kept else None
    new = commands.NewDossier(
        procedure=procedure,
        owner=owner,
        submitter=submitter,
        components=(Component(1, originals=1, file=file),),
        request="Xin cấp để vay vốn",
    )
    reader = world.reader(Role.DESK_OFFICER, agency)
    return commands.receive(reader, new, command_id=commands.new_id()).dossier_id


def unpacked(held):
    archive = zipfile.ZipFile(io.BytesIO(b"".join(about_zip.stream(held))))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def test_the_zip_holds_the_records_the_story_the_notes_the_files_and_who_opened_them(world):
    dossier = received(world)
    case = world.reader(Role.CASE_OFFICER)
    commands.pause(case, dossier, Pause.SUPPLEMENT, "Thiếu giấy khai sinh", command_id=commands.new_id())
    pair = {"receiving_agency_id": world.agencies["W1"], "competent_agency_id": world.agencies["W1"]}
    owner = persons.find_by_id_number(SYSTEM, APPLICANT.id_number)[0]
    persons.applicant(case, owner, **pair, full=True, purpose="Xem thông tin người nộp")
    files = unpacked(about.about(world.reader(Role.DESK_OFFICER), "0791 9000 0012", purpose=WHY))
    data = json.loads(files["du-lieu.json"])
    (held,) = data["dossiers"]
    (record,) = held["records"]
    assert data["format"] == "motcua-person-1"
    assert data["id_number_masked"] == "0791******12"
    assert (record["name"], record["id_number"], record["phone"]) == (
        APPLICANT.name, APPLICANT.id_number, APPLICANT.phone,
    )  # fmt: skip
    assert held["request"] == "Xin cấp để vay vốn"
    assert [told["type"] for told in held["story"]] == ["received", "handed_over", "paused"]
    assert held["story"][2]["note"] == "Thiếu giấy khai sinh"
    assert held["story"][0]["staff"] == "Trần Thị Tiếp Thử"
    assert [(file["name"], files[file["in"]]) for file in held["files"]] == [("Tờ khai của Mẫu.pdf", PDF)]
    assert [(opened["staff"], opened["act"], opened["purpose"]) for opened in data["accesses"]] == [
        ("Lê Văn Thụ Thử", "see_id", "Xem thông tin người nộp")
    ]
    page = files["doc-truoc.html"].decode()
    for said in (APPLICANT.name, APPLICANT.id_number, APPLICANT.address, "Thiếu giấy khai sinh", "Lê Văn Thụ Thử"):
        assert said in page


def test_asking_is_noted_itself_with_what_for(world):
    received(world)
    desk = world.reader(Role.DESK_OFFICER)
    about.about(desk, APPLICANT.id_number, purpose=WHY)
    rows = list(Access.objects.order_by("pk").values_list("act", "staff_id", "purpose"))
    assert ("export", desk.staff_id, WHY) in rows
    assert {row[1:] for row in rows} == {(desk.staff_id, WHY)}
    again = about.about(desk, APPLICANT.id_number, purpose=WHY)
    assert {opened.act for opened in again.accesses} == {"export", "see_id", "see_files"}


def test_looking_up_which_dossiers_there_are_opens_nothing(world):
    received(world)
    (held,) = about.found(world.reader(Role.DESK_OFFICER), APPLICANT.id_number)
    assert (held.owned, held.records, held.story, held.files) == (True, (), (), ())
    assert not Access.objects.exists()


def test_who_handed_in_for_somebody_else_reads_the_own_record_and_nothing_of_the_owner(world):
    received(world, owner=OTHER, submitter=APPLICANT)
    files = unpacked(about.about(SYSTEM, APPLICANT.id_number, purpose=WHY))
    (held,) = json.loads(files["du-lieu.json"])["dossiers"]
    assert held["owner"] is False
    assert [record["name"] for record in held["records"]] == [APPLICANT.name]
    everything = b"".join(files.values()).decode()
    for hidden in (OTHER.name, OTHER.id_number, OTHER.phone, "vay vốn", "Tờ khai"):
        assert hidden not in everything


def test_the_owner_reads_nothing_of_who_handed_in(world):
    received(world, submitter=OTHER)
    everything = b"".join(unpacked(about.about(SYSTEM, APPLICANT.id_number, purpose=WHY)).values()).decode()
    assert APPLICANT.name in everything
    assert OTHER.name not in everything
    assert OTHER.id_number not in everything


def test_what_was_recorded_by_mistake_is_told_to_whom_it_concerns(world):
    dossier = received(world)
    desk = world.reader(Role.DESK_OFFICER)
    commands.correct_owner(desk, dossier, OTHER, command_id=commands.new_id())
    (wrong,) = about.about(SYSTEM, APPLICANT.id_number, purpose=WHY).dossiers
    assert (wrong.owned, [record.name for record in wrong.records]) == (False, [APPLICANT.name])
    (right,) = about.about(SYSTEM, OTHER.id_number, purpose=WHY).dossiers
    assert right.owned
    assert right.request == "Xin cấp để vay vốn"


def test_staff_tell_of_their_own_agencys_dossiers_and_the_system_of_all(world):
    here, there, shared = (
        received(world, scan=False),
        received(world, agency="W2", procedure=CERTIFY, scan=False),
        received(world, procedure=RESIDENCE, scan=False),
    )

    def ids(reader):
        return {each.id for each in about.found(reader, APPLICANT.id_number)}

    assert ids(SYSTEM) == {here, there, shared}
    assert ids(world.reader(Role.DESK_OFFICER)) == {here, shared}
    assert ids(world.reader(Role.LEADER, POLICE)) == {shared}
    assert ids(world.reader(Role.DESK_OFFICER, "W2")) == {there}
    assert ids(world.reader(Role.LEADER, "P")) == set()
    for role in (Role.REFORM_OFFICER, Role.ADMINISTRATOR):
        with pytest.raises(NotPermitted):
            about.found(world.reader(role), APPLICANT.id_number)


def test_nothing_is_put_together_without_a_purpose(world):
    received(world)
    with pytest.raises(ValueError, match="purpose"):
        about.about(world.reader(Role.DESK_OFFICER), APPLICANT.id_number, purpose=" ")


def test_a_lost_file_is_said_to_be_lost_and_the_rest_is_there(world):
    received(world)
    held = about.about(SYSTEM, APPLICANT.id_number, purpose=WHY)
    (file,) = held.dossiers[0].files
    place(file.id).unlink()
    files = unpacked(held)
    assert [name for name in files if name.startswith("tep/")] == ["tep/01-01-Tờ khai của Mẫu.pdf.txt"]


def test_after_an_erasure_nothing_is_found_any_more(world):
    dossier = received(world)
    commands.withdraw(world.reader(Role.DESK_OFFICER), dossier, "", command_id=commands.new_id())
    erasing.erase_dossier(SYSTEM, dossier, "12/QĐ-UBND", early=True)
    assert about.about(SYSTEM, APPLICANT.id_number, purpose=WHY).dossiers == ()


def test_names_of_files_cannot_leave_the_folder_of_the_zip(world):
    kept = store_upload(io.BytesIO(PDF), "../../etc/passwd.pdf")
    new = commands.NewDossier(
        procedure=MARRIAGE, owner=APPLICANT, components=(Component(1, file=Ref(str(kept.id), kept.commitment)),)
    )
    commands.receive(world.reader(Role.DESK_OFFICER), new, command_id=commands.new_id())
    names = unpacked(about.about(SYSTEM, APPLICANT.id_number, purpose=WHY))
    assert set(names) == {"du-lieu.json", "doc-truoc.html", "tep/01-01-passwd.pdf"}
