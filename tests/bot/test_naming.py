"""Contacts' names in orders and in the lines of /contacts."""

import pytest

from bot.chat.badinput import BadInput
from bot.chat.badinput import BadReason as Why
from bot.chat.naming import parse_name, parse_order_to, parse_renaming, parse_saving
from bot.chat.parsing import Choices, Order
from momo import Market, Msisdn, market_of

UGANDA = market_of("mtnuganda")
SHOP, BAKERY, CORNER = Msisdn("256772123456"), Msisdn("256772123457"), Msisdn("256772123458")
SAVED = {"Corner shop": SHOP, "Corner bakery": BAKERY, "Aïcha": CORNER}


def order_of(line: str, saved: dict[str, Msisdn] = SAVED, market: Market = UGANDA) -> Order:
    order = parse_order_to("pay", line, market, saved)
    assert isinstance(order, Order)
    return order


@pytest.mark.parametrize(
    ("line", "msisdn", "amount", "note"),
    [
        ("Corner shop 5000", SHOP, "5000", ""),
        ("corner  SHOP 5k rent of May", SHOP, "5000", "rent of May"),
        ("corner bakery 700 bread", BAKERY, "700", "bread"),
        ("AÏCHA 700", CORNER, "700", ""),
        ("0772123456 5k rent", SHOP, "5000", "rent"),
    ],
)
def test_a_saved_name_stands_for_its_number(line: str, msisdn: Msisdn, amount: str, note: str) -> None:
    order = order_of(line)
    assert (order.msisdn, order.amount.wire(), order.note) == (msisdn, amount, note)


def test_the_words_a_name_begins_with_are_enough_where_only_one_does() -> None:
    assert order_of("corner 5000", {"Corner shop": SHOP, "Market": BAKERY}).msisdn == SHOP


def test_a_whole_name_goes_before_the_beginning_of_another() -> None:
    assert order_of("corner 5000", {**SAVED, "Corner": CORNER}).msisdn == CORNER


def test_a_name_that_ends_in_a_number_is_asked_back() -> None:
    choices = parse_order_to("pay", "Shop 2 5000", UGANDA, {"Shop": SHOP, "Shop 2": BAKERY})
    assert isinstance(choices, Choices)
    assert {(o.msisdn, o.amount.wire(), o.note) for o in choices.readings} == {
        (SHOP, "2", "5000"),
        (BAKERY, "5000", ""),
    }


@pytest.mark.parametrize(
    ("line", "reason", "example"),
    [
        ("corner 5000", Why.CONTACT_UNCLEAR, "/pay Corner shop 5000"),
        ("corner shop", Why.AMOUNT_MISSING, "/pay Corner shop 5000"),
        ("corner shop -700", Why.AMOUNT_NEGATIVE, "/pay Corner shop 700"),
        ("aïcha 700 000 000 000 000", Why.AMOUNT_TOO_LARGE, "/pay Aïcha 5000"),
        ("nobody 5000", Why.NUMBER_LETTERS, "/pay 0712345678 5000"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_one_that_can(line: str, reason: Why, example: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_order_to("pay", line, UGANDA, SAVED)
    assert (caught.value.reason, caught.value.example) == (reason, example)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Corner shop 0772123456", "Corner shop"),
        ("Corner  shop 0772 123 456", "Corner shop"),
        ("0772 123 456 Corner shop", "Corner shop"),
        ("+256 772 123 456 Corner shop", "Corner shop"),
        ("Corner shop +256 772 123 456", "Corner shop"),
        ("Shop 2 0772123456", "Shop 2"),
        ("Shop 2 0772 123 456", "Shop 2"),
    ],
)
def test_a_contact_is_a_name_and_a_number_in_either_order(line: str, name: str) -> None:
    assert parse_saving(line, UGANDA) == (name, SHOP)


@pytest.mark.parametrize(
    ("line", "reason", "example"),
    [
        ("", Why.CONTACT_NAME_MISSING, "/contacts add Corner shop 0712345678"),
        ("0772123456", Why.CONTACT_NAME_MISSING, "/contacts add Corner shop 256772123456"),
        ("Corner shop", Why.NUMBER_MISSING, "/contacts add Corner shop 0712345678"),
        ("Corner shop 077", Why.NUMBER_TOO_SHORT, "/contacts add Corner shop 0712345678"),
        ("0772123456 (Corner)", Why.CONTACT_NAME_SHAPE, "/contacts add Corner) 256772123456"),
    ],
)
def test_a_contact_that_cannot_be_is_refused_with_one_that_can(line: str, reason: Why, example: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_saving(line, UGANDA)
    assert (caught.value.reason, caught.value.example) == (reason, example)


@pytest.mark.parametrize("text", ["", "   ", "2 brothers", "0772123456", "x" * 41, "A\u202eb", "<b>"])
def test_what_is_no_name_is_refused_with_one_that_is(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_name(text)
    assert parse_name(caught.value.example) == caught.value.example


def test_renaming_names_the_old_and_perhaps_the_new() -> None:
    assert parse_renaming("Corner shop =  Market   stall") == ("Corner shop", "Market stall")
    assert parse_renaming("Corner shop") == ("Corner shop", "")
    with pytest.raises(BadInput, match="contact_name_shape") as caught:
        parse_renaming("Corner shop = 5")
    assert caught.value.example == "/contacts rename Corner shop = Corner shop"
