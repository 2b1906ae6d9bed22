"""The data key: from the environment or a private file, made once, never replaced, older ones still open."""

import base64
import threading

import pytest

from motcua.persons import keys
from motcua.persons.commands import keep_note
from motcua.persons.keys import DataKey, KeyTrouble, Ring, ring

ONE, TWO = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))


@pytest.fixture
def folder(tmp_path, settings, monkeypatch):
    monkeypatch.delenv("MOTCUA_DATA_KEY", raising=False)
    settings.HOME = tmp_path
    return tmp_path / "keys"


def put(folder, name, text, mode=0o600):
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.mark.django_db
def test_a_key_is_made_at_first_use_and_only_its_owner_may_read_it(folder):
    made = ring().current
    path = folder / "data.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert base64.b64decode(path.read_text()) == made.secret
    assert [item.name for item in folder.iterdir()] == ["data.key"]


def test_processes_that_start_together_agree_on_one_key(fresh_database, folder):
    found = []

    def use():
        found.append(keys._read_ring.__wrapped__("", folder / "data.key").current.secret)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.django_db
def test_no_new_key_is_made_for_a_database_that_holds_sealed_rows(folder, monkeypatch):
    monkeypatch.setenv("MOTCUA_DATA_KEY", ONE)
    keep_note("một ghi chú")
    monkeypatch.delenv("MOTCUA_DATA_KEY")
    with pytest.raises(KeyTrouble, match=r"data\.key"):
        ring()
    assert not (folder / "data.key").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620])
def test_a_key_that_others_may_touch_is_refused(folder, mode):
    put(folder, "data.key", ONE, mode)
    with pytest.raises(KeyTrouble, match="chmod 600"):
        ring()


@pytest.mark.parametrize("text", ["", "abc", "không phải base64", base64.b64encode(b"short").decode(), ONE[:-4]])
def test_what_is_no_key_of_32_bytes_is_refused_without_showing_it(folder, text):
    put(folder, "data.key", text)
    with pytest.raises(KeyTrouble) as refusal:
        ring()
    assert "data.key" in str(refusal.value)
    assert not text or text not in str(refusal.value)


def test_the_environment_goes_before_the_file(folder, monkeypatch):
    put(folder, "data.key", ONE)
    monkeypatch.setenv("MOTCUA_DATA_KEY", TWO)
    assert ring().current.secret == bytes([2]) * 32
    monkeypatch.setenv("MOTCUA_DATA_KEY", "nonsense")
    with pytest.raises(KeyTrouble, match="MOTCUA_DATA_KEY"):
        ring()


def test_older_keys_are_found_by_name_in_files_and_in_the_environment(folder, monkeypatch):
    put(folder, "data.key", TWO)
    put(folder, "data-2026.key", ONE)
    from_files = ring()
    monkeypatch.setenv("MOTCUA_DATA_KEY", f"{TWO}, {ONE}")
    for found in (from_files, ring()):
        assert found.current.secret == bytes([2]) * 32
        assert found.key(DataKey(bytes([1]) * 32).id).secret == bytes([1]) * 32


def test_a_missing_key_is_named(folder):
    with pytest.raises(KeyTrouble, match="abcdef"):
        Ring(DataKey(bytes(32))).key("abcdef")


def test_derived_keys_differ_by_use_and_by_key():
    one, two = DataKey(bytes([1]) * 32), DataKey(bytes([2]) * 32)
    derived = {one.id, two.id, one.id_index, two.id_index, one.name_index, two.name_index, one.secret, two.secret}
    assert len(derived) == 8


def test_a_key_does_not_show_in_its_text():
    assert repr(bytes([1]) * 32) not in repr(Ring(DataKey(bytes([1]) * 32)))


@pytest.mark.parametrize("harm", ["byte", "context", "key", "cut"])
def test_sealed_bytes_open_only_unchanged_in_their_place_and_with_their_key(harm):
    key = DataKey(bytes([1]) * 32)
    sealed = key.seal(b"thu", b"row 1")
    assert key.open(sealed, b"row 1") == b"thu"
    broken = {
        "byte": (key, sealed[:-1] + bytes([sealed[-1] ^ 1]), b"row 1"),
        "context": (key, sealed, b"row 2"),
        "key": (DataKey(bytes([2]) * 32), sealed, b"row 1"),
        "cut": (key, sealed[:20], b"row 1"),
    }
    by, what, context = broken[harm]
    with pytest.raises(KeyTrouble):
        by.open(what, context)
