"""Sign-in providers are read at start: all that one needs, or a line that says what is missing."""

import pytest

from motcua.config import oidc
from motcua.config.env import BadSetting
from motcua.config.trouble import Trouble

ISSUER = "https://sso.example.vn/realms/tinh"


@pytest.fixture
def given(monkeypatch, tmp_path):
    """Sets what an operator would in the environment, on an empty data folder."""
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))

    def give(**values):
        for name, value in values.items():
            monkeypatch.setenv(f"MOTCUA_{name}", value)

    give.folder = tmp_path
    return give


def test_without_settings_there_is_no_provider(given):
    assert oidc.providers() == {"staff": None, "citizen": None}


def test_a_provider_is_what_was_set(given):
    given(STAFF_OIDC_ISSUER=ISSUER, STAFF_OIDC_CLIENT="motcua", STAFF_OIDC_SECRET="bi mat", STAFF_OIDC_NAME="SSO tỉnh")
    provider = {"issuer": ISSUER, "client_id": "motcua", "secret": "bi mat", "name": "SSO tỉnh", "scopes": ("openid",)}
    assert oidc.providers() == {"staff": provider, "citizen": None}


def test_the_secret_may_lie_in_a_file(given):
    (given.folder / "keys").mkdir()
    (given.folder / "keys" / "citizen-oidc.key").write_text("tu tep\n", encoding="utf-8")
    given(CITIZEN_OIDC_ISSUER=ISSUER, CITIZEN_OIDC_CLIENT="motcua")
    assert oidc.providers()["citizen"]["secret"] == "tu tep"


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"CITIZEN_OIDC_ISSUER": ISSUER}, "MOTCUA_CITIZEN_OIDC_CLIENT"),
        ({"STAFF_OIDC_ISSUER": ISSUER, "STAFF_OIDC_CLIENT": "motcua"}, "staff-oidc.key"),
    ],
)
def test_what_is_missing_is_named(given, values, missing):
    given(**values)
    with pytest.raises(Trouble, match=missing):
        oidc.providers()


@pytest.mark.parametrize(
    "issuer",
    [
        "http://sso.example.vn",
        "sso.example.vn",
        "https://",
        "https://sso.example.vn/",
        "https://sso.example.vn?a=1",
        "",
    ],
)
def test_an_issuer_is_an_https_address_without_a_slash_at_its_end(given, issuer):
    given(STAFF_OIDC_ISSUER=issuer, STAFF_OIDC_CLIENT="motcua", STAFF_OIDC_SECRET="x")
    with pytest.raises(BadSetting):
        oidc.providers()


def test_a_provider_on_this_machine_may_do_without_tls(given):
    given(STAFF_OIDC_ISSUER="http://localhost:9000/x", STAFF_OIDC_CLIENT="motcua", STAFF_OIDC_SECRET="x")
    assert oidc.providers()["staff"]["issuer"] == "http://localhost:9000/x"
