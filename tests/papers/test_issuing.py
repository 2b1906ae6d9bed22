"""A paper that was issued is printed again exactly so, for ever; what changed since makes a new issue."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from motcua.agencies.access import NotPermitted, Role, for_system
from motcua.dossiers import commands as dossiers
from motcua.dossiers import erasing
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.worker import catch_up
from motcua.law.dossier.vocabulary import Pause, ReturnMethod
from motcua.papers import commands, issued, keeping, queries
from motcua.papers.issued import NotIssued
from motcua.papers.kinds import Kind
from motcua.papers.models import Issue
from motcua.papers.queries import NoSuchPaper
from motcua.papers.render import UnprintableTextError, engine, typeset
from motcua.persons.models import Record
from motcua.persons.queries import accesses
from papers.reading import squeeze, text_of
from support.world import APPLICANT, OTHER_WARD, POLICE, RESIDENCE, World


def url(token: str) -> str:
    return f"https://motcua.example.vn/t/{token}"


def desk(world: World):
    return world.reader(Role.DESK_OFFICER)


def test_a_receipt_comes_out_again_byte_for_byte(world):
    answer = world.receive(request="Để vay vốn")
    catch_up()
    first = commands.issue(desk(world), Kind.RECEIPT, answer.dossier_id, url)
    again = issued.one(desk(world), answer.dossier_id, Kind.RECEIPT, 1)
    assert typeset(again.paper) == typeset(first.paper)
    assert (first.ordinal, again.engine, again.staff_id) == (1, engine(), desk(world).staff_id)
    text = text_of(typeset(again.paper))
    assert squeeze(f"Mã hồ sơ: {answer.code}") in text
    assert "XEMTRƯỚC" not in text


def test_it_comes_out_the_same_when_everything_around_it_has_changed(world, monkeypatch):
    answer = world.receive()
    before = typeset(commands.issue(desk(world), Kind.RECEIPT, answer.dossier_id, url).paper)
    renamed = replace(APPLICANT, name="Nguyễn Thị Đổi Tên")
    dossiers.correct_owner(desk(world), answer.dossier_id, renamed, command_id=dossiers.new_id())
    world.finish(answer.dossier_id)
    catch_up()
    monkeypatch.setattr("motcua.papers.bases.VERSION", "v2")
    monkeypatch.setattr("motcua.papers.wording.day_long", lambda day: "hôm nay")
    assert typeset(issued.one(desk(world), answer.dossier_id, Kind.RECEIPT, 1).paper) == before


def test_what_says_the_same_is_not_issued_twice_and_what_changed_is(world):
    answer = world.receive()
    catch_up()
    numbers = [commands.issue(desk(world), Kind.SLIP, answer.dossier_id, url).ordinal for _ in range(2)]
    world.hand_over(answer.dossier_id, Role.CASE_OFFICER, "trinh-ky")
    numbers.append(commands.issue(desk(world), Kind.SLIP, answer.dossier_id, url).ordinal)
    assert numbers == [1, 1, 2]
    assert len(issued.one(desk(world), answer.dossier_id, Kind.SLIP, 1).paper.data["handovers"]) == 1
    assert len(issued.one(desk(world), answer.dossier_id, Kind.SLIP, 2).paper.data["handovers"]) == 2


def test_a_new_head_of_the_log_alone_is_no_new_receipt(world, monkeypatch):
    answer = world.receive()
    first = commands.issue(desk(world), Kind.RECEIPT, answer.dossier_id, url)
    monkeypatch.setattr("motcua.papers.assembling.log_statement", lambda head: "Nhật ký hồ sơ: vị trí 99")
    assert commands.issue(desk(world), Kind.RECEIPT, answer.dossier_id, url) == first


def test_two_who_issue_at_the_same_moment_issue_one(living_world):
    answer = living_world.receive()
    reader, found = desk(living_world), []
    start = threading.Barrier(2)

    def issue() -> None:
        try:
            start.wait()
            found.append(commands.issue(reader, Kind.RECEIPT, answer.dossier_id, url).ordinal)
        finally:
            connection.close()

    threads = [threading.Thread(target=issue) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1, 1]
    assert Issue.objects.count() == 1


def test_what_was_issued_goes_with_the_persons_data(world):
    answer = world.receive()
    world.finish(answer.dossier_id)
    commands.issue(desk(world), Kind.RECEIPT, answer.dossier_id, url)
    dossiers.return_result(desk(world), answer.dossier_id, ReturnMethod.DESK, command_id=dossiers.new_id())
    erasing.erase_dossier(for_system("test"), answer.dossier_id, "12/QĐ-UBND", early=True)
    catch_up()
    row = Issue.objects.get()
    assert Record.objects.get(pk=row.record_id).erasure_order == "12/QĐ-UBND"
    with pytest.raises(NotIssued):
        issued.one(desk(world), answer.dossier_id, Kind.RECEIPT, 1)
    assert squeeze("đã xóa theo 12/QĐ-UBND") in text_of(
        typeset(commands.issue(desk(world), Kind.RECEIPT, answer.dossier_id, url).paper)
    )


def test_printing_again_is_an_opening_of_the_persons_data(world):
    answer = world.receive()
    commands.issue(desk(world), Kind.RECEIPT, answer.dossier_id, url)
    issued.one(desk(world), answer.dossier_id, Kind.RECEIPT, 1)
    (owner,) = Issue.objects.get().people
    said = [row.purpose for row in accesses(for_system("test"), owner)]
    assert said == [f"In lại giấy tờ của hồ sơ {answer.code}", f"In giấy tờ của hồ sơ {answer.code}"]


@pytest.mark.parametrize(
    ("role", "agency", "refusal"),
    [
        (Role.DESK_OFFICER, POLICE, NotPermitted),
        (Role.REFORM_OFFICER, POLICE, NotPermitted),
        (Role.DESK_OFFICER, OTHER_WARD, NoSuchDossier),
        (Role.INSPECTOR, POLICE, NoSuchDossier),
    ],
)
def test_who_may_not_have_the_paper_may_not_have_it_as_it_was_issued(world, role, agency, refusal):
    answer = world.receive(RESIDENCE)
    commands.issue(desk(world), Kind.RECEIPT, answer.dossier_id, url)
    reader = world.reader(role, agency)
    with pytest.raises(refusal):
        issued.one(reader, answer.dossier_id, Kind.RECEIPT, 1)
    with pytest.raises(refusal):
        commands.issue(reader, Kind.RECEIPT, answer.dossier_id, url)


def test_a_print_waits_for_the_number_only_while_somebody_gives_it(world, monkeypatch):
    answer = world.receive()
    slept = []

    def worker(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            catch_up()

    monkeypatch.setattr("motcua.papers.commands.sleep", worker)
    silent = commands.issue(desk(world), Kind.RECEIPT, answer.dossier_id, url, patience=timedelta(minutes=5))
    assert (silent.paper.data["register_serial"], slept) == (None, [])
    monkeypatch.setattr("motcua.papers.commands.pulse.silent", tuple)
    waited = commands.issue(desk(world), Kind.RECEIPT, answer.dossier_id, url, patience=timedelta(minutes=5))
    assert (waited.ordinal, waited.paper.data["register_serial"], len(slept)) == (2, "01", 3)


def test_a_paper_that_the_dossier_has_not_come_to_is_not_issued(world):
    answer = world.receive()
    with pytest.raises(NoSuchPaper):
        commands.issue(desk(world), Kind.STOP, answer.dossier_id, url)
    with pytest.raises(NotIssued):
        issued.one(desk(world), answer.dossier_id, Kind.STOP, 1)


def test_the_stop_notice_says_why_and_who_stopped_it(world):
    answer = world.receive()
    leader = world.reader(Role.LEADER)
    dossiers.stop(leader, answer.dossier_id, "Việc đã được giải quyết tại nơi khác", command_id=dossiers.new_id())
    form = queries.stop_notice(leader, answer.dossier_id, url)
    assert form.reason == "Việc đã được giải quyết tại nơi khác"
    assert (form.signer_name, form.head.agency) == ("Phạm Lãnh Thử", "Ủy ban nhân dân phường Tân An")
    assert squeeze("thông báo dừng giải quyết hồ sơ này") in text_of(
        typeset(commands.issue(leader, Kind.STOP, answer.dossier_id, url).paper)
    )


def test_many_are_issued_in_as_many_statements_as_few(world, django_assert_max_num_queries):
    for count in (2, 25):
        ids = [world.receive().dossier_id for _ in range(count)]
        catch_up()
        with django_assert_max_num_queries(30):
            batch = commands.issue_many(desk(world), Kind.RECEIPT, ids, url)
        assert [each.dossier_id for each in batch.issued] == ids
    assert Issue.objects.count() == 27


@pytest.mark.parametrize(
    ("role", "agency"),
    [(Role.DESK_OFFICER, POLICE), (Role.REFORM_OFFICER, POLICE), (Role.LEADER, OTHER_WARD), (Role.INSPECTOR, POLICE)],
)
def test_of_many_those_that_one_may_not_have_are_passed_over(world, role, agency):
    ids = [world.receive(RESIDENCE).dossier_id]
    assert commands.issue_many(world.reader(role, agency), Kind.RECEIPT, ids, url).issued == ()
    assert not Issue.objects.exists()


def test_one_that_cannot_be_printed_does_not_hold_up_the_others(world):
    good = world.receive()
    bad = world.receive(owner=replace(APPLICANT, name="Nguyễn 中"))
    batch = commands.issue_many(desk(world), Kind.RECEIPT, [bad.dossier_id, good.dossier_id], url)
    assert [each.dossier_id for each in batch.issued] == [good.dossier_id]
    assert batch.unprintable == (bad.code,)
    with pytest.raises(UnprintableTextError):
        commands.issue(desk(world), Kind.RECEIPT, bad.dossier_id, url)


def test_the_papers_of_a_day_are_listed_where_they_are_made(world):
    first, second = world.receive(RESIDENCE), world.receive()
    police = world.reader(Role.CASE_OFFICER, POLICE)
    dossiers.pause(police, first.dossier_id, Pause.SUPPLEMENT, "- Tờ khai", command_id=dossiers.new_id())
    catch_up()
    now = timezone.now()
    span = (now - timedelta(hours=1), now + timedelta(hours=1))
    assert queries.listed(desk(world), Kind.RECEIPT, *span) == (first.dossier_id, second.dossier_id)
    assert queries.listed(police, Kind.RECEIPT, *span) == ()
    for reader in (desk(world), police):
        assert queries.listed(reader, Kind.SUPPLEMENT, *span) == (first.dossier_id,)
    assert queries.listed(world.reader(Role.DESK_OFFICER, OTHER_WARD), Kind.SUPPLEMENT, *span) == ()


def test_what_is_kept_of_a_paper_gives_it_back(world):
    answer = world.receive()
    paper = commands.issue(desk(world), Kind.RECEIPT, answer.dossier_id, url).paper
    assert keeping.of_text(keeping.to_text(paper)) == paper
    assert len(keeping.to_text(paper)) < 6000


def test_an_issue_of_nobodys_dossier_is_not_found(world):
    with pytest.raises(NotIssued):
        issued.one(desk(world), UUID(int=7), Kind.RECEIPT, 1)
