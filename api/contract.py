"""What the OpenAPI document says beyond what FastAPI finds out by itself: the same for the file and for clients."""

from typing import Any

from fastapi import FastAPI

from api import problems
from api.problem_codes import ProblemCode
from api.schemas import WriteReceiptDTO
from ontology.base import OntologyModel

Responses = dict[int | str, dict[str, Any]]

_LOCATION = {"Location": {"description": "where to read it, at once", "schema": {"type": "string"}, "required": True}}
_ETAG = {"ETag": {"description": "tag of what was sent, for If-None-Match", "schema": {"type": "string"}}}
_APPLIED = {"Preference-Applied": {"description": "how long was waited at most", "schema": {"type": "string"}}}
_ACCEPTED = {"description": "Accepted durably; it is written a moment later", "headers": {**_LOCATION, **_APPLIED}}

_PROBLEM_HEADERS = {
    401: {"WWW-Authenticate": {"description": "what is wrong with the token", "schema": {"type": "string"}}},
    403: {"WWW-Authenticate": {"description": "the scope that is missing", "schema": {"type": "string"}}},
    503: {"Retry-After": {"description": "seconds until a repetition makes sense", "schema": {"type": "integer"}}},
}


def create_responses(written: type[OntologyModel], *codes: ProblemCode) -> Responses:
    """How a creating route answers: accepted, written, or a problem."""
    return {
        201: {"model": written, "description": "Written", "headers": {**_LOCATION, **_ETAG, **_APPLIED}},
        202: _ACCEPTED,
        **problems.responses(*codes),
    }


def change_responses(changed: type[OntologyModel], *codes: ProblemCode, at_once: bool = False) -> Responses:
    """How a changing route answers: changed, accepted (unless it always changes at once), or a problem."""
    return {
        200: {"model": changed, "description": "Changed", "headers": {**_ETAG, **_APPLIED}},
        **({} if at_once else {202: {"model": WriteReceiptDTO, **_ACCEPTED}}),
        **problems.responses(*codes),
    }


def read_responses(*codes: ProblemCode) -> Responses:
    """How a route that reads one thing answers: the thing, unchanged, or a problem."""
    unchanged = {"description": "If-None-Match names what would be sent", "headers": _ETAG}
    return {
        200: {"description": "The thing, or how far its accepted write is", "headers": _ETAG},
        304: unchanged,
        **problems.responses(*codes),
    }


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document; problems carry their own media type, and an idempotency key is required."""
    described = app.openapi()
    _name_forms(described)
    for path in described["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                _describe_key(parameter)
            for status, response in operation["responses"].items():
                _describe_problem(int(status), response)
    return described


def _name_forms(described: dict[str, Any]) -> None:
    """A part of a form that is JSON is told as such, and not as a text that holds some (OpenAPI 3.1, 4.8.15)."""
    schemas = described["components"]["schemas"]
    for path in described["paths"].values():
        for operation in path.values():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                name = media["schema"].get("$ref", "").rpartition("/")[2]
                parts = schemas[name].get("properties", {}) if name.startswith("Body_") else {}
                for part, schema in parts.items():
                    if "contentSchema" in schema:
                        parts[part] = {**schema["contentSchema"], "description": schema.get("description", "")}
                        media["encoding"] = {**media.get("encoding", {}), part: {"contentType": "application/json"}}


def _describe_key(parameter: dict[str, Any]) -> None:
    """A missing key is answered with how to make one, so it is optional only to the code."""
    if parameter["name"] == "Idempotency-Key":
        schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"}
        parameter.update(required=True, schema=schema)


def _describe_problem(status: int, response: dict[str, Any]) -> None:
    codes = response.pop(problems.CODES_OF_ROUTE, [])
    if status >= 400 and "application/json" in response.get("content", {}):
        schema = response["content"]["application/json"]["schema"]
        of_route = {"type": "object", "properties": {"code": {"enum": codes}}, "required": ["code"]}
        response["content"] = {problems.MEDIA_TYPE: {"schema": {"allOf": [schema, of_route]}}}
        if status in _PROBLEM_HEADERS:
            response["headers"] = _PROBLEM_HEADERS[status]
