"""The client's requests and the sandbox's answers against MTN's specifications, operation by operation.

Where the specifications are at odds with themselves or with what was measured, the exception stands here with its
reason. Everything else has to fit to the letter.
"""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from jsonschema import Draft7Validator

from momo.endpoints import ENDPOINTS, Endpoint
from tests.contract import specification
from tests.contract.every_call import Calls, Exchange
from tests.contract.specification import Operation

pytestmark = pytest.mark.skipif(
    not specification.FOLDER, reason="MOMO_OPENAPI_DIR does not say where MTN's specifications lie"
)

# What may be sent although the files do not list it, and what they list as required and is not sent.
SUBSCRIPTION_KEY = "ocp-apim-subscription-key"  # named by the files as a security scheme, not as a header
OTHER_PATH_VALUES = {
    ("GetBasicUserinfo", "accountHolderIdType"): "the files list MSISDN; MTN's own SDKs send msisdn, and so do we",
}
# Fields of answers whose type in the files is not the one that was measured.
OTHER_FIELDS = {
    ("GetUserInfoWithConsent", "address"): "a string in the files, an object in two measurements",
    ("GetUserInfoWithConsent", "credit_score"): "a string in the files, a number in two measurements",
    ("get-v1_0-apiuser", "targetEnvironment"): "an object with an API key in the files, the word when measured",
    ("GetBasicUserinfo", "gender"): "not in the file of Remittance; in the other two, and when measured",
}
# Statuses that the files do not list for an operation.
OTHER_STATUSES = {
    ("CancelInvoice", 202): "the file says 200; the live sandbox answered 202 (MTN's own tests)",
    ("CancelInvoice", 409): "a reference id that was used before; listed for every other call that takes one",
}
# Codes that MTN's documents name and the list in the files does not.
OTHER_CODES = {"COULD_NOT_PERFORM_TRANSACTION", "TRANSFER_TYPE_UNKNOWN"}


@pytest.fixture(scope="module")
def exchanges() -> list[Exchange]:
    return asyncio.run(Calls().all())


def rows() -> Iterator[tuple[str, Endpoint]]:
    for row in ENDPOINTS:
        for product in row.products or (None,):
            yield (product.value if product else ""), row


def problems(schema: Any, value: object) -> list[str]:
    found = Draft7Validator(specification.closed(schema)).iter_errors(value)
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in found]


# --- the table


def test_the_table_of_endpoints_has_every_operation_and_no_other() -> None:
    ours = {(product, row.operation) for product, row in rows()}

    assert ours == {operation.key for operation in specification.operations()}
    assert len(specification.operations()) == 23 + 16 + 12 + 3


def test_every_row_has_the_method_the_path_and_the_headers_of_its_operation() -> None:
    by_key = {operation.key: operation for operation in specification.operations()}
    for product, row in rows():
        operation = by_key[product, row.operation]
        assert operation.method == row.method
        assert operation.path.count("/") == row.path.count("/")
        assert ("x-reference-id" in operation.headers) == row.has_reference, row.name
        assert ("x-callback-url" in operation.headers) == row.has_callback, row.name
        assert ("x-target-environment" in operation.headers) == row.has_target, row.name
        assert set(row.accepts) <= set(operation.answers) | {
            status for name, status in OTHER_STATUSES if name == row.operation
        }


# --- requests


def test_every_operation_is_called(exchanges: list[Exchange]) -> None:
    called = {specification.find(one.request.method, one.path).key for one in exchanges}

    assert called == {operation.key for operation in specification.operations()}


def test_every_request_has_the_headers_its_operation_takes_and_no_other(exchanges: list[Exchange]) -> None:
    for one in exchanges:
        operation = specification.find(one.request.method, one.path)
        sent = {name.lower() for name in one.request.headers} - {"content-type"}
        required = {name for name, is_required in operation.headers.items() if is_required}
        assert required | {SUBSCRIPTION_KEY} <= sent, operation
        assert sent <= set(operation.headers) | {SUBSCRIPTION_KEY, "authorization"}, operation


def test_what_stands_in_a_path_is_on_its_list(exchanges: list[Exchange]) -> None:
    for one in exchanges:
        operation = specification.find(one.request.method, one.path)
        for name, value in (operation.names_in(one.path) or {}).items():
            if name in operation.path_enums and (operation.operation_id, name) not in OTHER_PATH_VALUES:
                assert value in operation.path_enums[name], operation


def test_every_body_fits_its_schema_and_nothing_has_one_without(exchanges: list[Exchange]) -> None:
    for one in exchanges:
        operation = specification.find(one.request.method, one.path)
        assert body_problems(operation, one) == [], operation


def body_problems(operation: Operation, one: Exchange) -> list[str]:
    body, media = one.request.body, one.request.headers.get("Content-Type")
    if operation.body is not None:
        assert media == "application/json"
        return problems(operation.body, json.loads(body or b""))
    if operation.form is not None:
        assert media == "application/x-www-form-urlencoded"
        return problems(operation.form, form_of(operation, body or b""))
    return [] if body is None and media is None else [f"a body of {media}"]


def form_of(operation: Operation, body: bytes) -> dict[str, object]:
    """The fields, with numbers where the schema wants them: a form has only texts."""
    fields: dict[str, object] = dict(parse_qsl(body.decode(), strict_parsing=True))
    types = {name: one.get("type") for name, one in (operation.form or {}).get("properties", {}).items()}
    return {name: int(str(value)) if types.get(name) == "integer" else value for name, value in fields.items()}


# --- answers


def test_every_answer_has_a_status_that_is_listed(exchanges: list[Exchange]) -> None:
    for one in exchanges:
        operation = specification.find(one.request.method, one.path)
        listed = one.response.status in operation.answers
        assert listed or (operation.operation_id, one.response.status) in OTHER_STATUSES, (operation, one.response)


def test_every_answer_fits_its_schema(exchanges: list[Exchange]) -> None:
    for one in exchanges:
        operation = specification.find(one.request.method, one.path)
        assert answer_problems(operation, one) == [], operation


def answer_problems(operation: Operation, one: Exchange) -> list[str]:
    schema = operation.answers.get(one.response.status)
    if schema is None:
        return []  # the files say nothing of it; what it is goes by the pages and by measurements
    if not one.response.body:
        return ["no body"]
    value = json.loads(one.response.body)
    if isinstance(value, dict):
        value = {name: part for name, part in value.items() if (operation.operation_id, name) not in OTHER_FIELDS}
    return [one for one in problems(schema, value) if not any(code in one for code in OTHER_CODES)]


def test_where_the_files_name_no_body_there_is_none(exchanges: list[Exchange]) -> None:
    for one in exchanges:
        if one.response.status == 202:
            assert one.response.body == b""


# --- the exceptions


def test_no_exception_is_left_that_nothing_needs(exchanges: list[Exchange]) -> None:
    """Each exception takes part in an answer or a request that was really seen."""
    seen: set[tuple[str, object]] = set()
    for one in exchanges:
        operation = specification.find(one.request.method, one.path)
        seen.add((operation.operation_id, one.response.status))
        seen |= {(operation.operation_id, name) for name in operation.path_enums}
        if one.response.body.startswith(b"{"):
            seen |= {(operation.operation_id, name) for name in json.loads(one.response.body)}
    assert {*OTHER_PATH_VALUES, *OTHER_FIELDS, *OTHER_STATUSES} <= seen
