"""A dossier from the desk to the applicant through the room's commands."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from motcua.agencies.access import NotPermitted, Role, for_citizen, for_staff
from motcua.dossiers import commands, queries
from motcua.dossiers.buckets import Bucket
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.intake import NotOffered
from motcua.dossiers.models import Command, Dossier, Event, Serial
from motcua.dossiers.verify import verify
from motcua.dossiers.wording import Refused
from motcua.dossiers.worker import catch_up
from motcua.law.dossier.commands import Claim
from motcua.law.dossier.vocabulary import Ground, Pause, ReturnMethod, Status
from motcua.persons.models import Record
from support.world import APPLICANT, MARRIAGE, OTHER_WARD, POLICE, RESIDENCE, WARD

DESK, CASE, LEADER = Role.DESK_OFFICER, Role.CASE_OFFICER, Role.LEADER


def new_dossier(procedure=MARRIAGE, **changes):
    return commands.NewDossier(**{"procedure": procedure, "owner": APPLICANT, **changes})


def received(world, procedure=MARRIAGE, **changes):
    return commands.receive(world.reader(DESK), new_dossier(procedure, **changes), command_id=commands.new_id())


def test_a_dossier_goes_from_the_desk_to_the_applicant(world):
    answer = received(world)
    commands.hand_over(world.reader(CASE), answer.dossier_id, "trinh-ky", command_id=commands.new_id())
    commands.hand_over(world.reader(LEADER), answer.dossier_id, "ky", command_id=commands.new_id())
    commands.return_result(world.reader(DESK), answer.dossier_id, ReturnMethod.DESK, command_id=commands.new_id())
    dossier = Dossier.objects.get(pk=answer.dossier_id)
    assert dossier.status == Status.RETURNED
    assert dossier.timeliness in ("early", "on_time")
    types = [happening.type for happening in queries.story(world.reader(DESK), answer.dossier_id)]
    assert types == ["received", "handed_over", "handed_over", "finished", "returned"]


def test_intake_needs_at_most_twelve_statements(world, django_assert_max_num_queries):
    user = world.user(DESK)
    received(world)
    # Session and user, two more, come with the request; here savepoints stand for BEGIN and COMMIT, no statements.
    with django_assert_max_num_queries(10 + 2):
        commands.receive(for_staff(user), new_dossier(request="Xin gấp"), command_id=commands.new_id())


def test_a_repeated_command_gives_the_first_answer_and_records_nothing(world):
    command_id = commands.new_id()
    reader = world.reader(DESK)
    first = commands.receive(reader, new_dossier(), command_id=command_id)
    before = (Event.objects.count(), Record.objects.count(), Serial.objects.get().last)
    again = commands.receive(reader, new_dossier(), command_id=command_id)
    assert again.repeated
    assert (again.dossier_id, again.code, again.token) == (first.dossier_id, first.code, first.token)
    assert (Event.objects.count(), Record.objects.count(), Serial.objects.get().last) == before


def test_a_repeated_hand_over_gives_the_first_answer(world):
    answer = received(world)
    command_id = commands.new_id()
    first = commands.hand_over(world.reader(CASE), answer.dossier_id, "trinh-ky", command_id=command_id)
    again = commands.hand_over(world.reader(CASE), answer.dossier_id, "trinh-ky", command_id=command_id)
    assert (again.seq, again.repeated) == (first.seq, True)


def test_a_command_id_used_for_something_else_is_refused(world):
    command_id = commands.new_id()
    first = commands.receive(world.reader(DESK), new_dossier(), command_id=command_id)
    with pytest.raises(Refused) as refused:
        commands.hand_over(world.reader(CASE), received(world).dossier_id, "trinh-ky", command_id=command_id)
    assert refused.value.refusal.code == "command_id_reused"
    assert Command.objects.get(pk=command_id).dossier_id == first.dossier_id


def test_a_refused_command_keeps_nothing(world):
    answer = received(world, RESIDENCE)
    before = (Event.objects.count(), Record.objects.count(), Command.objects.count())
    with pytest.raises(Refused) as refused:
        commands.stop(world.reader(LEADER), answer.dossier_id, "thử", command_id=commands.new_id())
    assert refused.value.refusal.code == "not_your_function"
    assert (Event.objects.count(), Record.objects.count(), Command.objects.count()) == before


@pytest.mark.parametrize(
    ("role", "agency"),
    [(DESK, OTHER_WARD), (CASE, OTHER_WARD), (Role.ADMINISTRATOR, WARD), (Role.REFORM_OFFICER, WARD)],
)
def test_strangers_may_not_act(world, role, agency):
    answer = received(world)
    with pytest.raises(NotPermitted):
        commands.hand_over(world.reader(role, agency), answer.dossier_id, "trinh-ky", command_id=commands.new_id())


def test_only_a_desk_officer_receives(world):
    with pytest.raises((NotPermitted, Refused)):
        commands.receive(world.reader(CASE), new_dossier(), command_id=commands.new_id())
    assert not Event.objects.exists()


def test_a_procedure_that_the_desk_does_not_offer_is_refused(world):
    with pytest.raises(NotOffered):
        commands.receive(world.reader(DESK, POLICE), new_dossier(), command_id=commands.new_id())


def test_a_dossier_for_another_agency_is_handled_there(world):
    answer = received(world, RESIDENCE)
    dossier = Dossier.objects.get(pk=answer.dossier_id)
    assert (dossier.receiving_agency_id, dossier.competent_agency_id) == (world.agencies[WARD], world.agencies[POLICE])
    assert dossier.holder_agency_id == world.agencies[POLICE]
    with pytest.raises((NotPermitted, Refused)):
        commands.hand_over(world.reader(CASE), answer.dossier_id, "trinh-ky", command_id=commands.new_id())
    commands.hand_over(world.reader(CASE, POLICE), answer.dossier_id, "trinh-ky", command_id=commands.new_id())
    commands.hand_over(world.reader(LEADER, POLICE), answer.dossier_id, "ky", command_id=commands.new_id())
    assert Dossier.objects.get(pk=answer.dossier_id).holder_agency_id == world.agencies[WARD]


def test_codes_follow_the_agency_identifier_and_the_day(world):
    first, second = received(world), received(world)
    day = timezone.localtime().strftime("%y%m%d")
    assert first.code == f"H99.01-{day}-0001"
    assert second.code == f"H99.01-{day}-0002"


def test_a_claimed_moment_needs_a_ground_and_counts(world):
    happened = timezone.now() - timedelta(days=2)
    claim = Claim(happened, Ground.OFFLINE_COUNTER)
    answer = commands.receive(world.reader(DESK), new_dossier(), command_id=commands.new_id(), claim=claim)
    event = Event.objects.get(dossier_id=answer.dossier_id, seq=1)
    assert event.happened_at == happened
    assert event.ground == "offline_counter"
    assert event.recorded_at > happened
    assert Dossier.objects.get(pk=answer.dossier_id).received_at == happened
    assert f"-{timezone.localtime(happened):%y%m%d}-" in answer.code


def test_a_pause_and_a_resumption_move_the_due_time(world):
    answer = received(world, RESIDENCE)
    case = world.reader(CASE, POLICE)
    before = Dossier.objects.get(pk=answer.dossier_id).due_at_current
    commands.pause(case, answer.dossier_id, Pause.SUPPLEMENT, "Thiếu tờ khai", command_id=commands.new_id())
    assert Dossier.objects.get(pk=answer.dossier_id).bucket == Bucket.WAITING
    commands.resume(world.reader(DESK), answer.dossier_id, command_id=commands.new_id())
    after = Dossier.objects.get(pk=answer.dossier_id)
    assert after.bucket == Bucket.WORK
    assert after.due_at_current >= before


def test_an_apology_moves_only_the_current_due_time(world):
    answer = received(world, RESIDENCE)
    dossier = Dossier.objects.get(pk=answer.dossier_id)
    later = dossier.due_at_original + timedelta(days=7)
    leader = world.reader(LEADER, POLICE)
    commands.appoint_again(leader, answer.dossier_id, later, "Chờ xác minh", command_id=commands.new_id())
    moved = Dossier.objects.get(pk=answer.dossier_id)
    assert moved.due_at_original == dossier.due_at_original
    assert moved.due_at_current == later
    with pytest.raises(Refused) as refused:
        commands.appoint_again(
            leader, answer.dossier_id, later + timedelta(days=7), "Nữa", command_id=commands.new_id()
        )
    assert refused.value.refusal.code == "appointed_again_once"


def test_a_change_seen_by_nobody_is_not_overwritten(world):
    answer = received(world)
    with pytest.raises(Refused) as refused:
        commands.hand_over(world.reader(CASE), answer.dossier_id, "trinh-ky", command_id=commands.new_id(), seen_seq=1)
    assert refused.value.refusal.code == "changed_since"


def test_events_hold_no_personal_data(world):
    answer = received(world, request="Xin cấp cho con Nguyễn Văn Bí Mật")
    commands.hand_over(
        world.reader(CASE),
        answer.dossier_id,
        "khong-du-dieu-kien",
        command_id=commands.new_id(),
        note="Thiếu chữ ký của bà Thử",
    )
    text = str(list(Event.objects.values_list("data", flat=True)))
    text += str(Dossier.objects.values_list("state", flat=True))
    for planted in ("Mẫu", "Bí Mật", "079190000012", "0901234123", "Hoa Sen"):
        assert planted not in text


def test_the_citizen_sees_code_and_completion_level_only(world):
    answer = received(world)
    tracking = queries.tracking(for_citizen(answer.token))
    assert (tracking.code, tracking.state) == (answer.code, "processing")
    assert 1 <= tracking.step < tracking.steps
    assert queries.tracking(for_citizen("00" * 16)) is None
    assert queries.tracking(for_citizen("not hexadecimal")) is None


def test_a_finished_and_returned_dossier_is_complete(world):
    answer = received(world)
    first = queries.tracking(for_citizen(answer.token))
    commands.hand_over(world.reader(CASE), answer.dossier_id, "trinh-ky", command_id=commands.new_id())
    second = queries.tracking(for_citizen(answer.token))
    commands.hand_over(world.reader(LEADER), answer.dossier_id, "ky", command_id=commands.new_id())
    ready = queries.tracking(for_citizen(answer.token))
    assert first.steps == second.steps == ready.steps  # the whole does not grow under the citizen's eyes
    assert first.step < second.step < ready.step == ready.steps - 1
    commands.return_result(world.reader(DESK), answer.dossier_id, ReturnMethod.DESK, command_id=commands.new_id())
    done = queries.tracking(for_citizen(answer.token))
    assert done.step == done.steps == ready.steps


def test_an_unknown_dossier_and_an_invisible_one_look_the_same(world):
    answer = received(world)
    now = timezone.now()
    for reader, dossier_id in (
        (world.reader(DESK, OTHER_WARD), answer.dossier_id),
        (world.reader(DESK), UUID(int=1)),
    ):
        with pytest.raises(NoSuchDossier):
            queries.detail(reader, dossier_id, now)


def test_a_corrected_owner_replaces_the_record(world):
    answer = received(world)
    commands.correct_owner(
        world.reader(DESK),
        answer.dossier_id,
        replace(APPLICANT, name="Nguyễn Thị Mẫu Đúng"),
        command_id=commands.new_id(),
    )
    first, last = Event.objects.filter(dossier_id=answer.dossier_id).order_by("seq").values_list("data", flat=True)[::2]
    assert Dossier.objects.get(pk=answer.dossier_id).owner_id == UUID(last["owner"]["id"])
    assert first["intake"]["owner"]["id"] != last["owner"]["id"]


def test_a_whole_life_verifies(living_world):
    world = living_world
    for procedure in (MARRIAGE, RESIDENCE):
        received(world, procedure)
    answer = received(world)
    commands.withdraw(world.reader(DESK), answer.dossier_id, "Đổi ý", command_id=commands.new_id())
    assert verify().sound
    catch_up()
    report = verify()
    assert report.sound, report.faults
    assert (report.dossiers, report.unplaced) == (3, 0)
    assert report.positions == report.events == Event.objects.count()
