"""What merchants, owners and admins see of payments, requests and refunds, driven from outside the program."""

import asyncio
import re
from pathlib import Path

import pytest

from .harness import ADMINS, PAYEE, Desk, World, open_world, paid_once, shows
from .waiting import PATIENCE

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


async def converse(desk: Desk, command: str, *answers: str) -> None:
    """Answer the bot's questions one by one, each as a reply: in a group it sees nothing else."""
    question = await desk.ask(command)
    for answer in answers:
        question = await desk.ask(answer, reply_to=question)


async def collected(desk: Desk, amount: int) -> str:
    """Bring in money by a request to pay; return its reference id."""
    await desk.confirm(f"/request {PAYEE} {amount} books", amount)
    await desk.told(amount, "successful")
    return desk.world.momo.effects_of(amount)[0].reference_id


async def test_a_payment_is_shown_confirmed_and_pushed(world: World) -> None:
    desk = await world.open_desk()
    desk.say(f"/pay {PAYEE} 25 books")
    card = await desk.card(25)
    assert all(word in card.text for word in ("Sand Box", "books")), card.text
    assert "sandbox" in card.text.lower()
    assert card.button("Cancel")
    world.telegram.press(desk.merchant, card, "Confirm")
    end = await desk.told(25, "successful")
    assert end is not card
    assert paid_once(world, 25)


async def test_the_card_itself_says_how_it_ended(world: World) -> None:
    desk = await world.open_desk()
    card = await desk.pay(26)
    await world.telegram.wait_for(lambda: "successful" in card.text.lower(), PATIENCE, "the card to say the end")
    assert not card.button("Confirm")


async def test_twenty_presses_of_confirm_send_one_post(world: World) -> None:
    desk = await world.open_desk()
    desk.say(f"/pay {PAYEE} 27 books")
    card = await desk.card(27)
    data = card.button("Confirm") or ""
    presses = [world.telegram.press_data(desk.merchant, card, data) for _ in range(10)]
    await desk.told(27, "successful")
    presses += [world.telegram.press_data(desk.merchant, card, data) for _ in range(10)]
    await asyncio.gather(*(world.telegram.answered(p) for p in presses))
    assert len(world.momo.posts_of(27)) == len(desk.ends(27, "successful")) == 1
    assert paid_once(world, 27)


async def test_a_payment_mtn_fails_is_told_with_a_plain_reason(world: World) -> None:
    desk = await world.open_desk()
    await desk.confirm("/pay 46733123455 28 books", 28)
    end = await desk.told(28, "failed")
    assert re.search(r"enough|funds|money", end.text.replace("NOT_ENOUGH_FUNDS", "").lower()), end.text
    assert not world.momo.effects_of(28)


async def test_a_press_by_anybody_but_the_maker_gets_an_answer_and_does_nothing(world: World) -> None:
    desk = await world.open_desk()
    desk.say(f"/pay {PAYEE} 29 books")
    card, stranger = await desk.card(29), world.stranger()
    for user, label in ((stranger, "Confirm"), (stranger, "Cancel"), (desk.owner, "Confirm")):
        assert await world.telegram.answered(world.telegram.press(user, card, label))
    await desk.never_sent(29)
    assert card.button("Confirm")


async def test_a_chat_nobody_opened_gets_one_sentence_and_nothing_else(world: World) -> None:
    group, stranger = world.telegram.group(-1001000007777), world.stranger()
    desk = Desk(world, group, stranger, stranger)
    answer = await desk.ask(f"/pay {PAYEE} 30 books")
    assert str(group) in answer.text
    assert str(stranger) in answer.text
    assert not answer.buttons
    assert not shows(30)(answer.text)


async def test_a_strangers_commands_start_nothing_in_a_desk(world: World) -> None:
    desk, stranger = await world.open_desk(), world.stranger()
    answers = [await desk.ask(text, by=stranger) for text in (f"/pay {PAYEE} 31", f"/role {stranger} admin", "/pay")]
    assert not any(a.buttons or a.force_reply for a in answers)
    await desk.settled()
    assert not any(shows(31)(m.text) for m in desk.messages)


