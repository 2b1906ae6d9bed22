"""A real virus scanner looks at uploads: what it finds is refused, and so is everything while it does not answer."""

import io
import socket
import threading

import pytest

from motcua.config.env import BadSetting, scanner
from motcua.files import commands, scanning
from motcua.files.inspect import UploadRefused
from motcua.files.models import File
from support import clamd
from support.samples import PDF
from support.server import free_port

INFECTED = PDF + b"\n% " + clamd.VIRUS


@pytest.fixture(scope="module")
def scanner_address(tmp_path_factory):
    """A running clamd, which takes streams of at most a megabyte."""
    with clamd.running(tmp_path_factory.mktemp("clamd"), StreamMaxLength="1M") as address:
        yield address


def _refusal(content: bytes) -> str:
    with pytest.raises(UploadRefused) as refusal:
        commands.store_upload(io.BytesIO(content), "a.pdf")
    assert refusal.value.message
    return refusal.value.code


@pytest.mark.django_db
def test_a_file_in_which_nothing_is_found_is_kept(settings, scanner_address, vault_folder) -> None:
    settings.MOTCUA_CLAMAV = scanner_address
    assert commands.store_upload(io.BytesIO(PDF), "a.pdf").kind == "pdf"


@pytest.mark.django_db
def test_a_file_in_which_something_is_found_is_refused_and_leaves_nothing(
    settings, scanner_address, vault_folder, caplog
) -> None:
    settings.MOTCUA_CLAMAV = scanner_address
    assert _refusal(INFECTED) == "infected"
    assert not File.objects.exists()
    assert not [path for path in vault_folder.rglob("*") if path.is_file()]
    assert "found something" in caplog.text


@pytest.mark.django_db
def test_without_the_setting_nobody_is_asked(vault_folder) -> None:
    assert commands.store_upload(io.BytesIO(INFECTED), "a.pdf").kind == "pdf"


@pytest.mark.django_db
def test_a_scanner_that_is_away_lets_nothing_in(settings, vault_folder, tmp_path) -> None:
    for address in (f"unix:{tmp_path}/nobody.ctl", f"tcp:127.0.0.1:{free_port()}"):
        settings.MOTCUA_CLAMAV = address
        assert _refusal(PDF) == "not_scanned"
        assert not scanning.answers(address)
    assert not File.objects.exists()


@pytest.mark.django_db
def test_a_file_too_large_for_the_scanner_is_not_let_in_unseen(settings, scanner_address, vault_folder) -> None:
    settings.MOTCUA_CLAMAV = scanner_address
    assert _refusal(PDF + b"\n% " + bytes(2 * 2**20)) == "not_scanned"


def test_the_metrics_tell_whether_the_scanner_is_well(settings, scanner_address, tmp_path) -> None:
    def told() -> list[float]:
        return [sample.value for sample in scanning.GAUGE.read()]

    assert told() == []
    settings.MOTCUA_CLAMAV = scanner_address
    assert told() == [1]
    settings.MOTCUA_CLAMAV = f"unix:{tmp_path}/nobody.ctl"
    assert told() == [0]


@pytest.mark.parametrize("answer", [b"", b"stream: OK, more or less", b"UNKNOWN COMMAND\0"])
def test_only_a_plain_yes_is_a_yes(answer, tmp_path) -> None:
    """Somebody else listens where clamd should: whatever it says, nothing is let in."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "odd.ctl"))
        listening.listen()

        def reply() -> None:
            connection, _address = listening.accept()
            with connection:
                connection.recv(2**20)
                connection.sendall(answer)

        thread = threading.Thread(target=reply)
        thread.start()
        with pytest.raises(UploadRefused, match="not_scanned"):
            scanning.scan(PDF, f"unix:{tmp_path}/odd.ctl")
        thread.join()


@pytest.mark.parametrize("value", ["/run/clamd.ctl", "unix:clamd.ctl", "tcp:3310", "http://a:3310", "tcp:a:b", ""])
def test_an_address_that_cannot_be_one_is_refused_at_start(value) -> None:
    with pytest.raises(BadSetting):
        scanner("MOTCUA_CLAMAV", value)
