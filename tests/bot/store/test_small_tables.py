"""Facts, balances, questions and conversations: little rules of little tables."""

from datetime import timedelta

from bot.store import balances, conversations, facts, questions
from bot.store.bells import Bell
from bot.store.times import EPOCH, from_ms, to_ms
from tests.support.till import CASHIER, SHOP, Till, euros


def test_times_keep_their_milliseconds() -> None:
    moment = EPOCH + timedelta(days=20000, milliseconds=123)
    assert from_ms(to_ms(moment)) == moment


def test_a_fact_put_once_keeps_its_first_value(till: Till) -> None:
    conn = till.store.conn
    assert [facts.put_once(conn, "account", value) for value in ("first", "second")] == ["first", "first"]


def test_a_fact_put_again_has_its_last_value(till: Till) -> None:
    for value in ("first", "second"):
        facts.put(till.store.conn, "alive", value)
    assert facts.get(till.store.conn, "alive") == "second"


def test_the_last_balance_told_is_kept_with_its_moment(till: Till) -> None:
    till.do(lambda tx: balances.keep(tx, "collection", euros("1")))
    till.clock.forward(minutes=3)
    till.do(lambda tx: balances.keep(tx, "collection", euros("2.50")))
    [known] = balances.known(till.store.conn, "EUR")
    assert (known.available, known.at) == (euros("2.50"), till.clock())


def test_a_balance_of_another_currency_is_not_shown(till: Till) -> None:
    till.do(lambda tx: balances.keep(tx, "collection", euros("1")))
    assert balances.known(till.store.conn, "XAF") == []


def test_a_balance_view_is_open_until_mtn_was_asked(till: Till) -> None:
    bell = till.store.bells.listen(Bell.LOOKUPS)
    view = till.do(lambda tx: balances.add_view(tx, SHOP, 7, "EUR"))
    assert bell.is_set()
    assert balances.open_views(till.store.conn) == [view]
    assert (view.thread_id, view.currency) == (7, "EUR")
    till.do(lambda tx: balances.close_view(tx, view.id, "ok"))
    assert balances.open_views(till.store.conn) == []


def test_a_question_is_settled_once(till: Till) -> None:
    asked = till.do(lambda tx: questions.add(tx, SHOP, CASHIER, [{"a": 1}, {"a": 2}], tx.now))
    chosen = [till.do(lambda tx, n=n: questions.choose(tx, asked.id, n)) for n in (1, 0)]
    assert chosen == [True, False]
    found = questions.find(till.store.conn, asked.nonce, SHOP)
    assert found is not None
    assert found.chosen == 1


def test_a_question_is_not_found_from_another_chat(till: Till) -> None:
    asked = till.do(lambda tx: questions.add(tx, SHOP, CASHIER, [], tx.now))
    assert questions.find(till.store.conn, asked.nonce, SHOP - 1) is None


def test_a_conversation_is_where_it_was_left(till: Till) -> None:
    for step in (1, 2):
        till.do(lambda tx, step=step: conversations.save_state(tx, "pay", (SHOP, CASHIER), step))
    assert conversations.load_states(till.store.conn, "pay") == {(SHOP, CASHIER): 2}
    till.do(lambda tx: conversations.save_state(tx, "pay", (SHOP, CASHIER), None))
    assert conversations.load_states(till.store.conn, "pay") == {}


def test_a_form_is_kept_until_nothing_is_left_of_it(till: Till) -> None:
    till.do(lambda tx: conversations.save_form(tx, CASHIER, {"amount": "5"}))
    assert conversations.load_forms(till.store.conn) == {CASHIER: {"amount": "5"}}
    till.do(lambda tx: conversations.save_form(tx, CASHIER, {}))
    assert conversations.load_forms(till.store.conn) == {}


def test_what_was_typed_in_one_chat_leaves_what_was_typed_in_another(till: Till) -> None:
    for chat, form in ((SHOP, {"amount": "5"}), (CASHIER, {"amount": "6"}), (SHOP, {"amount": "7"}), (CASHIER, {})):
        till.do(lambda tx, chat=chat, form=form: conversations.save_form_of(tx, CASHIER, chat, form))
    assert conversations.load_forms(till.store.conn) == {CASHIER: {str(SHOP): {"amount": "7"}}}
