"""Where law and practice leave a choice, the installation's settings decide."""

from datetime import datetime, time

import pytest
from django.utils import timezone

from motcua.dossiers import intake
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules import pattern, rules
from motcua.law.dossier.reckoning import aware, local
from motcua.law.dossier.vocabulary import Channel
from motcua.law.numbering import PatternError
from support.world import MARRIAGE

MORNING, AFTERNOON = datetime(2026, 11, 17, 9, 0), datetime(2026, 11, 17, 15, 30)


@pytest.mark.parametrize(
    ("convention", "received", "due"),
    [
        ("day_exclusive", AFTERNOON, datetime(2026, 11, 20, 17, 0)),
        ("day_exclusive_after15", AFTERNOON, datetime(2026, 11, 23, 17, 0)),
        ("day_exclusive_after15", MORNING, datetime(2026, 11, 20, 17, 0)),
        ("hour_carry", MORNING, datetime(2026, 11, 20, 9, 0)),
    ],
)
def test_the_convention_of_working_days_is_a_setting(world, settings, convention, received, due):
    settings.MOTCUA_WORKING_DAY_CONVENTION = convention
    reader = world.reader("desk_officer")
    promise = intake.promised(reader, intake.offer(reader, MARRIAGE, Channel.DIRECT), aware(received))
    assert local(promise.due_at) == due
    assert promise.convention == convention


def test_the_cut_off_is_a_setting(world, settings):
    settings.MOTCUA_WORKING_DAY_CONVENTION = "day_exclusive_after15"
    settings.MOTCUA_CUTOFF = time(16, 0)
    reader = world.reader("desk_officer")
    promise = intake.promised(reader, intake.offer(reader, MARRIAGE, Channel.DIRECT), aware(AFTERNOON))
    assert local(promise.due_at) == datetime(2026, 11, 20, 17, 0)
    assert rules().cutoff == time(16, 0)


def test_the_pattern_of_codes_is_a_setting(world, settings):
    settings.MOTCUA_CODE_PATTERN = "000.00.{unit}-{yymmdd}-{serial:6}"
    pattern.cache_clear()
    answer = world.receive()
    pattern.cache_clear()
    day = timezone.localtime(Dossier.objects.get(pk=answer.dossier_id).received_at)
    assert answer.code == f"000.00.H99.01-{day:%y%m%d}-000001"


def test_a_pattern_that_cannot_number_is_refused():
    with pytest.raises(PatternError):
        pattern("{unit}-{yymmdd}")