async def test_edited_forwarded_channel_and_anonymous_commands_start_nothing(world: World) -> None:
    desk, command = await world.open_desk(), f"/pay {PAYEE} 32 books"
    channel = world.telegram.group(-1001000008888, "News", "channel")
    world.telegram.say_edited(desk.merchant, desk.chat, command)
    world.telegram.say_forwarded(desk.merchant, desk.chat, command)
    world.telegram.say_anonymously(desk.chat, command)
    world.telegram.post_in_channel(channel, command)
    await desk.settled()
    everything = desk.messages + world.telegram.from_bot(channel)
    assert not any(m.button("Confirm") or shows(32)(m.text) for m in everything)


async def test_cancel_closes_the_card_for_good(world: World) -> None:
    desk = await world.open_desk()
    desk.say(f"/pay {PAYEE} 33 books")
    card = await desk.card(33)
    confirm = card.button("Confirm") or ""
    await world.telegram.answered(world.telegram.press(desk.merchant, card, "Cancel"))
    await world.telegram.wait_for(lambda: not card.buttons, PATIENCE, "a card without buttons")
    await world.telegram.answered(world.telegram.press_data(desk.merchant, card, confirm))
    await desk.never_sent(33)


async def test_forged_button_data_changes_nothing(world: World) -> None:
    desk = await world.open_desk()
    desk.say(f"/pay {PAYEE} 34 books")
    card = await desk.card(34)
    real = card.button("Confirm") or ""
    last = "A" if real[-1] != "A" else "B"
    forgeries = [real[:-1] + last, real.rsplit(":", 1)[0], "confirm:1:1", "x" * 64, "::", "é🙂", real + "'--"]
    presses = [world.telegram.press_data(desk.merchant, card, data) for data in forgeries]
    await asyncio.gather(*(world.telegram.answered(p) for p in presses))
    await desk.never_sent(34)
    assert card.button("Confirm") == real


async def test_a_button_works_only_in_its_own_chat(world: World) -> None:
    desk, other = await world.open_desk(), await world.open_desk()
    desk.say(f"/pay {PAYEE} 35 books")
    data = (await desk.card(35)).button("Confirm") or ""
    elsewhere = await other.ask("/help")
    await world.telegram.answered(world.telegram.press_data(desk.merchant, elsewhere, data))
    await desk.never_sent(35)


async def test_a_role_taken_away_takes_the_open_card_along(world: World) -> None:
    desk = await world.open_desk()
    desk.say(f"/pay {PAYEE} 36 books")
    card = await desk.card(36)
    confirm = card.button("Confirm") or ""
    await desk.ask(f"/role {desk.merchant} none", by=desk.owner)
    await world.telegram.answered(world.telegram.press_data(desk.merchant, card, confirm))
    await desk.ask(f"/role {desk.merchant} cashier", by=desk.owner)
    await desk.never_sent(36)


async def test_a_twin_within_ten_minutes_is_asked_about_once_more(world: World) -> None:
    desk = await world.open_desk()
    await desk.pay(37)
    await desk.told(37, "successful")
    card = await desk.pay(37)
    await world.telegram.wait_for(lambda: card.buttons and not card.button("Confirm"), PATIENCE, "a second question")
    await desk.pay(47)
    await desk.told(47, "successful")
    assert len(world.momo.posts_of(37)) == 1


async def test_a_request_to_pay_brings_money_in(world: World) -> None:
    desk = await world.open_desk()
    await collected(desk, 38)
    assert paid_once(world, 38)
    assert world.momo.effects_of(38)[0].operation == "requesttopay"


async def test_a_declined_request_is_told_in_plain_words(world: World) -> None:
    desk = await world.open_desk()
    await desk.confirm("/request 46733123451 39 books", 39)
    end = await desk.told(39, "failed")
    assert re.search(r"declined|rejected|refused|did not approve", end.text.lower()), end.text


