"""Settings by environment: what can be understood is read, everything else is refused with one line."""

import pytest

from motcua.config import env
from motcua.config.env import DECLARED, BadSetting
from motcua.config.trouble import english, say


@pytest.mark.parametrize("value", ["1", "true", "TRUE", "yes", "On", " on "])
def test_a_boolean_says_yes_in_many_ways(monkeypatch, value) -> None:
    monkeypatch.setenv("MOTCUA_DEBUG", value)
    assert env.read("MOTCUA_DEBUG") is True


@pytest.mark.parametrize("value", ["0", "false", "No", "OFF"])
def test_a_boolean_says_no_in_many_ways(monkeypatch, value) -> None:
    monkeypatch.setenv("MOTCUA_DEBUG", value)
    assert env.read("MOTCUA_DEBUG") is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MOTCUA_DEBUG", "có"),
        ("MOTCUA_DEBUG", ""),
        ("MOTCUA_DEBUG", "2"),
        ("MOTCUA_HOME", "  "),
        ("MOTCUA_HOSTS", "a.example,,b.example"),
        ("MOTCUA_HOSTS", ""),
        ("MOTCUA_LOG_LEVEL", "loud"),
        ("MOTCUA_DB_ROLE", "postgres"),
        ("MOTCUA_WEB_WORKERS", "0"),
        ("MOTCUA_WEB_WORKERS", "-1"),
        ("MOTCUA_WEB_WORKERS", "1.5"),
        ("MOTCUA_WEB_THREADS", "four"),
    ],
)
def test_a_value_that_cannot_be_understood_is_refused_by_name(monkeypatch, name, value) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as refusal:
        env.read(name)
    assert name in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert refusal.value.code == 2


def test_without_a_value_the_default_holds(monkeypatch) -> None:
    for name, setting in DECLARED.items():
        monkeypatch.delenv(name, raising=False)
        assert env.read(name) == setting.default


def test_a_list_is_split_at_its_commas(monkeypatch) -> None:
    monkeypatch.setenv("MOTCUA_HOSTS", "motcua.example , 10.0.0.5")
    assert env.read("MOTCUA_HOSTS") == ("motcua.example", "10.0.0.5")


def test_a_wrong_database_address_is_refused_without_repeating_its_password(monkeypatch) -> None:
    from motcua.config import database

    with pytest.raises(BadSetting) as refusal:
        database.entry("app", url="mysql://me:sesame@db/motcua")
    assert "DATABASE_URL" in str(refusal.value)
    assert "sesame" not in str(refusal.value)


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({}, "vi"),
        ({"LANG": "C.UTF-8"}, "vi"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
    ],
)
def test_the_terminal_is_answered_in_its_language_and_otherwise_in_vietnamese(monkeypatch, variables, wanted) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert english() is (wanted == "en")
    assert say("vi", "en") == wanted
