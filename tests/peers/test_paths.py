"""Peers' fault: a name in a bulk import, an upload or an address that led out of its folder."""

import http.client
import io
import json
from pathlib import Path

import pytest

from support.session import HOME

CLIMBING = [
    "../../../keys/data.key",
    "..\\..\\keys\\data.key",
    "/etc/passwd",
    "a/../../b",
    "%2e%2e%2fkeys",
    "C:\\x",
    "x\x00.pdf",
]
# As they come over the wire: plain, encoded once and twice, with the other slash, and by an absolute path.
WIRED = [
    "/static/../keys/data.key", "/static/%2e%2e/keys/data.key", "/static/..%2fkeys%2fdata.key",
    "/static/%252e%252e/keys/data.key", "/static/..\\keys\\data.key", "/static//etc/passwd",
    "/static/....//keys/data.key",
    "/static/ui/../../keys/data.key", "/static/ui", "/static/", "/.git/config", "/keys/data.key", "/static/.stamp",
]  # fmt: skip


def test_no_address_leads_out_of_the_static_files(motcua_server) -> None:
    """The real web server, asked with the bytes as they stand: nothing of the data folder, no listing."""
    secrets = [path.read_text(encoding="ascii").strip() for path in (HOME / "keys").glob("*.key")]
    assert secrets
    host = motcua_server.url.removeprefix("http://")
    for address in WIRED:
        connection = http.client.HTTPConnection(host, timeout=30)
        connection.putrequest("GET", address, skip_host=True)
        connection.putheader("Host", host)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", errors="replace")
        connection.close()
        assert answer.status in {301, 302, 400, 404}, address
        assert not [secret for secret in secrets if secret in body], address
        assert "root:" not in body, address
        assert "Index of" not in body, address


@pytest.mark.django_db
@pytest.mark.parametrize("name", CLIMBING)
def test_a_name_of_an_upload_leads_nowhere(name, tmp_path, settings) -> None:
    from motcua.files import commands
    from support.world import PDF

    settings.MEDIA_ROOT = tmp_path / "inside" / "files"
    name = name if name.endswith(".pdf") else f"{name}.pdf"
    kept = commands.store_upload(io.BytesIO(PDF), name)
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert path.is_relative_to(settings.MEDIA_ROOT)
    assert path.name == kept.id.hex
    assert not {"/", "\\", "\x00"} & set(kept.name)
    assert ".." not in kept.name.split("/")


@pytest.mark.django_db
@pytest.mark.parametrize("name", CLIMBING[:-1])
def test_a_name_in_a_bulk_import_stays_a_text(name, tmp_path, monkeypatch) -> None:
    """Forms of procedures are named in the national portal's records: a name opens and writes nothing."""
    from motcua.procedures.importers import import_files

    record = {
        "code": "9.999999", "name": f"Thủ tục {name}", "field": name, "url": f"file:///{name}",
        "forms": [name], "components": [{"name": name, "form": name}],
    }  # fmt: skip
    source = tmp_path / "in" / "procedures.jsonl"
    source.parent.mkdir()
    source.write_text(json.dumps(record) + "\n", encoding="utf-8")
    opened: list[str] = []
    before = set(tmp_path.rglob("*"))
    original = Path.open
    monkeypatch.setattr(
        Path, "open", lambda self, *rest, **more: opened.append(str(self)) or original(self, *rest, **more)
    )
    import_files([source])
    assert set(opened) <= {str(source)}
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.django_db
def test_there_is_no_admin_that_shows_what_was_stored(client) -> None:
    """Peers' fault: a script stored by one and run in the admin of another. Django's admin is not there at all."""
    from django.apps import apps
    from django.urls import NoReverseMatch, reverse

    assert not apps.is_installed("django.contrib.admin")
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")
    assert client.get("/admin/").status_code == 404
