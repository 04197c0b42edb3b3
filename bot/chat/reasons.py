"""MTN's codes in plain words: the cause, who must act, and whether trying again is safe.

The set is open: a code nobody has described is shown as it is. What a code means depends on which way the money was
to go: to the shop (a request) or from it (everything else).
"""

from typing import NamedTuple

from bot.chat.formats import escape
from bot.chat.language import _, later
from bot.domain.transactions import Kind, State, Transaction

TO_THE_SHOP = frozenset({Kind.REQUEST_TO_PAY, Kind.WITHDRAW})


class Reason(NamedTuple):
    """A code: the cause, as it stands behind a colon, and what to do once it has ended a transaction."""

    cause: str
    advice: str


TOP_UP = later("Who must act: the payer, who has to put money into the account. Then it is safe to ask again.")
TOP_UP_SHOP = later(
    "Who must act: the owner, who has to put money into the shop's account. Then try again: it is safe."
)
OTHER_NUMBER = later("Who must act: you. Check the number; with the right one it is safe to try again.")
PAYERS_LIMIT = later("Who must act: the payer, with MTN. It is safe to ask again later, or for less.")
RECEIVERS_LIMIT = later("Who must act: the receiver, with MTN. It is safe to try again later, or with less.")
SHOPS_LIMIT = later("Who must act: the owner, with MTN. It is safe to try again later, or with less.")
PAYER_AND_MTN = later("Who must act: the payer, with MTN. Trying again is safe, but fails the same way until then.")
RECEIVER_AND_MTN = later(
    "Who must act: the receiver, with MTN. Trying again is safe, but fails the same way until then."
)
OWNER_AND_MTN = later("Who must act: the owner, with MTN. Trying again is safe, but fails the same way until then.")
OWNER_SETTINGS = later(
    "Who must act: the owner, in the settings. Trying again is safe, but fails the same way until then."
)
TALK = later("Who must act: you. Talk to the payer; it is safe to ask again.")
PHONE_AT_HAND = later("Who must act: the payer, on the phone within a few minutes. It is safe to ask again.")
SIMPLE_NOTE = later("Who must act: you. Write the note in plain letters and digits; then it is safe to try again.")
WAIT = later("Who must act: MTN. Wait some minutes; then it is safe to try again.")
NOBODY = later("Nobody has to act. It is safe to try again.")
CHECK_PAYER = later("Who must act: the payer, who should check the balance. It is safe to ask again.")
CHECK_SHOP = later("Who must act: the owner, who should check the shop's balance. Trying again is safe.")
CHECK_BOTH = later("Who must act: the owner checks the balance, the receiver the limit. Trying again is safe.")
# It did end the transaction, so no money moved: more than that nobody knows.
NOT_DESCRIBED = later("Who must act is not known here: ask MTN. Trying again is safe, but may fail the same way.")
MAKE_ROOM = later("Who must act: the owner, so that the bot can write again. Do not try again yet.")
BOT_GOES_ON = later("Nobody has to act: the bot looks after it. Do not try again yet.")

