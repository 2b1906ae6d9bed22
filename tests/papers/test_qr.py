"""The QR code of a paper."""

import re

import pytest

from motcua.papers.qr import AddressTooLongError, svg

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
