"""MTN's specifications, read as they are: OpenAPI 3 and Swagger 2 in one shape, with their references resolved.

They are not part of this repository: `MOMO_OPENAPI_DIR` says where they lie.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = os.environ.get("MOMO_OPENAPI_DIR", "")
FILES = {
    "collection": "collection.json",
    "disbursement": "disbursement.json",
    "remittance": "remittance.json",
    "": "sandbox-provisioning-api.json",  # at the root of the host
}
# Left-overs of somebody at MTN trying the portal out; they name no operation of the product.
JUNK = {"671b099705fd58bc55c9bbca", "671b4b855d145f9b8f15e836"}
_METHODS = {"get", "post", "put", "delete", "patch"}

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation: what it takes and what it answers."""

    product: str
    operation_id: str
    method: str
    path: str
    headers: Mapping[str, bool]  # name in lower case -> required
    path_enums: Mapping[str, tuple[str, ...]]
    body: Schema | None  # of JSON
    form: Schema | None
    answers: Mapping[int, Schema | None]

    @property
    def key(self) -> tuple[str, str]:
        return self.product, self.operation_id

    def names_in(self, path: str) -> Mapping[str, str] | None:
        """What stands for the names of the path's template; None if the path is another one."""
        template = f"/{self.product}{self.path}" if self.product else self.path
        names = re.findall(r"\{([^}]+)\}", template)
        pattern = re.sub(r"\\\{[^}]+\\\}", "([^/]+)", re.escape(template))
        match = re.fullmatch(pattern, path)
        return dict(zip(names, match.groups(), strict=True)) if match else None


@cache
def operations() -> tuple[Operation, ...]:
    """All operations of the four files, without the junk."""
    read = (operation for product, name in FILES.items() for operation in _operations_of(product, name))
    return tuple(operation for operation in read if operation.operation_id not in JUNK)


def find(method: str, path: str) -> Operation:
    """The operation that a request is for."""
    (found,) = (one for one in operations() if one.method == method and one.names_in(path) is not None)
    return found


def closed(schema: Schema) -> dict[str, Any]:
    """The schema, taken at its word: no property that it does not name."""
    if schema.get("type") == "array":
        return {**schema, "items": closed(schema["items"])}
    if "properties" not in schema:
        return dict(schema)
    inner = {name: closed(value) for name, value in schema["properties"].items()}
    return {**schema, "properties": inner, "additionalProperties": False}


def _operations_of(product: str, name: str) -> Iterator[Operation]:
    whole = json.loads(Path(FOLDER, name).read_text("utf-8"))
    for path, methods in whole["paths"].items():
        for method, row in methods.items():
            if method in _METHODS:
                yield _operation(whole, product, path, method, row)


def _operation(whole: Schema, product: str, path: str, method: str, row: Schema) -> Operation:
    parameters = [_resolved(whole, one) for one in row.get("parameters", [])]
    return Operation(
        product=product,
        operation_id=row["operationId"],
        method=method.upper(),
        path=path,
        headers={one["name"].lower(): bool(one.get("required")) for one in parameters if one["in"] == "header"},
        path_enums={one["name"]: tuple(enum) for one in parameters if one["in"] == "path" and (enum := _enum(one))},
        body=_body(whole, row, parameters, "application/json"),
        form=_form(whole, row, parameters),
        answers={int(status): _answer(whole, answer) for status, answer in row["responses"].items()},
    )


def _enum(parameter: Schema) -> list[str] | None:
    return parameter.get("enum") or parameter.get("schema", {}).get("enum")


def _body(whole: Schema, row: Schema, parameters: list[Any], media: str) -> Schema | None:
    for one in parameters:
        if one["in"] == "body":  # Swagger 2
            return _resolved(whole, one["schema"])
    content = row.get("requestBody", {}).get("content", {}).get(media)
    return _resolved(whole, content.get("schema", {})) if content is not None else None


def _form(whole: Schema, row: Schema, parameters: list[Any]) -> Schema | None:
    fields = {one["name"]: one for one in parameters if one["in"] == "formData"}  # Swagger 2
    if fields:
        kept = {name: {k: v for k, v in one.items() if k in {"type", "enum"}} for name, one in fields.items()}
        return {"properties": kept}
    return _body(whole, row, [], "application/x-www-form-urlencoded")


def _answer(whole: Schema, answer: Schema) -> Schema | None:
    """The schema of an answer. The files name media types such as "Payer not found"; all have the same schema."""
    if "schema" in answer:  # Swagger 2
        return _resolved(whole, answer["schema"])
    content = answer.get("content", {})
    media = content.get("application/json") or next(iter(content.values()), {})
    return _resolved(whole, media["schema"]) if "schema" in media else None


def _resolved(whole: Schema, part: Any) -> Any:
    if isinstance(part, list):
        return [_resolved(whole, one) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        target: Any = whole
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return _resolved(whole, target)
    return {name: _resolved(whole, value) for name, value in part.items() if name not in {"example", "description"}}
