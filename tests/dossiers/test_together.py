"""Two people who act at once: no act is lost, none is done twice, and who came second is told."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from motcua.agencies.access import Role
from motcua.dossiers import asides, commands
from motcua.dossiers.models import Dossier, Event
from motcua.dossiers.verify import verify
from motcua.dossiers.wording import Refused
from motcua.law.dossier.vocabulary import PaidBy, Pause
from support.world import APPLICANT, MARRIAGE

PEOPLE, EACH = 6, 8


def received(world):
    new = commands.NewDossier(procedure=MARRIAGE, owner=APPLICANT)
    return commands.receive(world.reader(Role.DESK_OFFICER), new, command_id=commands.new_id()).dossier_id


def at_once(*works):
    """What each piece of work came to, all begun in the same moment: an answer or a refusal."""
    gate = threading.Barrier(len(works))

    def run(work):
        gate.wait(30)
        try:
            return work()
        except Refused as refused:
            return refused.refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_everything_that_was_answered_stands_in_the_log_once(living_world):
    world = living_world
    dossier_id = received(world)
    readers = {role: world.reader(role) for role in (Role.DESK_OFFICER, Role.CASE_OFFICER, Role.LEADER)}

    def one(number):
        def work():
            done = []
            for turn in range(EACH):
                reader = list(readers.values())[(number + turn) % 3]
                command_id = commands.new_id()
                asides.annotate(reader, dossier_id, f"Ghi chú {number}/{turn}", command_id=command_id)
                done.append(command_id)
            return done

        return work

    answered = [command_id for done in at_once(*map(one, range(PEOPLE))) for command_id in done]
    kept = Counter(Event.objects.filter(dossier_id=dossier_id, type="annotated").values_list("command_id", flat=True))
    assert kept == Counter(answered)
    assert len(answered) == PEOPLE * EACH
    seqs = list(Event.objects.filter(dossier_id=dossier_id).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    assert verify().sound


@pytest.mark.parametrize("seen", [True, False])
def test_of_two_who_hand_over_at_once_one_does_and_the_other_is_told(living_world, seen):
    world = living_world
    dossier_id = received(world)
    seq = Dossier.objects.get(pk=dossier_id).seq
    common = {"seen_seq": seq} if seen else {}
    case = world.reader(Role.CASE_OFFICER)

    def hand_over():
        return commands.hand_over(case, dossier_id, "trinh-ky", command_id=commands.new_id(), **common)

    came = at_once(hand_over, hand_over)
    refused = [each for each in came if isinstance(each, str)]
    assert refused == (["changed_since"] if seen else ["not_your_function"])
    assert Dossier.objects.get(pk=dossier_id).step == "ky-duyet"


def test_a_payment_and_a_withdrawal_at_once_leave_one_state_that_both_acts_explain(living_world):
    world = living_world
    dossier_id = received(world)
    desk, case = world.reader(Role.DESK_OFFICER), world.reader(Role.CASE_OFFICER)
    commands.pause(case, dossier_id, Pause.PAYMENT, "Lệ phí", amount=5000, command_id=commands.new_id())
    came = at_once(
        lambda: asides.pay(desk, dossier_id, 5000, PaidBy.CASH, command_id=commands.new_id()),
        lambda: commands.withdraw(desk, dossier_id, "", command_id=commands.new_id()),
    )
    types = list(Event.objects.filter(dossier_id=dossier_id).order_by("seq").values_list("type", flat=True))
    if "not_in_this_status" in came:  # the withdrawal was first
        assert types[-1] == "withdrawn"
        assert "paid" not in types
    else:
        assert types[-3:] == ["paid", "resumed", "withdrawn"]
    assert verify().sound


def test_a_second_apology_is_refused_once_and_the_attempt_stands_in_the_log_once(living_world):
    world = living_world
    dossier_id = received(world)
    leader = world.reader(Role.LEADER)
    due = Dossier.objects.get(pk=dossier_id).due_at_current
    later = due + timedelta(days=7)
    commands.appoint_again(leader, dossier_id, later, "Xin lỗi", command_id=commands.new_id())
    command_id = commands.new_id()
    for _ in range(2):  # the same press, sent twice
        with pytest.raises(Refused) as caught:
            commands.appoint_again(leader, dossier_id, later, "Xin lỗi nữa", command_id=command_id)
        assert caught.value.refusal.code == "appointed_again_once"
        assert caught.value.refusal.article.endswith("Điều 19.9")
    assert Event.objects.filter(dossier_id=dossier_id, type="attempt_refused").count() == 1
    assert Dossier.objects.get(pk=dossier_id).due_at_current == later
    assert verify().sound