async def test_a_refund_is_refused_to_its_maker_and_done_by_an_admin(world: World) -> None:
    desk = await world.open_desk()
    reference = await collected(desk, 40)
    await desk.confirm(f"/refund {reference} 13 wrong size", 13)
    card = await desk.card(13, "Approve", ADMINS)
    assert await world.telegram.answered(world.telegram.press(desk.merchant, card, "Approve"))
    await desk.never_sent(13)
    assert card.button("Approve")
    world.telegram.press(desk.owner, card, "Approve")
    await desk.told(13, "successful")
    assert paid_once(world, 13)
    assert world.momo.effects_of(13)[0].operation == "refund"


async def test_a_refund_never_exceeds_the_rest_and_defaults_to_it(world: World) -> None:
    desk = await world.open_desk()
    reference = await collected(desk, 41)
    await desk.confirm(f"/refund {reference} 15", 15)
    world.telegram.press(desk.owner, await desk.card(15, "Approve", ADMINS), "Approve")
    await desk.told(15, "successful")
    refusal = await desk.ask(f"/refund {reference} 27")
    assert shows(26)(refusal.text), refusal.text
    assert not refusal.button("Confirm")
    desk.say(f"/refund {reference}")
    assert await desk.card(26)


async def test_a_payment_over_the_limit_waits_for_somebody_else(world: World) -> None:
    desk, admin = await world.open_desk(), world.admin()
    desk.say(f"/pay {PAYEE} 601 rent", by=desk.owner)
    world.telegram.press(desk.owner, await desk.card(601), "Confirm")
    card = await desk.card(601, "Approve", ADMINS)
    for nobody in (desk.owner, desk.merchant, world.stranger()):
        assert await world.telegram.answered(world.telegram.press(nobody, card, "Approve"))
    await desk.never_sent(601)
    presses = [world.telegram.press(admin, card, "Approve") for _ in range(5)]
    await desk.told(601, "successful")
    await asyncio.gather(*(world.telegram.answered(p) for p in presses))
    assert paid_once(world, 601)


async def test_a_rejected_payment_is_never_sent_and_its_maker_is_told_why(world: World) -> None:
    desk, admin = await world.open_desk(), world.admin()
    await desk.confirm(f"/pay {PAYEE} 602 rent", 602)
    card, before = await desk.card(602, "Reject", ADMINS), len(world.telegram.from_bot(ADMINS))
    world.telegram.press(admin, card, "Reject")
    await world.telegram.wait_for(lambda: len(world.telegram.from_bot(ADMINS)) > before, PATIENCE, "a question why")
    question = world.telegram.from_bot(ADMINS)[before]
    world.telegram.say(admin, ADMINS, "wrong landlord", reply_to=question)
    await desk.told(602, "rejected")
    await world.telegram.wait_for(
        lambda: any("wrong landlord" in m.text for m in desk.messages), PATIENCE, "the reason in the maker's chat"
    )
    await desk.never_sent(602)


async def test_a_reference_of_another_desk_is_answered_like_an_unknown_one(world: World) -> None:
    desk, other = await world.open_desk(), await world.open_desk()
    known, unknown = await collected(desk, 42), "3b8ec5f0-51f2-4c7c-9d36-5d0a38f9c001"
    assert shows(42)((await desk.ask(f"/status {known}")).text)
    answers = [(await other.ask(f"/status {r}")).text.replace(r, "") for r in (known, unknown)]
    assert answers[0] == answers[1]
    refunds = [(await other.ask(f"/refund {r}")).text.replace(r, "") for r in (known, unknown)]
    assert refunds[0] == refunds[1]


async def test_the_short_code_on_the_card_is_a_reference_too(world: World) -> None:
    desk = await world.open_desk()
    card = await desk.pay(50)
    await desk.told(50, "successful")
    code = re.search(r"Reference: (\w+)", card.text)
    assert code, card.text
    assert shows(50)((await desk.ask(f"/status {code[1]}")).text)


async def test_without_an_admins_chat_cards_go_to_every_admin_in_private(tmp_path: Path) -> None:
    async with open_world(tmp_path, ADMIN_CHAT_ID="") as world:
        desk, admin = await world.open_desk(), world.admin()
        await Desk(world, admin, admin, admin).ask("/start")
        await desk.confirm(f"/pay {PAYEE} 603 rent", 603)
        world.telegram.press(admin, await desk.card(603, "Approve", admin), "Approve")
        await desk.told(603, "successful")
        assert paid_once(world, 603)