# The same whichever way the money was to go.
EITHER = {
    "NOT_ALLOWED": Reason(later("MTN does not allow this operation for this account"), OWNER_AND_MTN),
    "NOT_ALLOWED_TARGET_ENVIRONMENT": Reason(
        later("the bot's MTN account is not made for this market: tell the owner"), OWNER_SETTINGS
    ),
    "INVALID_CALLBACK_URL_HOST": Reason(
        later("the bot's callback address is not registered with MTN: tell the owner"), OWNER_SETTINGS
    ),
    "INVALID_CURRENCY": Reason(later("MTN does not take this currency here"), OWNER_SETTINGS),
    "TRANSACTION_CANCELED": Reason(later("it was cancelled at MTN"), NOBODY),
    "SERVICE_UNAVAILABLE": Reason(later("MTN's wallet service was down"), WAIT),
    "TRANSFER_TYPE_UNKNOWN": Reason(
        later("MTN wants a transfer type from this kind of account: tell the owner"), OWNER_AND_MTN
    ),
    "TRANSACTION_NOT_FOUND": Reason(later("MTN does not find the payment that this belongs to"), OWNER_AND_MTN),
    "VALIDATION_ERROR": Reason(later("MTN found something in the request that it does not take"), OWNER_AND_MTN),
    "FIREWALL": Reason(later("MTN's firewall refused the text of the request"), SIMPLE_NOTE),
    "BadRequest": Reason(later("MTN found the request malformed: tell the owner"), OWNER_AND_MTN),
    "PermissionDenied": Reason(
        later("the bot's address or account is not allowed to do this at MTN: tell the owner"), OWNER_AND_MTN
    ),
    "AuthenticationFailed": Reason(later("MTN does not accept the bot's keys: tell the owner"), OWNER_SETTINGS),
    "InvalidValue": Reason(later("the bot made a request that MTN would not take: tell the owner"), OWNER_AND_MTN),
    # Nothing of this ends a transaction.
    "RESOURCE_NOT_FOUND": Reason(later("MTN does not know it (yet)"), BOT_GOES_ON),
    "RESOURCE_ALREADY_EXIST": Reason(later("MTN has it already"), BOT_GOES_ON),
    "ONGOING": Reason(later("MTN is still working on it"), BOT_GOES_ON),
    "DELAYED": Reason(later("it takes longer at MTN"), BOT_GOES_ON),
    "PAYER_DELAYED": Reason(later("it takes longer on the payer's side"), BOT_GOES_ON),
    "INVALID_TOKEN": Reason(later("MTN did not accept the bot's token; a new one is fetched"), BOT_GOES_ON),
    "ConnectionFailed": Reason(later("MTN cannot be reached"), BOT_GOES_ON),
    "RateLimited": Reason(later("MTN is busy"), BOT_GOES_ON),
    "JOURNAL_UNWRITABLE": Reason(later("the bot cannot write its reference journal: tell the owner"), MAKE_ROOM),
}
# A request: the payer is a customer, and the shop's account receives.
ASKED = {
    "PAYER_NOT_FOUND": Reason(later("the payer's number has no active Mobile Money account"), OTHER_NUMBER),
    "PAYEE_NOT_FOUND": Reason(later("the shop has no active account for receiving money"), OWNER_AND_MTN),
    "NOT_ENOUGH_FUNDS": Reason(later("there is not enough money in the payer's account"), TOP_UP),
    "PAYER_LIMIT_REACHED": Reason(later("the payer's account has reached its limit"), PAYERS_LIMIT),
    "PAYEE_LIMIT_REACHED": Reason(later("the shop's account has reached its limit"), SHOPS_LIMIT),
    "PAYEE_NOT_ALLOWED_TO_RECEIVE": Reason(later("the shop's account may not receive money"), OWNER_AND_MTN),
    "APPROVAL_REJECTED": Reason(later("the payer declined"), TALK),
    "PAYMENT_NOT_APPROVED": Reason(later("the payer did not approve"), TALK),
    "EXPIRED": Reason(later("nobody approved in time on the phone"), PHONE_AT_HAND),
    "COULD_NOT_PERFORM_TRANSACTION": Reason(
        later("it timed out at MTN, about five minutes after the phone was asked"), PHONE_AT_HAND
    ),
    "INTERNAL_PROCESSING_ERROR": Reason(
        later("MTN gives no reason; mostly there is not enough money in the payer's account"), CHECK_PAYER
    ),
    "SENDER_ACCOUNT_NOT_ACTIVE": Reason(later("the payer's account is not active"), PAYER_AND_MTN),
    "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED": Reason(
        later("the payer has not enough money, or the shop's limit is reached, or it may not receive"), CHECK_PAYER
    ),
}
# A payment, a deposit or a refund: the shop's account pays, and whoever has the number receives.
SENT = {
    "PAYER_NOT_FOUND": Reason(later("the shop has no active account for paying"), OWNER_AND_MTN),
    "PAYEE_NOT_FOUND": Reason(later("this number has no active Mobile Money account"), OTHER_NUMBER),
    "NOT_ENOUGH_FUNDS": Reason(later("there is not enough money in the shop's account"), TOP_UP_SHOP),
    "PAYER_LIMIT_REACHED": Reason(later("the shop's account has reached its limit"), SHOPS_LIMIT),
    "PAYEE_LIMIT_REACHED": Reason(later("the receiver's account has reached its limit"), RECEIVERS_LIMIT),
    "PAYEE_NOT_ALLOWED_TO_RECEIVE": Reason(later("the receiver's account may not receive money"), RECEIVER_AND_MTN),
    "APPROVAL_REJECTED": Reason(later("it was declined at MTN"), OWNER_AND_MTN),
    "PAYMENT_NOT_APPROVED": Reason(later("it was not approved at MTN"), OWNER_AND_MTN),
    "EXPIRED": Reason(later("its time was over at MTN"), NOBODY),
    "COULD_NOT_PERFORM_TRANSACTION": Reason(later("it timed out at MTN"), NOBODY),
    "INTERNAL_PROCESSING_ERROR": Reason(
        later("MTN gives no reason; mostly there is not enough money in the shop's account"), CHECK_SHOP
    ),
    "SENDER_ACCOUNT_NOT_ACTIVE": Reason(later("the shop's account is not active"), OWNER_AND_MTN),
    "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED": Reason(
        later("the shop has not enough money, or the receiver's limit is reached, or it may not receive"), CHECK_BOTH
    ),
}
NO_REASON = Reason(later("MTN gave no reason"), NOT_DESCRIBED)


def described(kind: Kind) -> dict[str, Reason]:
    """Return the codes that have words, as they are meant for this kind of transaction."""
    return EITHER | (ASKED if kind in TO_THE_SHOP else SENT)


def plain(code: str | None, kind: Kind) -> str:
    """Return why something of this kind went wrong, in plain words to stand behind a colon, safe for a message."""
    if not code:
        return _(NO_REASON.cause)
    reason = described(kind).get(code)
    return _(reason.cause) if reason else _("MTN says {code}").format(code=escape(code))


def advice(txn: Transaction) -> str:
    """Return who must act and whether trying again is safe; empty unless MTN has ended it without moving money.

    Before that nothing may be called safe.
    """
    if txn.state not in (State.FAILED, State.REJECTED):
        return ""
    found = described(txn.kind).get(end_code(txn) or "", NO_REASON).advice
    # It is over, whatever else that code is used for.
    return _(NOT_DESCRIBED if found in (BOT_GOES_ON, MAKE_ROOM) else found)


def end_code(txn: Transaction) -> str | None:
    """Return the code with which MTN ended a transaction that failed."""
    return txn.refused_code if txn.state is State.REJECTED else txn.failure_code
