"""How an address becomes Django's settings, for each role."""

import pytest

from motcua.config import database, roles
from motcua.config.home import secret


def test_an_address_gives_every_part_of_the_connection() -> None:
    entry = database.entry("owner", url="postgresql://an:b%40c@db.example:5433/mot%20cua?sslmode=require")
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "an", "b@c", "db.example", "5433", "mot cua",
    )  # fmt: skip
    assert entry["OPTIONS"] == {"sslmode": "require", "connect_timeout": "10"}


def test_the_application_takes_its_own_role_on_a_given_server() -> None:
    entry = database.entry("app", url="postgresql://an@/motcua?host=/run/pg&options=-c%20jit%3Doff")
    assert entry["HOST"] == "/run/pg"
    assert entry["OPTIONS"]["options"] == f"-c jit=off -c role={roles.APP} -c motcua.reader=system"


@pytest.mark.parametrize("url", ["postgresql://an@db", "mysql://an@db/x", "db", "postgresql:///"])
def test_an_address_without_database_or_of_another_kind_is_refused(url) -> None:
    with pytest.raises(database.BadSetting):
        database.entry("app", url=url)


@pytest.mark.parametrize(("role", "login"), [("app", roles.APP), ("owner", roles.OWNER)])
def test_the_embedded_server_knows_each_role_by_a_login_of_its_own(tmp_path, role, login) -> None:
    password = secret(login, tmp_path)
    entry = database.entry(role, folder=tmp_path)
    assert (entry["USER"], entry["PASSWORD"], entry["NAME"]) == (login, password, "motcua")


def test_a_secret_is_made_once_for_its_owner_only(tmp_path) -> None:
    first = secret("django", tmp_path)
    path = tmp_path / "keys" / "django.key"
    assert secret("django", tmp_path) == first
    assert len(first) == 64
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_only_a_process_that_says_so_connects_as_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://an@/motcua"
    monkeypatch.setitem(database._here, "system", False)
    assert database.entry("app", url=url)["OPTIONS"]["options"] == f"-c role={roles.APP}"
    assert "options" not in database.entry("owner", url=url)["OPTIONS"]
    database.read_as_system()
    assert database.entry("app", url=url)["OPTIONS"]["options"] == f"-c role={roles.APP} -c motcua.reader=system"
    assert "options" not in database.entry("owner", url=url)["OPTIONS"]
