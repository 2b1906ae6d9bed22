"""What the office's forms send when they are filled in: for every test that presses a button over HTTP."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client


@pytest.fixture
def intake_data() -> Callable[..., dict[str, Any]]:
    """What the intake form of MARRIAGE sends when an officer fills it in completely; values may be changed."""

    def make(**changes: Any) -> dict[str, Any]:
        from motcua.dossiers.commands import new_id

        data = {
            "command_id": str(new_id()),
            "do": "save",
            "card": "",
            "channel": "direct",
            "sets": "1",
            "fee": "15.000",
            "return_method": "desk",
            "request": "",
            "asked": "",
            "why": "",
            "owner-kind": "citizen",
            "owner-name": "Nguyễn Thị Mẫu",
            "owner-id_number": "079190000012",
            "owner-phone": "0901234123",
            "owner-address": "Số 12, đường Hoa Sen, Tân An",
            "owner-birth_date": "05/02/1990",
            "owner-sex": "female",
            "owner-id_kind": "",
            "owner-email": "",
            "by-name": "",
            "by-id_number": "",
            "by-phone": "",
            "by-address": "",
            "p1-have": "on",
            "p1-originals": "1",
            "p2-have": "on",
        }
        return data | {name.replace("__", "-"): value for name, value in changes.items()}

    return make


@pytest.fixture
def act_data(client: Client) -> Callable[..., dict[str, Any]]:
    """What a form on a dossier's page sends: its hidden fields as the page shows them now, and the values given."""

    def make(dossier: UUID, **values: Any) -> dict[str, Any]:
        from motcua.dossiers.commands import new_id

        page = client.get(f"/office/ho-so/{dossier}/").content.decode()
        seen = re.search(r'name="seen_seq" value="(\d+)"', page)
        return {"command_id": str(new_id()), "seen_seq": seen[1] if seen else "1", **values}

    return make
