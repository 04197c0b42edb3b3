"""Bugs to be planted around Telegram: updates, messages, chats, what is typed step by step."""

import asyncio
from types import SimpleNamespace
from typing import Any

from bot.chat import context, dispatch, notifier
from bot.chat.handlers import forms
from bot.jobs import inbox as inbox_job
from bot.jobs import outbox as outbox_job
from bot.jobs import worklist
from bot.service import chats, settlement, telling, updates_in
from bot.store import agenda, inbox, outbox, people, transactions
from tests.simulation import forgetful
from tests.simulation.planting import Patches


def notify_from_memory(patches: Patches) -> None:
    patches.set(telling, "ended", forgetful.tell_from_memory)


def mark_before_send(patches: Patches) -> None:
    real = outbox_job.Postman._handed_over

    async def handed_over(self: Any, message: Any) -> Any:
        await self._store.tx(lambda tx: outbox.mark_sent(tx, message.id, None))
        return await real(self, message)

    patches.set(outbox_job.Postman, "_handed_over", handed_over)


def ack_before_persist(patches: Patches) -> None:
    async def fetch_forever(store: Any, fetch: Any) -> None:
        while True:
            try:
                updates = await fetch(await store.tx(inbox.offset))
                more = await fetch(updates[-1]["update_id"] + 1) if updates else []
                if updates:
                    await updates_in.keep(store, updates + more)
            except Exception:  # noqa: BLE001 - as the real one
                await asyncio.sleep(1)

    patches.set(dispatch, "POLL_SECONDS", 1)
    patches.set(inbox_job, "fetch_forever", fetch_forever)


def two_transactions(patches: Patches) -> None:
    async def commit(self: Any, fn: Any) -> Any:
        result = await self.till.store.tx(fn)
        await self.till.store.tx(lambda tx: inbox.mark_done(tx.conn, self.origin.update_id))
        return result

    patches.set(context.Context, "commit", commit)


def old_buttons_answer(patches: Patches) -> None:
    patches.set(forms, "_fits", lambda data, form: data.verb != "pick" or int(data.subject) < len(form["guesses"]))


def old_chat_kept(patches: Patches) -> None:
    real = chats.move

    def move(tx: Any, old: int, new: int) -> None:
        if people.moved_to(tx.conn, old) == old:
            real(tx, old, new)

    patches.set(chats, "move", move)
    patches.set(outbox, "people", SimpleNamespace(moved_to=lambda _, chat_id: chat_id))


def retry_not_offered(patches: Patches) -> None:
    real = settlement.apply

    def apply(tx: Any, txn: Any, decision: Any, observation_id: int) -> None:
        if decision.to is None and not decision.changes.keys() & {"refused_code", "held"}:
            transactions.change(tx, txn, **decision.changes)
        else:
            real(tx, txn, decision, observation_id)

    patches.set(settlement, "apply", apply)


def loop_never_rests(patches: Patches) -> None:
    patches.set(worklist, "SHORTEST_SLEEP", 0.0)
    patches.set(agenda, "next_later_at", lambda tx: tx.now)


def only_the_first_of_a_flood(patches: Patches) -> None:
    patches.set(notifier, "together", lambda ends: ends[0])


def forgets_what_it_was_saying(patches: Patches) -> None:
    patches.set(outbox, "recover", lambda _: None)
