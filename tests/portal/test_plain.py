"""Published texts become plain words without losing what they say."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from motcua.portal import plain
from motcua.procedures import content as c
from support.published import FULL

HARD = "\u00a0"


@pytest.mark.parametrize(
    ("limit", "vietnamese", "english"),
    [
        (c.Limit("5 Ngày làm việc", "5 ngày làm việc"), "5 ngày làm việc", "5 working days"),
        (c.Limit("1", "1 ngày làm việc"), "1 ngày làm việc", "1 working day"),
        (c.Limit("0,5 ngày", "0,5 ngày"), "0,5 ngày", "0.5 days"),
        (c.Limit("15 Ngày", "15 ngày"), "15 ngày", "15 days"),
        (c.Limit("4 giờ làm việc", "4 giờ làm việc"), "4 giờ làm việc", "4 working hours"),
        (c.Limit("1 giờ", "1 giờ"), "1 giờ", "1 hour"),
        (c.Limit("2 tháng", "2 tháng"), "2 tháng", "2 months"),
        (c.Limit("1", "trong ngày"), "Trong ngày", "Same day"),
        (c.Limit("tùy vụ việc"), "tùy vụ việc", "tùy vụ việc"),
        (c.Limit("Không có thông tin"), "", ""),
        (None, "", ""),
    ],
)
def test_a_limit_is_told_in_the_language_of_the_page(limit, vietnamese, english) -> None:
    with override("vi"):
        assert plain.limit_words(limit) == vietnamese
    with override("en"):
        assert plain.limit_words(limit) == english


@pytest.mark.parametrize(
    ("fee", "words"),
    [
        (c.Fee("Miễn phí", free=True), "Miễn phí"),
        (c.Fee("0", amount=0), "Miễn phí"),
        (c.Fee("2.000 đồng/trang", amount=2000, note="/trang"), f"2.000{HARD}đ/trang"),
        (c.Fee("x", set_by_council=True), "Do Hội đồng nhân dân tỉnh quy định"),
        (
            c.Fee("x", amount=50000, set_by_council=True),
            f"50.000{HARD}đ; mức cụ thể do Hội đồng nhân dân tỉnh quy định",
        ),
        (c.Fee("10 USD", note="/bản"), "10 USD/bản"),
    ],
)
def test_a_fee_is_told_with_what_it_is_paid_for(fee, words) -> None:
    assert plain.fee_words(fee) == words


def _filings(*fees: c.Fee) -> tuple[c.Filing, ...]:
    return (c.Filing(c.Channel.DIRECT, c.Limit(""), fees),)


@pytest.mark.parametrize(
    ("fees", "summary"),
    [
        ((), ""),
        ((c.Fee("x", free=True), c.Fee("y", free=True)), "Miễn phí"),
        ((c.Fee("x", amount=10000), c.Fee("y", amount=20000)), f"10.000{HARD}đ đến 20.000{HARD}đ, tùy trường hợp"),
        ((c.Fee("x", free=True), c.Fee("y", amount=20000)), f"Miễn phí đến 20.000{HARD}đ, tùy trường hợp"),
        ((c.Fee("x", amount=10000), c.Fee("10 USD")), "Tùy trường hợp, xem bảng dưới"),
    ],
)
def test_all_fees_together_fit_one_line(fees, summary) -> None:
    assert plain.fee_summary(_filings(*fees)) == summary


def test_dashes_become_lists_and_other_lines_paragraphs() -> None:
    assert plain.blocks("- một\n  + hai  \nba\n\n* bốn\n-\n") == (
        plain.Block(items=("một", "hai")),
        plain.Block(text="ba"),
        plain.Block(items=("bốn",)),
        plain.Block(text="-"),
    )


@given(st.text(alphabet=st.sampled_from("ab \n-+*.đ"), max_size=80))
def test_no_word_is_lost_between_text_and_blocks(text) -> None:
    shown = " ".join(part for block in plain.blocks(text) for part in (block.text, *block.items))
    strip = str.maketrans("", "", "-+* \n")
    assert shown.translate(strip) == text.translate(strip)


@given(st.text(alphabet=st.sampled_from("abc ,.;)"), min_size=1, max_size=600))
def test_a_shortened_text_and_its_rest_are_the_whole(text) -> None:
    head, rest = plain.shortened(text)
    assert len(head) <= plain.LONGEST
    assert (head + rest).replace(" ", "") == text.replace(" ", "")


def test_papers_of_every_case_come_before_those_of_one() -> None:
    cases = plain.papers(reversed(FULL.components))
    assert [case.name for case in cases] == ["", "Người khác đi thay"]
    assert sum(len(case.papers) for case in cases) == len(FULL.components)


def test_counts_are_said_only_where_they_are_not_what_everybody_expects() -> None:
    with override("vi"):
        papers = {paper.name: paper.count for case in plain.papers(FULL.components) for paper in case.papers}
    assert papers["Giấy chứng sinh"] == "2 bản chính, 3 bản sao"
    assert papers["Tờ khai đăng ký khai sinh"] == ""


@pytest.mark.parametrize("text", ["", " ", "Không có thông tin", "không", "Không có.", "- Không quy định"])
def test_published_ways_of_saying_nothing_say_nothing(text) -> None:
    assert not plain.says_something(text)
