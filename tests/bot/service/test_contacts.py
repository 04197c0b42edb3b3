"""Contacts: saved once, found by name, changed by whoever may move money, traced without personal data."""

from typing import Any

import pytest

from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Role
from bot.service import contacts, seats
from bot.service.lookups import Lookups
from bot.service.payments import Place
from bot.service.seats import Seat
from bot.store import contacts as stored
from bot.store import people
from bot.store.contacts import Contact
from momo import Msisdn
from tests.support.till import AUDITOR, CASHIER, OWNER, SHOP, Till

NUMBER, OTHER = Msisdn("46733123999"), Msisdn("46733123888")


def seat(till: Till, user_id: int = CASHIER, chat_id: int = SHOP) -> Seat:
    return till.do(lambda tx: seats.seat(tx, till.policy, user_id, chat_id, private=False))


def mine(till: Till, change: Any, *values: Any) -> Any:
    """What the cashier of the shop does."""
    who = seat(till)
    return till.do(lambda tx: change(tx, who, *values))


def save(till: Till, name: str = "Corner shop", msisdn: Msisdn = NUMBER, by: Seat | None = None) -> Contact:
    who = by or seat(till)
    return till.do(lambda tx: contacts.save(tx, who, Place(who.chat_id), name, msisdn))


def named(till: Till, typed: str) -> Contact:
    found: Contact = mine(till, contacts.named, typed)
    return found


def refused(till: Till, why: Why) -> pytest.RaisesExc[Refusal]:
    return pytest.raises(Refusal, match=f"^{why.value}$")


def test_a_contact_is_found_by_its_name_however_it_is_typed(till: Till) -> None:
    saved = save(till)
    assert [named(till, typed).id for typed in ("Corner shop", "CORNER   SHOP", "corner")] == [saved.id] * 3


def test_a_beginning_that_two_names_share_is_refused_and_a_whole_name_is_not(till: Till) -> None:
    save(till), save(till, "Corner", OTHER), save(till, "Corner bakery", Msisdn("46733123777"))
    assert named(till, "corner").name == "Corner"
    mine(till, contacts.delete, named(till, "corner"))
    with refused(till, Why.SEVERAL_CONTACTS):
        named(till, "corner")


def test_a_name_nobody_has_is_refused(till: Till) -> None:
    for typed in ("nobody", "", "cor"):
        save(till) if not typed else None
        with refused(till, Why.NO_SUCH_CONTACT):
            named(till, typed)


def test_a_name_and_a_number_are_saved_once_in_a_desk(till: Till) -> None:
    save(till)
    with refused(till, Why.CONTACT_NAME_TAKEN):
        save(till, "corner SHOP", OTHER)
    with refused(till, Why.NUMBER_SAVED):
        save(till, "Market", NUMBER)


def test_another_desk_has_contacts_of_its_own(till: Till) -> None:
    save(till)
    other = till.do(lambda tx: people.open_desk(tx, -5002, "Other", OWNER))
    till.grant(CASHIER, Role.CASHIER, other.id)
    theirs = save(till, by=seat(till, chat_id=-5002))
    assert named(till, "corner shop").id != theirs.id
    with refused(till, Why.NO_SUCH_CONTACT):
        mine(till, contacts.pressed, theirs.nonce)


def test_an_auditor_changes_no_contact(till: Till) -> None:
    saved, auditor = save(till), seat(till, AUDITOR)
    for change in (
        lambda tx: contacts.save(tx, auditor, Place(SHOP), "Market", OTHER),
        lambda tx: contacts.rename(tx, auditor, saved, "Market"),
        lambda tx: contacts.delete(tx, auditor, saved),
        lambda tx: contacts.pressed(tx, auditor, saved.nonce),
    ):
        with refused(till, Why.ROLE_NOT_ENOUGH):
            till.do(change)


def test_a_contact_renamed_is_found_by_its_new_name_alone(till: Till) -> None:
    saved = save(till)
    for name in ("Market stall", "MARKET stall"):
        mine(till, contacts.rename, saved, name)
        saved = named(till, "market")
    assert named(till, "market").name == "MARKET stall"
    with refused(till, Why.NO_SUCH_CONTACT):
        named(till, "corner")


def test_a_contact_deleted_leaves_nothing_and_its_buttons_fit_no_other(till: Till) -> None:
    saved = save(till)
    mine(till, contacts.delete, saved)
    again = save(till)
    assert till.ask("SELECT count(*) FROM contact") == [1]
    assert again.nonce != saved.nonce
    with refused(till, Why.NO_SUCH_CONTACT):
        mine(till, contacts.pressed, saved.nonce)


def test_the_trail_tells_each_change_and_nothing_personal(till: Till) -> None:
    saved = save(till)
    mine(till, contacts.rename, saved, "Market")
    mine(till, contacts.delete, saved)
    rows = till.store.conn.execute("SELECT event, actor, data FROM audit WHERE event LIKE 'contact %'").fetchall()
    assert [row["event"] for row in rows] == ["contact saved", "contact renamed", "contact deleted"]
    told = " ".join(str(row["data"]) for row in rows)
    assert not [word for word in ("Corner", "corner", "Market", str(NUMBER), saved.nonce) if word in told]


def test_a_desk_has_no_more_contacts_than_it_may(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contacts, "MOST_CONTACTS", 1)
    save(till)
    with refused(till, Why.TOO_MANY_CONTACTS):
        save(till, "Market", OTHER)


async def test_mtns_name_is_added_and_the_message_brought_up_to_date(till: Till) -> None:
    saved = save(till)
    assert saved.mtn_name is None
    await Lookups(till.store, till.mtn).name_contact(saved)
    assert named(till, "corner").mtn_name
    assert till.ask("SELECT count(*) FROM outbox WHERE kind = 'contact' AND state = 'NEW'") == [1]
    assert stored.unnamed(till.store.conn, 9) == []


async def test_a_contact_deleted_meanwhile_stays_deleted(till: Till) -> None:
    saved = save(till)
    mine(till, contacts.delete, saved)
    await Lookups(till.store, till.mtn).name_contact(saved)
    assert till.ask("SELECT count(*) FROM contact") == [0]
