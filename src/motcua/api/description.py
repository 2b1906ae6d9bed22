"""The description of the interface (OpenAPI 3.1): scopes with each address, problems with their media type."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from motcua.api.gate import TOKEN_ADDRESS, Bearer
from motcua.api.problems import MEDIA_TYPE

_JSON = "application/json"


_ERROR = {"schema": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}}
_PROBLEM = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
_GIVEN = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in", "scope"],
    "properties": {
        "access_token": {"type": "string"},
        "token_type": {"type": "string", "enum": ["Bearer"]},
        "expires_in": {"type": "integer"},
        "scope": {"type": "string"},
    },
}
_FORM = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "enum": ["client_credentials"]},
        "client_id": {"type": "string"},
        "client_secret": {"type": "string"},
        "scope": {"type": "string"},
    },
}
_TOKEN: dict[str, Any] = {
    "operationId": "token",
    "summary": "Token",
    "description": "Get an access token for the client's id and secret, by HTTP Basic or in the form (RFC 6749, 4.4).",
    "tags": ["token"],
    "parameters": [],
    "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": _FORM}}},
    "responses": {
        200: {"description": "OK", "content": {_JSON: {"schema": _GIVEN}}},
        400: {"description": "Bad Request", "content": {_JSON: _ERROR, **_PROBLEM["content"]}},
        401: {"description": "Unauthorized", "content": {_JSON: _ERROR}},
        **{
            status: {"description": said, **_PROBLEM}
            for status, said in (
                (413, "Content Too Large"),
                (415, "Unsupported Media Type"),
                (429, "Too Many Requests"),
                (500, "Internal Server Error"),
                (503, "Service Unavailable"),
            )
        },
    },
}


class Description(OpenAPISchema):
    """Ninja's description, completed."""

    def get_paths(self) -> dict[str, Any]:
        """With the token endpoint, which is no address of Ninja's: its answers are those of RFC 6749."""
        paths: dict[str, Any] = super().get_paths()
        return {TOKEN_ADDRESS: {"post": _TOKEN}, **paths}

    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        """The scopes that the address asks for; none for a public one."""
        gates = [each for each in operation.auth_callbacks if isinstance(each, Bearer)]
        for gate in gates:
            self.securitySchemes["oauth2"] = gate.openapi_security_schema
        return [{"oauth2": [scope.value for scope in gate.scopes]} for gate in gates] or None

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        """With what may be wrong with any body: it cannot be read, or it is too large."""
        details: dict[str, Any] = super().operation_details(operation)
        if "requestBody" in details:
            described = details["responses"][422]
            for status, said in ((400, "Bad Request"), (413, "Content Too Large")):
                details["responses"].setdefault(status, {**described, "description": said})
        return details

    def responses(self, operation: Operation) -> dict[int, dict[str, Any]]:
        """Problems under their own media type; what is not JSON under the one that the address declares."""
        found: dict[int, dict[str, Any]] = super().responses(operation)
        for status, details in found.items():
            if status >= 400 and _JSON in details.get("content", {}):
                details["content"] = {MEDIA_TYPE: details["content"].pop(_JSON)}
        media = getattr(operation.view_func, "media", None)
        if media:
            schema = {"type": "string", "contentMediaType": media}
            found[200]["content"] = {media: {"schema": schema}}
        return found


class Interface(NinjaAPI):
    """The interface with its completed description."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._described: dict[str, Description] = {}

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name: what generated clients call their methods."""
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description of all addresses under the prefix they are mounted at; made once, for anybody may ask."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if prefix not in self._described:
            self._described[prefix] = Description(self, prefix)
        return self._described[prefix]
