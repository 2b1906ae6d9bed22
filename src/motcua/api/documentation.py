"""The interface's description as a page for people: every address with its scopes, values and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from motcua.agencies.policies import public
from motcua.api.problems import KINDS
from motcua.exchange.scopes import MEANING

TAGS: Mapping[str, Promise | str] = {
    "token": _("Mã truy cập"),
    "catalogue": _("Thủ tục và nơi tiếp nhận"),
    "dossiers": _("Hồ sơ"),
    "acts": _("Giải quyết hồ sơ"),
    "people": _("Người nộp"),
    "files": _("Tệp và giấy tờ"),
    "filings": _("Nộp hồ sơ thay người dân"),
    "figures": _("Số liệu"),
    "webhooks": _("Thông báo tự động"),
    "proofs": _("Bằng chứng của nhật ký"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a request: where it stands, its name, its shape, and whether it must be there."""

    where: str
    name: str
    shape: str
    required: bool


@dataclass(frozen=True, slots=True)
class Address:
    """One operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    scopes: tuple[str, ...]
    values: tuple[Value, ...]
    statuses: tuple[str, ...]


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The documentation, grouped as the description's tags are."""
    context = {
        "groups": [(label, _addresses().get(tag, ())) for tag, label in TAGS.items() if _addresses().get(tag)],
        "scopes": MEANING,
        "problems": KINDS,
    }
    return render(request, "api/docs.html", context)


@lru_cache(maxsize=1)
def _addresses() -> dict[str, tuple[Address, ...]]:
    from motcua.api.urls import api

    description = api.get_openapi_schema()
    found: dict[str, list[Address]] = {}
    for path, methods in description["paths"].items():
        for method, details in methods.items():
            found.setdefault(details["tags"][0], []).append(_address(description, method, path, details))
    return {tag: tuple(addresses) for tag, addresses in found.items()}


def _address(description: Mapping[str, Any], method: str, path: str, details: Mapping[str, Any]) -> Address:
    scopes = [scope for gate in details.get("security", ()) for named in gate.values() for scope in named]
    values = [
        Value(each["in"], each["name"], _shape(description, each["schema"]), bool(each.get("required")))
        for each in details.get("parameters", ())
    ]
    for content in details.get("requestBody", {}).get("content", {}).values():
        values += _body(description, content["schema"])
    text = details.get("description") or details.get("summary", "")
    return Address(
        details["operationId"],
        method.upper(),
        path,
        text,
        tuple(scopes),
        tuple(values),
        tuple(map(str, details["responses"])),
    )


def _body(description: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Value]:
    schema = _resolved(description, schema)
    required = schema.get("required", ())
    return [
        Value("body", name, _shape(description, inner), name in required)
        for name, inner in schema.get("properties", {}).items()
    ]


def _resolved(description: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return description["components"]["schemas"][name] if name else schema


def _shape(description: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """A value's shape in a few signs, such as `uuid`, `string ≤ 60`, `list of …` or the words it may be."""
    if "anyOf" in schema:
        return " | ".join(_shape(description, each) for each in schema["anyOf"] if each.get("type") != "null")
    inner = _resolved(description, schema)
    if "enum" in inner:
        return " | ".join(map(str, inner["enum"]))
    kind = inner.get("format") or inner.get("type", "")
    if kind == "array":
        return f"[{_shape(description, inner.get('items', {}))}]"
    if kind == "object":
        return "{" + ", ".join(inner.get("properties", ())) + "}"
    bounds = [f"≥ {inner['minimum']}"] if inner.get("minimum") else []
    bounds += [f"≤ {inner[name]}" for name in ("maxLength", "maximum") if name in inner]
    return " ".join([str(kind), *bounds])
