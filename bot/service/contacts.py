"""A desk's contacts: saved, renamed, deleted by whoever may move its money; named in place of a number.

The trail tells that a contact was changed, and by whom; of the contact itself only a keyed hash.
"""

from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right
from bot.service import hashing, telling
from bot.service.payments import Place
from bot.service.seats import Seat
from bot.store import audit, contacts
from bot.store.contacts import Contact
from bot.store.database import Tx
from bot.store.people import Desk
from momo import Msisdn

MOST_CONTACTS = 200


def save(tx: Tx, seat: Seat, place: Place, name: str, msisdn: Msisdn) -> Contact:
    """Save a number under a name and say so at *place*; MTN is asked for its own name for it.

    Raises:
        Refusal: the name or the number is taken, or the desk has as many contacts as it may.
    """
    desk = seat.demand(Right.MOVE)
    demand_unsaved(tx, seat, msisdn)
    _demand_free(tx, desk, name)
    if len(contacts.of_desk(tx.conn, desk.id)) >= MOST_CONTACTS:
        raise Refusal(Why.TOO_MANY_CONTACTS, most=MOST_CONTACTS)
    contact = contacts.add(tx, desk.id, name, msisdn, seat.user_id, place.chat_id, place.thread_id)
    _note(tx, seat, "contact saved", contact)
    telling.contact_changed(tx, contact)
    return contact


def demand_unsaved(tx: Tx, seat: Seat, msisdn: Msisdn) -> None:
    """Refuse a number that is saved here already."""
    saved = contacts.of_number(tx.conn, seat.demand(Right.MOVE).id, msisdn)
    if saved is not None:
        raise Refusal(Why.NUMBER_SAVED, contact=saved)


def rename(tx: Tx, seat: Seat, contact: Contact, name: str) -> None:
    """Give a contact another name.

    Raises:
        Refusal: another contact of the desk has it.
    """
    desk = seat.demand(Right.MOVE)
    if contacts.words_of(name) != contact.words:
        _demand_free(tx, desk, name)
    contacts.rename(tx, contact.id, name)
    _note(tx, seat, "contact renamed", contact)


def delete(tx: Tx, seat: Seat, contact: Contact) -> None:
    """Forget a contact; what was paid to it stays what it is."""
    seat.demand(Right.MOVE)
    contacts.delete(tx, contact.id)
    _note(tx, seat, "contact deleted", contact)


def _demand_free(tx: Tx, desk: Desk, name: str) -> None:
    taken = contacts.of_name(tx.conn, desk.id, name)
    if taken is not None:
        raise Refusal(Why.CONTACT_NAME_TAKEN, contact=taken)


def _note(tx: Tx, seat: Seat, event: str, contact: Contact) -> None:
    which = hashing.keyed(tx, f"contact:{contact.nonce}").hex()
    audit.append(tx, event, f"user:{seat.user_id}", desk=contact.desk_id, contact=which)


def pressed(tx: Tx, seat: Seat, nonce: str) -> Contact:
    """Return the contact a button stands for, to whoever may move this desk's money.

    Raises:
        Refusal: it was deleted, or is another desk's: the answer is the same.
    """
    desk = seat.demand(Right.MOVE)
    contact = contacts.of_nonce(tx.conn, desk.id, nonce)
    if contact is None:
        raise Refusal(Why.NO_SUCH_CONTACT)
    return contact


def named(tx: Tx, seat: Seat, typed: str) -> Contact:
    """Return the contact that is meant by its name, or by the words its name begins with if nobody else's does.

    Raises:
        Refusal: no contact's name does, or several do.
    """
    seat.demand(Right.MOVE)
    meant = called(tx, seat, typed)
    if len(meant) > 1:
        raise Refusal(Why.SEVERAL_CONTACTS, names=[contact.name for contact in meant])
    if not meant:
        raise Refusal(Why.NO_SUCH_CONTACT, name=typed)
    return meant[0]


def called(tx: Tx, seat: Seat, typed: str) -> list[Contact]:
    """Return the one contact of exactly this name, or all whose names begin with these words."""
    saved, words = of_seat(tx, seat), contacts.words_of(typed)
    exact = [contact for contact in saved if contact.words == words]
    return exact or [contact for contact in saved if words and contact.words.startswith(f"{words} ")]


def of_seat(tx: Tx, seat: Seat) -> list[Contact]:
    """Return the contacts of the desk a person sits at, by name; none where it is still to be chosen."""
    return [] if seat.desk is None else contacts.of_desk(tx.conn, seat.desk.id)


def known_at_mtn(tx: Tx, contact_id: int, mtn_name: str) -> None:
    """Keep MTN's name for a contact's number and have the messages that wait for it brought up to date."""
    contacts.name_at_mtn(tx, contact_id, mtn_name)
    contact = contacts.get(tx.conn, contact_id)
    if contact is not None:
        telling.contact_changed(tx, contact)
