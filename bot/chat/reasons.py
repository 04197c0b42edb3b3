"""MTN's codes in plain words. The set is open: a code nobody has described is shown as it is."""

from bot.chat.formats import escape

REASONS = {
    "PAYER_NOT_FOUND": "the payer's number has no active Mobile Money account",
    "PAYEE_NOT_FOUND": "this number has no active Mobile Money account",
    "NOT_ENOUGH_FUNDS": "there is not enough money in the account that pays",
    "PAYER_LIMIT_REACHED": "the account that pays has reached its limit",
    "PAYEE_LIMIT_REACHED": "the account that receives has reached its limit",
    "PAYEE_NOT_ALLOWED_TO_RECEIVE": "this account may not receive money",
    "NOT_ALLOWED": "MTN does not allow this operation for this account",
    "NOT_ALLOWED_TARGET_ENVIRONMENT": "the bot's MTN account is not made for this market: tell the owner",
    "INVALID_CALLBACK_URL_HOST": "the bot's callback address is not registered with MTN: tell the owner",
    "INVALID_CURRENCY": "MTN does not take this currency here",
    "APPROVAL_REJECTED": "the payer declined",
    "PAYMENT_NOT_APPROVED": "the payer did not approve",
    "EXPIRED": "nobody approved in time on the phone",
    "TRANSACTION_CANCELED": "it was cancelled at MTN",
    "SERVICE_UNAVAILABLE": "MTN's wallet service was down",
    "INTERNAL_PROCESSING_ERROR": "MTN gives no reason; mostly there is not enough money in the account that pays",
    "COULD_NOT_PERFORM_TRANSACTION": "it timed out at MTN, about five minutes after the phone was asked",
    "SENDER_ACCOUNT_NOT_ACTIVE": "the account that pays is not active",
    "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED": (
        "there is not enough money, or the receiver's limit is reached, or the receiver may not receive"
    ),
    "TRANSFER_TYPE_UNKNOWN": "MTN wants a transfer type from this kind of account: tell the owner",
    "FIREWALL": "MTN's firewall refused the text of the request",
    "BadRequest": "MTN found the request malformed: tell the owner",
    "PermissionDenied": "the bot's address or account is not allowed to do this at MTN: tell the owner",
    "AuthenticationFailed": "MTN does not accept the bot's keys: tell the owner",
    "INVALID_TOKEN": "MTN did not accept the bot's token; a new one is fetched",
    "ConnectionFailed": "MTN cannot be reached",
    "RateLimited": "MTN is busy",
    "JOURNAL_UNWRITABLE": "the bot cannot write its reference journal: tell the owner",
    "InvalidValue": "the bot made a request that MTN would not take: tell the owner",
}
NO_REASON = "MTN gave no reason"


def plain(code: str | None) -> str:
    """Return why something failed, in plain words, safe to put into a message."""
    if not code:
        return NO_REASON
    return REASONS.get(code) or f"MTN says {escape(code)}"
