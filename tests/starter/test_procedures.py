"""The packaged procedures: 35 real ones with limits that the clock understands, and processes that can be published."""

from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.agencies.access import for_system
from motcua.law.process import Process
from motcua.law.worktime import TimeLimit, Unit
from motcua.procedures.content import content_from_data
from motcua.procedures.models import ProcedureVersion
from motcua.procedures.queries import procedure_page, processes, search
from motcua.starter import procedures
from motcua.starter.loading import facts

READER = for_system("test")
MINUTES_OF = {Unit.WORKING_DAY: 480, Unit.SAME_DAY: 480, Unit.HOUR: 60, Unit.WORKING_HOUR: 60}
# Their limit at the desk and fee in đồng as the field knows them (0: free, None: set by the province's council).
KNOWN = {
    "1.001193": ("trong ngày", 0),
    "1.000894": ("trong ngày", 0),
    "1.004873": ("3 ngày làm việc", None),
    "1.004845": ("2 ngày làm việc", 0),
    "2.000806": ("5 ngày làm việc", None),
    "2.000635": ("trong ngày", 8000),
    "2.000815": ("trong ngày", 2000),
    "2.000884": ("trong ngày", 10000),
    "2.000913": ("2 ngày làm việc", 30000),
    "1.004222": ("7 ngày làm việc", 20000),
    "1.010038": ("5 ngày làm việc", 10000),
    "2.001159": ("1 giờ", ...),
    "1.001612": ("3 ngày làm việc", 50000),
    "1.011607": ("15 ngày", 0),
    "1.013978": ("27 ngày làm việc", None),
    "1.013227": ("5 ngày làm việc", None),
}


@pytest.fixture(scope="module")
def starter():
    return facts(procedures.FILE)


@pytest.fixture(scope="module")
def contents(starter):
    return {record.code: content_from_data(record.parts) for record in procedures.records(starter)}


def test_there_are_thirty_five_with_every_part_that_the_decree_asks_for(contents):
    assert len(contents) == 35
    for code, content in contents.items():
        asked = (content.name, content.steps, content.filings, content.components, content.set_count, content.objects)
        assert all(asked), code
        assert content.authority, code
        assert content.results, code
        assert content.legal_bases, code
        assert content.decision, code


def test_every_limit_is_understood_by_the_clock_or_says_why_there_is_none(contents):
    for code, content in contents.items():
        for filing in content.filings:
            if filing.limit.text is None:
                assert (code, bool(filing.limit.note)) == ("2.001263", True)
            else:
                assert str(TimeLimit.parse(filing.limit.text)) == filing.limit.text
                assert filing.limit.confidence in ("published", "resolved")
                assert filing.limit.note or filing.limit.confidence == "published"


def test_every_fee_is_understood(contents):
    assert all(fee.understood for content in contents.values() for filing in content.filings for fee in filing.fees)


@pytest.mark.parametrize(("code", "known"), KNOWN.items())
def test_limit_and_fee_at_the_desk_are_the_known_ones(contents, code, known):
    content = contents[code]
    limit, amount = known
    assert content.limit_for("direct").text == limit
    fees = [fee for filing in content.filings_for("direct") for fee in filing.fees]
    if amount is ...:
        assert fees == []
    elif amount is None:
        assert fees[0].set_by_council
    else:
        assert fees[0].free if amount == 0 else fees[0].amount == amount


def test_limits_differ_by_channel_where_they_do_in_law(contents):
    content = contents["1.013978"]
    limits = [content.limit_for(channel).text for channel in ("online", "post", "direct")]
    assert limits == ["17 ngày làm việc", "20 ngày làm việc", "27 ngày làm việc"]
    cases = [filing.note for filing in contents["1.004859"].filings_for("direct")]
    assert len(cases) == len(set(cases)) == 2


def test_every_process_stays_within_the_shortest_limit_of_its_procedure(starter, contents):
    own = [item for item in starter["processes"] if item["procedure"] is not None]
    assert len(own) >= 6
    for item in own:
        process = Process.from_data(item["definition"])
        limits = [
            TimeLimit.parse(filing.limit.text) for filing in contents[item["procedure"]].filings if filing.limit.text
        ]
        minutes = [int(limit.amount * MINUTES_OF[limit.unit]) for limit in limits if limit.unit in MINUTES_OF]
        # 15 calendar days hold at least nine working days outside Tết.
        minutes += [9 * 480 for limit in limits if limit.unit == Unit.DAY and limit.amount == 15]
        assert 0 < process.longest_simple_minutes() <= min(minutes), process.code


def test_one_process_holds_for_procedures_without_their_own(starter):
    general = [item["definition"] for item in starter["processes"] if item["procedure"] is None]
    assert [definition["code"] for definition in general] == ["quy-trinh-chung"]
    assert len(Process.from_data(general[0]).steps) >= 3


@pytest.mark.django_db
def test_loading_twice_changes_nothing(django_assert_max_num_queries):
    first = procedures.load()
    with django_assert_max_num_queries(3):
        second = procedures.load()
    assert (first.loaded, second.loaded) == (True, False)
    assert first.counts == {"procedures": 35, "created": 35, "processes": 9}
    assert ProcedureVersion.objects.count() == 35
    assert search(READER, "khai sinh")[0].code == "1.001193"
    assert all(row.everyday for row in search(READER, "dang ky", limit=50))
    codes = {view.procedure_code: view.code for view in processes(READER)}
    assert (codes["1.001193"], codes[None]) == ("khai-sinh", "quy-trinh-chung")
    assert codes.keys() >= {
        "1.001193",
        "2.000815",
        "1.004873",
        "1.001612",
        "1.004222",
    }
    page = procedure_page(READER, "1.001193", timezone.localdate() + timedelta(days=1))
    assert (page.source, page.number, page.everyday) == ("starter", 1, True)
