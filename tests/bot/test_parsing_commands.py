"""One-line commands: where the number ends and the amount begins, and that nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.badinput import BadInput
from bot.chat.badinput import BadReason as Why
from bot.chat.parsing import (
    Choices,
    Order,
    RefundLine,
    RoleLine,
    parse_order,
    parse_reference,
    parse_refund,
    parse_role,
)
from bot.domain.roles import Role
from momo import Market, market_of

UGANDA = market_of("mtnuganda")
IVORY_COAST = market_of("mtnivorycoast")
SANDBOX = market_of("sandbox")
REFERENCE_ID = "6f1c7a1e-8b1f-4c1d-9d0e-0a1b2c3d4e5f"


def plain(order: Order) -> tuple[str, str, str]:
    return str(order.msisdn), order.amount.wire(), order.note


def one(text: str, market: Market) -> tuple[str, str, str]:
    order = parse_order("pay", text, market)
    assert isinstance(order, Order)
    return plain(order)


def two(text: str, market: Market) -> list[tuple[str, str, str]]:
    choices = parse_order("pay", text, market)
    assert isinstance(choices, Choices)
    return [plain(order) for order in choices.readings]


@pytest.mark.parametrize(
    ("text", "amount", "note"),
    [
        ("0700123456 5000", "5000", ""),
        ("0700123456 5000 rent", "5000", "rent"),
        ("  0700123456   5000  rent for  May ", "5000", "rent for May"),
        ("0700 123 456 5000 rent", "5000", "rent"),
        ("700 123 456 5000", "5000", ""),
        ("+256 700 123 456 5000 rent", "5000", "rent"),
        ("+256 (0)700 123456 5k rent", "5000", "rent"),
        ("256700123456 5k", "5000", ""),
        ("0700-123-456 1.5k", "1500", ""),
        ("0700123456 1,000,000 car", "1000000", "car"),
        ("0700123456 5000 UGX rent", "5000", "rent"),
        ("0700123456 UGX 5000 rent", "5000", "rent"),
        ("0700123456 5000ugx", "5000", ""),
        ("0700123456 5000 2 bags", "5000", "2 bags"),
        ("0700123456 5000 2026 fees", "5000", "2026 fees"),
        ("0700123456 5 200bags", "5", "200bags"),
        ("0700123456 5000 for 200 bags", "5000", "for 200 bags"),
        ("0700123456 5k 200 bags", "5000", "200 bags"),
        ("0700123456 5000 <b>&", "5000", "<b>&"),
    ],
)
def test_a_clear_line_is_one_order(text: str, amount: str, note: str):
    assert one(text, UGANDA) == ("256700123456", amount, note)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("0700123456 5 000 rent", [("5", "000 rent"), ("5000", "rent")]),
        ("0700 123 456 5 000 rent", [("5", "000 rent"), ("5000", "rent")]),
        ("0700123456 5 000", [("5", "000"), ("5000", "")]),
        ("0700123456 5\u00a0000", [("5", "000"), ("5000", "")]),
        ("0700123456 5 000 000", [("5", "000 000"), ("5000000", "")]),
        ("0700123456 5 000 200bags", [("5", "000 200bags"), ("5000", "200bags")]),
        ("0700123456 5000 200 bags", [("5000", "200 bags"), ("5000200", "bags")]),
        ("0700123456 5 000 UGX rent", [("5", "000 UGX rent"), ("5000", "rent")]),
        ("0700123456 5 000UGX", [("5", "000UGX"), ("5000", "")]),
        ("0700123456 UGX 5 000 rent", [("5", "000 rent"), ("5000", "rent")]),
        ("0700123456 5.000 rent", [("5", "rent"), ("5000", "rent")]),
        ("0700123456 1,000 UGX", [("1", ""), ("1000", "")]),
        ("0700 123 456 789 5000", [("789", "5000"), ("7895000", "")]),
        ("0700 123 456 5000 2 bags", [("5000", "2 bags"), ("50002", "bags")]),
    ],
)
def test_two_meanings_are_two_choices(text: str, readings: list[tuple[str, str]]):
    assert two(text, UGANDA) == [("256700123456", *reading) for reading in readings]


def test_a_calling_code_in_a_group_of_its_own_may_also_begin_a_national_number():
    assert two("256 700 123 456 5000", UGANDA) == [
        ("256256700123", "456", "5000"),
        ("256700123456", "5000", ""),
    ]


@pytest.mark.parametrize(
    ("text", "market", "example"),
    [
        ("256 700 123 456 500", UGANDA, "/pay 256700123456 500"),
        ("256 700 123 456 5 000 rent", UGANDA, "/pay 256700123456 5000"),
        ("256 700 123 456 rent", UGANDA, "/pay 256700123456 5000"),
        ("256 700 123 456", UGANDA, "/pay 256700123 456"),
        ("46733 123 453 100", SANDBOX, "/pay 46733123453 100"),
    ],
)
def test_more_than_two_meanings_are_refused_with_the_advice_to_write_without_spaces(
    text: str, market: Market, example: str
):
    assert refused(text, market) == (Why.ORDER_UNCLEAR, example)


def test_numbers_of_a_market_that_keeps_its_zero():
    assert one("05 01 02 03 04 500", IVORY_COAST) == ("2250501020304", "500", "")
    assert one("+225 0501020304 500 pain", IVORY_COAST) == ("2250501020304", "500", "pain")
    assert two("0501020304 5 000", IVORY_COAST) == [("2250501020304", "5", "000"), ("2250501020304", "5000", "")]


def test_in_the_sandbox_the_first_word_is_the_whole_number_unless_it_is_short():
    assert one("46733123453 25 rent", SANDBOX) == ("46733123453", "25", "rent")
    assert one("46733123453 12,50", SANDBOX) == ("46733123453", "12.5", "")
    assert one("46733 123453 25 rent", SANDBOX) == ("46733123453", "25", "rent")
    assert two("46733123453 5 000", SANDBOX) == [("46733123453", "5", "000"), ("46733123453", "5000", "")]
    assert two("46 733 123 453 25", SANDBOX) == [("46733123", "453", "25"), ("46733123453", "25", "")]


def refused(text: str, market: Market = UGANDA) -> tuple[Why, str]:
    with pytest.raises(BadInput) as caught:
        parse_order("pay", text, market)
    return caught.value.reason, caught.value.example


@pytest.mark.parametrize(
    ("text", "reason", "example"),
    [
        ("", Why.NUMBER_MISSING, "/pay 0712345678 5000"),
        ("0700123456", Why.AMOUNT_MISSING, "/pay 0700123456 5000"),
        ("0700 123 456", Why.AMOUNT_MISSING, "/pay 0700123456 5000"),
        ("5000", Why.NUMBER_TOO_SHORT, "/pay 0712345678 5000"),
        ("5000 0700123456", Why.NUMBER_TOO_SHORT, "/pay 0700123456 5000"),
        ("0700123456 rent", Why.AMOUNT_NOT_A_NUMBER, "/pay 0700123456 5000"),
        ("0700123456 rent 5000", Why.AMOUNT_NOT_A_NUMBER, "/pay 0700123456 5000"),
        ("rent 5000", Why.NUMBER_LETTERS, "/pay 0712345678 5000"),
        ("070012345 700", Why.NUMBER_TOO_SHORT, "/pay 0712345678 700"),
        ("07001234567 700", Why.NUMBER_TOO_LONG, "/pay 0712345678 700"),
        ("0700 123 5000", Why.NUMBER_TOO_SHORT, "/pay 0712345678 5000"),
        ("+254700123456 700", Why.NUMBER_OTHER_COUNTRY, "/pay 0712345678 700"),
        ("00256700123456 700", Why.NUMBER_DOUBLE_ZERO, "/pay +256700123456 700"),
        ("0700123456 -700", Why.AMOUNT_NEGATIVE, "/pay 0700123456 700"),
        ("0700123456 ７００", Why.AMOUNT_NOT_ASCII, "/pay 0700123456 700"),
        ("0700123456 12.50", Why.AMOUNT_TOO_MANY_DECIMALS, "/pay 0700123456 12"),
        ("0700123456 700 USD", Why.AMOUNT_OTHER_CURRENCY, "/pay 0700123456 700"),
        ("0700123456 usd 700", Why.AMOUNT_OTHER_CURRENCY, "/pay 0700123456 700"),
        ("0700123456 5 000 USD", Why.AMOUNT_OTHER_CURRENCY, "/pay 0700123456 5000"),
        ("0700123456 5 000.50", Why.AMOUNT_TOO_MANY_DECIMALS, "/pay 0700123456 5000"),
        ("0700123456 900 000 000 000", Why.AMOUNT_TOO_LARGE, "/pay 0700123456 5000"),
        ("0700123456 0 500", Why.AMOUNT_ZERO, "/pay 0700123456 5000"),
        ("0 " * 2000, Why.NUMBER_DOUBLE_ZERO, "/pay 0712345678 5000"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_line_as_it_should_be(text: str, reason: Why, example: str):
    assert refused(text) == (reason, example)


WORDS = st.lists(
    st.sampled_from(["0700", "123", "456", "256", "0700123456", "+256", "5", "000", "5000", "1,000", "5k"])
    | st.sampled_from(["UGX", "USD", "rent", "46", "733", "46733123453", "-5", "12.50", "(0)", "٣"]),
    max_size=7,
)


@given(words=WORDS, market=st.sampled_from([UGANDA, SANDBOX, IVORY_COAST]))
def test_every_line_is_one_order_two_different_ones_or_refused_with_a_line_that_is_right(
    words: list[str], market: Market
):
    try:
        result = parse_order("pay", " ".join(words), market)
    except BadInput as bad:
        result = parse_order("pay", bad.example.removeprefix("/pay "), market)
        assert isinstance(result, Order)
    orders = [result] if isinstance(result, Order) else list(result.readings)
    assert len(set(orders)) == len(orders) <= 2
    for order in orders:
        assert " ".join(words).endswith(order.note)
        assert one(f"+{order.msisdn} {order.amount.wire()}", market) == (*plain(order)[:2], "")


@pytest.mark.parametrize("text", [REFERENCE_ID, REFERENCE_ID.upper(), f" {REFERENCE_ID} "])
def test_a_reference_id_is_taken_in_any_case(text: str):
    assert parse_reference(text) == REFERENCE_ID


@pytest.mark.parametrize("text", ["7K3MQP", "7k3mqp", "#7K3MQP", "#7k3mQp", " 7K3MQP\n"])
def test_a_short_code_is_taken_in_any_case_with_or_without_its_sign(text: str):
    assert parse_reference(text) == "7K3MQP"


@pytest.mark.parametrize(
    "text",
    [
        "7K3MQ",
        "7K3MQPP",
        "7K3MQ0",
        "7K3MQI",
        "##7K3MQP",
        "７K3MQP",
        "7K3M QP",
        REFERENCE_ID.replace("-4", "-1"),
        REFERENCE_ID.replace("-9", "-c"),
        REFERENCE_ID.replace("-", ""),
        f"{{{REFERENCE_ID}}}",
    ],
)
def test_what_is_neither_is_refused(text: str):
    with pytest.raises(BadInput) as caught:
        parse_reference(text)
    assert (caught.value.reason, caught.value.example) == (Why.REFERENCE_SHAPE, "7K3MQP")


@pytest.mark.parametrize(
    ("text", "amount", "reason"),
    [
        ("7K3MQP", None, ""),
        ("7K3MQP wrong item", None, "wrong item"),
        ("7K3MQP 700", "700", ""),
        ("7K3MQP 5k wrong item", "5000", "wrong item"),
        ("7K3MQP 700 UGX wrong", "700", "wrong"),
        ("7K3MQP UGX 700 wrong", "700", "wrong"),
        ("7K3MQP UGX700 wrong", "700", "wrong"),
        ("7K3MQP UGX wrong", None, "UGX wrong"),
        ("7K3MQP item 5 wrong", None, "item 5 wrong"),
    ],
)
def test_a_refund_names_an_amount_a_reason_both_or_neither(text: str, amount: str | None, reason: str):
    line = parse_refund(text, UGANDA)
    assert isinstance(line, RefundLine)
    assert (line.reference, line.amount and line.amount.wire(), line.reason) == ("7K3MQP", amount, reason)


@pytest.mark.parametrize("text", ["7K3MQP 5 000 wrong", "7K3MQP 5.000 wrong"])
def test_a_refund_of_an_unclear_amount_is_asked_back(text: str):
    choices = parse_refund(text, UGANDA)
    assert isinstance(choices, Choices)
    assert [line.amount and line.amount.wire() for line in choices.readings] == ["5", "5000"]


@pytest.mark.parametrize(
    ("text", "reason", "example"),
    [
        ("", Why.REFERENCE_MISSING, "/refund 7K3MQP"),
        ("everything", Why.REFERENCE_SHAPE, "/refund 7K3MQP"),
        ("ABCDEF -700", Why.AMOUNT_NEGATIVE, "/refund ABCDEF 700"),
        ("ABCDEF €700", Why.AMOUNT_NOT_ASCII, "/refund ABCDEF 700"),
        ("ABCDEF ٧٠٠", Why.AMOUNT_NOT_ASCII, "/refund ABCDEF 700"),
        ("ABCDEF .5", Why.AMOUNT_NOT_A_NUMBER, "/refund ABCDEF 5"),
        ("ABCDEF USD 700", Why.AMOUNT_OTHER_CURRENCY, "/refund ABCDEF 700"),
        ("ABCDEF 2nd payment", Why.AMOUNT_NOT_A_NUMBER, "/refund ABCDEF 2"),
        ("ABCDEF 0", Why.AMOUNT_ZERO, "/refund ABCDEF 5000"),
    ],
)
def test_a_wrong_amount_never_becomes_the_reason_of_a_whole_refund(text: str, reason: Why, example: str):
    with pytest.raises(BadInput) as caught:
        parse_refund(text, UGANDA)
    assert (caught.value.reason, caught.value.example) == (reason, example)


@pytest.mark.parametrize(
    ("text", "replying", "line"),
    [
        ("1002 cashier", False, RoleLine(1002, Role.CASHIER)),
        ("1002 ADMIN", False, RoleLine(1002, Role.ADMIN)),
        ("1002 auditor", True, RoleLine(1002, Role.AUDITOR)),
        ("1002 none", False, RoleLine(1002, None)),
        ("cashier", True, RoleLine(None, Role.CASHIER)),
        (" None ", True, RoleLine(None, None)),
    ],
)
def test_a_role_is_for_the_id_or_for_the_person_replied_to(text: str, replying: bool, line: RoleLine):
    assert parse_role(text, replying=replying) == line


@pytest.mark.parametrize(
    ("text", "replying", "reason", "example"),
    [
        ("", False, Why.USER_ID_MISSING, "/role 123456789 cashier"),
        ("admin", False, Why.USER_ID_MISSING, "/role 123456789 admin"),
        ("@somebody admin", False, Why.USER_ID_SHAPE, "/role 123456789 cashier"),
        ("-5 admin", False, Why.USER_ID_SHAPE, "/role 123456789 cashier"),
        ("１００２ admin", False, Why.USER_ID_SHAPE, "/role 123456789 cashier"),
        ("1002", False, Why.ROLE_MISSING, "/role 1002 cashier"),
        ("1002 owner", False, Why.ROLE_UNKNOWN, "/role 1002 cashier"),
        ("1002 cash ier", False, Why.ROLE_UNKNOWN, "/role 1002 cashier"),
        ("", True, Why.ROLE_MISSING, "/role cashier"),
        ("boss", True, Why.ROLE_UNKNOWN, "/role cashier"),
    ],
)
def test_an_unclear_role_is_refused(text: str, replying: bool, reason: Why, example: str):
    with pytest.raises(BadInput) as caught:
        parse_role(text, replying=replying)
    assert (caught.value.reason, caught.value.example) == (reason, example)
