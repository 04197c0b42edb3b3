"""Refunds in the chat: of the rest by default, never of more, and never without an approval."""

from itertools import count

from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop, code_of

pytestmark = JOURNEY

amounts = (f"{number}.08" for number in count(50))


async def refunded(shop: Shop, line: str) -> str:
    """Have a refund asked, confirmed and approved; return its short code."""
    card = await shop.cashier.confirmed(line)
    asked = await shop.admin.sees(f"Reference: {code_of(card)}", button="Approve")
    assert await shop.admin.press(asked, "Approve") == "Approved."
    await shop.cashier.sees("Refund of", "was successful")
    return code_of(card)


async def test_a_refund_is_of_all_the_rest_by_default(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    code = await shop.cashier.done(f"/request 46733123888 {amount}")
    card = await shop.cashier.card(f"/refund {code}")
    assert f"Refund {amount} EUR" in card.text
    assert f"Refund of: {code}" in card.text
    assert "46733123888" in card.text


async def test_an_approved_refund_moves_money_once_and_is_told(town: Town, shop: Shop) -> None:
    code = await shop.cashier.done(f"/request 46733123888 {next(amounts)}")
    await refunded(shop, f"/refund {code} 12.34 one plate too many")
    assert town.moved("12.34") == 1


async def test_no_refund_is_sent_without_an_approval(town: Town, shop: Shop) -> None:
    code = await shop.cashier.done(f"/request 46733123888 {next(amounts)}")
    card = await shop.cashier.card(f"/refund {code} 13.57")
    assert await shop.cashier.press(card, "Confirm") == "Waiting for approval."
    await shop.cashier.sees("Waiting for approval until 1")
    await town.forward(hours=1)
    assert town.moved("13.57") == 0


async def test_more_than_the_rest_is_refused_and_the_rest_is_named(shop: Shop) -> None:
    code = await shop.cashier.done("/request 46733123888 40.04")
    await refunded(shop, f"/refund {code} 15")
    for line in (f"/refund {code} 30", f"/refund {code} 25.05"):
        shop.cashier.type(line)
        await shop.cashier.sees(f"Only 25.04 EUR of {code} is left to refund. For example: /refund {code} 25.04")
    card = await shop.cashier.card(f"/refund {code}")
    assert "Refund 25.04 EUR" in card.text


async def test_two_refunds_drafted_side_by_side_do_not_exceed_the_rest(shop: Shop) -> None:
    code = await shop.cashier.done("/request 46733123888 20.02")
    one, other = await shop.cashier.card(f"/refund {code} 15.15"), await shop.cashier.card(f"/refund {code} 14.14")
    assert await shop.cashier.press(one, "Confirm") == "Waiting for approval."
    assert "Only 4.87 EUR" in await shop.cashier.press(other, "Confirm")


async def test_after_a_whole_refund_nothing_is_left(shop: Shop) -> None:
    code = await shop.cashier.done(f"/request 46733123888 {next(amounts)}")
    await refunded(shop, f"/refund {code}")
    shop.cashier.type(f"/refund {code}")
    await shop.cashier.sees(f"Nothing of {code} is left to refund.")


async def test_a_payment_cannot_be_called_back_and_the_sentence_says_what_to_do(shop: Shop) -> None:
    code = await shop.cashier.done(f"/pay 46733123999 {next(amounts)}")
    shop.cashier.type(f"/refund {code}")
    await shop.cashier.sees("MTN cannot call a transfer back.", "/request")


async def test_a_request_still_open_is_not_refunded_yet(shop: Shop) -> None:
    card = await shop.cashier.card(f"/request 46733123888 {next(amounts)}")
    shop.cashier.type(f"/refund {code_of(card)}")
    await shop.cashier.sees("cannot be refunded: it is waiting for Confirm.")


async def test_a_refund_asks_step_by_step(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    code = await merchant.done("/request 46733123888 70.07")
    for answer, seen in (
        ("/refund", "Which payment"),
        (code, "70.07 EUR is left"),
        ("20", "Why?"),
        ("soup", "Refund 20 EUR"),
    ):
        merchant.type(answer)
        await merchant.sees(seen)


async def test_in_a_group_too_every_answer_of_a_refund_can_be_left_out(shop: Shop) -> None:
    code = await shop.cashier.done("/request 46733123888 73.07")
    shop.cashier.type("/refund")
    await shop.cashier.answer(code, "Which payment")
    await shop.cashier.sees("73.07 EUR is left")
    shop.cashier.type("/skip")
    await shop.cashier.sees("Why?")
    shop.cashier.type("/skip")
    await shop.cashier.sees("Refund 73.07 EUR", "Note: Refund", button="Confirm")


async def test_skip_takes_all_that_is_left(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    code = await merchant.done("/request 46733123888 71.07")
    for answer, seen in (("/refund", "Which payment"), (code, "71.07 EUR is left")):
        merchant.type(answer)
        asked = await merchant.sees(seen)
    await merchant.press(asked, "Skip")
    why = await merchant.sees("Why?", button="Skip")
    await merchant.press(why, "Skip")
    await merchant.sees("Refund 71.07 EUR", "Note: Refund", button="Confirm")


async def test_a_step_refuses_more_than_the_rest_at_once_and_stays(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    code = await merchant.done("/request 46733123888 72.07")
    steps = (("/refund", "Which payment"), (code, "72.07 EUR is left"), ("73", "Only 72.07 EUR"), ("72", "Why?"))
    for answer, seen in (*steps, ("/skip", "Refund 72 EUR")):
        merchant.type(answer)
        await merchant.sees(seen)


async def test_a_wrong_reference_keeps_the_step(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    code = await merchant.done(f"/request 46733123888 {next(amounts)}")
    steps = (("/refund", "Which payment"), ("XXXXXX", "There is no XXXXXX here"), ("nonsense!", "For example"))
    for answer, seen in (*steps, (code, "is left")):
        merchant.type(answer)
        await merchant.sees(seen)


async def test_another_tills_payment_is_refunded_by_nobody_here(town: Town, shop: Shop) -> None:
    other = await town.open_shop("Other shop")
    code = await other.cashier.done(f"/request 46733123888 {next(amounts)}")
    shop.cashier.type(f"/refund {code}")
    foreign = await shop.cashier.sees("There is no")
    shop.cashier.type("/refund ZZZZZZ")
    unknown = await shop.cashier.sees("There is no")
    assert foreign.text.replace(code, "ZZZZZZ") == unknown.text


async def test_a_refund_ambiguous_in_its_amount_is_asked_back(shop: Shop) -> None:
    code = await shop.cashier.done("/request 46733123888 6001")
    shop.cashier.type(f"/refund {code} 6 000 soup")
    asked = await shop.cashier.sees("can be read in two ways")
    await shop.cashier.press(asked, "6,000 EUR")
    await shop.cashier.sees("Refund 6,000 EUR", "Note: soup", button="Confirm")