async def test_a_payment_can_be_made_step_by_step(world: World) -> None:
    desk = await world.open_desk()
    await converse(desk, "/pay", PAYEE, "43", "books")
    world.telegram.press(desk.merchant, await desk.card(43), "Confirm")
    await desk.told(43, "successful")
    assert paid_once(world, 43)


async def test_a_request_and_a_refund_can_be_made_step_by_step(world: World) -> None:
    desk = await world.open_desk()
    await converse(desk, "/request", PAYEE, "44", "books")
    world.telegram.press(desk.merchant, await desk.card(44), "Confirm")
    await desk.told(44, "successful")
    await converse(desk, "/refund", world.momo.effects_of(44)[0].reference_id, "14", "too small")
    world.telegram.press(desk.merchant, await desk.card(14), "Confirm")
    assert await desk.card(14, "Approve", ADMINS)


async def test_cancel_leaves_a_conversation(world: World) -> None:
    desk = await world.open_desk()
    question = await desk.ask("/pay")
    assert question.force_reply
    await desk.ask("/cancel")
    desk.say(PAYEE, reply_to=question)
    desk.say("45", reply_to=question)
    await desk.settled()
    assert not any(m.button("Confirm") for m in desk.messages)


async def test_markup_in_names_and_notes_is_shown_as_text(world: World) -> None:
    desk = await world.open_desk()
    world.momo.names["46733123777"] = ("<b>Bold</b>", "A&B <script>")
    desk.say("/pay 46733123777 46 <u>books</u>")
    card = await desk.card(46)
    assert "<b>Bold</b> A&B <script>" in card.text
    assert "<b>Bold" not in card.raw


@pytest.mark.parametrize("amount", ["0", "-5", "1e3", "12.345", "٤", "5.000", "47,00,0", "99999999999999"])
async def test_an_amount_that_is_wrong_or_unclear_gives_no_card(world: World, amount: str) -> None:
    desk = await world.open_desk()
    answer = await desk.ask(f"/pay {PAYEE} {amount} books")
    await desk.settled()
    assert not answer.text.startswith("Traceback")
    assert not any(m.button("Confirm") for m in desk.messages)


async def test_nothing_is_called_successful_before_it_was(world: World) -> None:
    desk = await world.open_desk()
    await desk.pay(48, settle=2)
    await desk.told(48, "successful")
    settled = next(t.settled_at for t in world.momo.transactions.values() if t.amount == 48)
    early = [text for m in desk.messages for at, text in m.versions if shows(48)(text) and at < settled]
    assert early
    assert not any(re.search(r"\b(successful|paid|received)\b", text.lower()) for text in early), early


async def test_a_payment_works_in_the_merchants_private_chat(world: World) -> None:
    desk = await world.open_desk()
    private = Desk(world, desk.merchant, desk.owner, desk.merchant)
    await private.ask("/start")
    await private.pay(49)
    await private.told(49, "successful")
    assert paid_once(world, 49)


async def test_the_balance_is_mtns_figure(world: World) -> None:
    desk = await world.open_desk()
    answer = await desk.ask("/balance")
    figure = f"{world.momo.balance:f}"
    await world.telegram.wait_for(
        lambda: figure in re.sub(r"[\s,]", "", answer.text), PATIENCE, f"a balance of {figure}"
    )


async def test_telegram_refused_nothing_but_edits_that_change_nothing(world: World) -> None:
    assert world.telegram.conflicts == 0
    assert [r for r in world.telegram.refusals if "is not modified" not in r] == []


async def test_the_log_holds_no_secret_and_no_full_number(world: World) -> None:
    secrets = [world.environment()[name] for name in ("TELEGRAM_BOT_TOKEN", "MOMO_COLLECTION_API_KEY")]
    secrets += [a.subscription_key for a in world.momo.accounts.values()] + [PAYEE]
    said = world.bot.said()
    assert [s for s in secrets if s in said] == []
