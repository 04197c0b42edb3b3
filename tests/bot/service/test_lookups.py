import json

import pytest

from bot.domain.transactions import State
from bot.service import lookups, views
from bot.service.lookups import Lookups
from bot.store import balances
from tests.support.till import SHOP, Till, euros


async def test_the_name_mtn_gives_opens_the_card(till: Till) -> None:
    txn = till.draft(payee_name=None)
    await Lookups(till.store, till.mtn).name_payee(txn)
    assert till.get(txn).payee_name


async def test_without_a_name_the_card_opens_all_the_same(till: Till) -> None:
    txn = till.draft(payee_name=None)
    till.sandbox.faults.add("status_500", operation="basic_user_info")
    await Lookups(till.store, till.mtn).name_payee(txn)
    assert till.get(txn).payee_name == ""
    till.confirm(txn)


async def test_a_name_that_comes_after_the_end_of_the_draft_changes_no_card(till: Till) -> None:
    txn = till.draft(payee_name=None)
    till.cancel(txn)
    before = till.told("card")
    till.do(lambda tx: lookups.named(tx, txn.id, "Ada"))
    assert till.told("card") == before
    assert till.get(txn).state is State.CANCELLED


async def test_a_balance_is_shown_at_once_and_then_again_with_mtns_figures(till: Till) -> None:
    till.do(lambda tx: lookups.ask_balance(tx, SHOP, None, None))
    [view] = balances.open_views(till.store.conn)
    await Lookups(till.store, till.mtn).show_balance(view)
    assert [json.loads(payload)["view_id"] for payload in till.told("balance")] == [view.id, view.id]
    shown = till.do(lambda tx: views.balance(tx, view.id, "EUR"))
    assert [known.available for known in shown.known] == [euros("1000000")] * 2
    assert shown.view.outcome == "ok"


@pytest.mark.parametrize("fault", ["status_503", "lose_answer", "refuse_connection"])
async def test_a_balance_mtn_does_not_tell_is_closed_with_the_cause(till: Till, fault: str) -> None:
    view = till.do(lambda tx: balances.add_view(tx, SHOP, None, None))
    till.sandbox.faults.add(fault, operation="balance")
    await Lookups(till.store, till.mtn).show_balance(view)
    assert balances.view(till.store.conn, view.id).outcome not in (None, "ok")
    assert balances.known(till.store.conn, "EUR") == []
