"""The description of the API (OpenAPI) as values for a page of ours: no script, no other host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

REF = "#/components/schemas/"


@dataclass(frozen=True)
class Field:
    """A parameter or a field: `of` names the kind of thing that it holds, where that is described by itself."""

    name: str
    kind: str
    says: str
    of: str = ""
    required: bool = False


@dataclass(frozen=True)
class Described:
    """One operation."""

    name: str
    method: str
    path: str
    title: str
    says: str
    parameters: tuple[Field, ...]
    answer: str
    body: str = ""
    media: str = ""


@dataclass(frozen=True)
class Thing:
    """One kind of thing that operations answer with."""

    name: str
    says: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Explained:
    """The page."""

    says: str
    operations: tuple[Described, ...]
    things: tuple[Thing, ...]


def page_of(description: Mapping[str, Any]) -> Explained:
    """What the page shows."""
    operations = tuple(
        _operation(path, method, one)
        for path, methods in description["paths"].items()
        for method, one in methods.items()
    )
    schemas = description["components"]["schemas"]
    things = tuple(
        Thing(name, _plain(one.get("description", "")), _fields(one))
        for name, one in sorted(schemas.items())
        if one.get("type") == "object"
    )
    return Explained(_plain(description["info"]["description"]), operations, things)


def _operation(path: str, method: str, told: Mapping[str, Any]) -> Described:
    good = next(one for status, one in told["responses"].items() if status.startswith("2"))
    content: list[Mapping[str, Any]] = list(good.get("content", {}).values())
    schema = content[0].get("schema", {}) if content else {}
    return Described(
        name=told["operationId"], method=method.upper(), path=path, title=told["summary"],
        says=_plain(told.get("description", "")), answer=_kind(schema)[1], **_body(told.get("requestBody", {})),
        parameters=tuple(
            Field(one["name"], _parameter(one["schema"]), one.get("description", ""), required=one["required"])
            for one in told["parameters"]
        ),
    )  # fmt: skip


def _body(told: Mapping[str, Any]) -> dict[str, str]:
    """What is sent with it: a kind of thing, or a file of one of the kinds that are taken."""
    content: Mapping[str, Any] = told.get("content", {})
    of = "".join(_kind(one.get("schema", {}))[1] for one in list(content.values())[:1])
    return {"body": of, "media": "" if of else ", ".join(content)}


def _parameter(schema: Mapping[str, Any]) -> str:
    return "text, may be repeated" if schema.get("type") == "array" else _kind(schema)[0]


def _fields(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    return tuple(Field(name, *_with(one)) for name, one in schema.get("properties", {}).items())


def _with(schema: Mapping[str, Any]) -> tuple[str, str, str]:
    kind, of = _kind(schema)
    return kind, schema.get("description", ""), of


def _kind(schema: Mapping[str, Any]) -> tuple[str, str]:
    """A type in words, and the kind of thing that it names."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(REF)
        return name, name
    choices = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if choices:
        told, of = _kind(choices[0])
        return f"{told}, or null", of
    if schema.get("type") == "array":
        told, of = _kind(schema.get("items", {}))
        return f"list of {told}", of
    return {"date": "date", "date-time": "date and time"}.get(
        schema.get("format", ""), NAMES.get(str(schema.get("type")), "any value")
    ), ""


NAMES = {
    "string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "object": "object",
}  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").split())
