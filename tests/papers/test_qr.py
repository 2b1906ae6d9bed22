"""The QR code of a paper."""

import re

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.papers.qr import LONGEST, MASK, AddressTooLongError, modules, svg, with_head

TOKEN = "Zk3v9QmXw2Lr7Tn5Yb8cDg"


def test_a_code_is_a_picture_without_the_address_in_clear():
    picture = svg(f"https://motcua.example.vn/t/{TOKEN}")
    assert picture.startswith("<svg")
    assert TOKEN not in picture


def test_different_addresses_give_different_codes():
    assert svg("https://motcua.example.vn/t/a") != svg("https://motcua.example.vn/t/b")


def test_an_address_that_would_make_the_modules_too_small_is_refused():
    assert svg("https://motcua.example.vn/" + "a" * 120)
    with pytest.raises(AddressTooLongError, match="226 characters"):
        svg("https://motcua.example.vn/" + "a" * 200)


def test_the_code_has_no_more_than_49_modules_a_side():
    side = re.search(r'width="(\d+)"', svg("https://motcua.example.vn/" + "a" * 120))
    assert int(side.group(1)) <= 49


@settings(max_examples=60, deadline=None)
@given(site=st.sampled_from(["https://motcua.example.vn/t/", "http://[::1]:8000/tra/", ""]), token=st.text(max_size=24))
def test_a_code_is_the_one_segno_makes_of_the_same_bytes(site, token):
    address = f"{site}{token}" or "/"
    wanted = segno.make_qr(address.encode(), error="m", mask=MASK, mode="byte").matrix
    assert modules(address) == ["".join("1" if dark else "0" for dark in row) for row in wanted]


def test_the_address_carries_the_logs_root_as_long_as_the_code_stays_readable():
    short, long = "https://motcua.example.vn/t/" + "a" * 32, "https://motcua.example.vn/t/" + "a" * 110
    assert with_head(short, "4f2a9c1be3d05a77") == f"{short}?n=4f2a9c1be3d05a77"
    assert with_head(short, None) == short
    assert with_head(long, "4f2a9c1be3d05a77") == long
    assert svg("https://motcua.example.vn/" + "a" * (LONGEST - 26))
    with pytest.raises(AddressTooLongError):
        svg("https://motcua.example.vn/" + "a" * (LONGEST - 25))
