"""MTN's codes in plain words. The set is open: a code nobody has described is shown as it is."""

from bot.chat.formats import escape
from bot.chat.language import _, later

REASONS = {
    "PAYER_NOT_FOUND": later("the payer's number has no active Mobile Money account"),
    "PAYEE_NOT_FOUND": later("this number has no active Mobile Money account"),
    "NOT_ENOUGH_FUNDS": later("there is not enough money in the account that pays"),
    "PAYER_LIMIT_REACHED": later("the account that pays has reached its limit"),
    "PAYEE_LIMIT_REACHED": later("the account that receives has reached its limit"),
    "PAYEE_NOT_ALLOWED_TO_RECEIVE": later("this account may not receive money"),
    "NOT_ALLOWED": later("MTN does not allow this operation for this account"),
    "NOT_ALLOWED_TARGET_ENVIRONMENT": later("the bot's MTN account is not made for this market: tell the owner"),
    "INVALID_CALLBACK_URL_HOST": later("the bot's callback address is not registered with MTN: tell the owner"),
    "INVALID_CURRENCY": later("MTN does not take this currency here"),
    "APPROVAL_REJECTED": later("the payer declined"),
    "PAYMENT_NOT_APPROVED": later("the payer did not approve"),
    "EXPIRED": later("nobody approved in time on the phone"),
    "TRANSACTION_CANCELED": later("it was cancelled at MTN"),
    "SERVICE_UNAVAILABLE": later("MTN's wallet service was down"),
    "INTERNAL_PROCESSING_ERROR": later(
        "MTN gives no reason; mostly there is not enough money in the account that pays"
    ),
    "COULD_NOT_PERFORM_TRANSACTION": later("it timed out at MTN, about five minutes after the phone was asked"),
    "SENDER_ACCOUNT_NOT_ACTIVE": later("the account that pays is not active"),
    "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED": later(
        "there is not enough money, or the receiver's limit is reached, or the receiver may not receive"
    ),
    "TRANSFER_TYPE_UNKNOWN": later("MTN wants a transfer type from this kind of account: tell the owner"),
    "FIREWALL": later("MTN's firewall refused the text of the request"),
    "BadRequest": later("MTN found the request malformed: tell the owner"),
    "PermissionDenied": later("the bot's address or account is not allowed to do this at MTN: tell the owner"),
    "AuthenticationFailed": later("MTN does not accept the bot's keys: tell the owner"),
    "INVALID_TOKEN": later("MTN did not accept the bot's token; a new one is fetched"),
    "ConnectionFailed": later("MTN cannot be reached"),
    "RateLimited": later("MTN is busy"),
    "JOURNAL_UNWRITABLE": later("the bot cannot write its reference journal: tell the owner"),
    "InvalidValue": later("the bot made a request that MTN would not take: tell the owner"),
}
NO_REASON = later("MTN gave no reason")


def plain(code: str | None) -> str:
    """Return why something failed, in plain words, safe to put into a message."""
    if not code:
        return _(NO_REASON)
    return _(REASONS[code]) if code in REASONS else _("MTN says {code}").format(code=escape(code))
