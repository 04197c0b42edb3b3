"""What a card and a transaction's end say. Every value is escaped where it is put in; all of it is HTML.

"Successful", "paid" and "received" are said of nothing but a final SUCCESSFUL.
"""

from zoneinfo import ZoneInfo

from bot.chat.formats import clock_time, escape, money
from bot.chat.reasons import plain
from bot.domain.transactions import Kind, State, Transaction
from bot.service.views import CardView
from bot.store.cards import CardRole

TITLES = {
    Kind.TRANSFER: "Pay {amount}",
    Kind.DEPOSIT: "Deposit {amount}",
    Kind.REQUEST_TO_PAY: "Ask for {amount}",
    Kind.REFUND: "Refund {amount}",
}
ACCOUNTS = {Kind.REQUEST_TO_PAY: "collection account"}
NOUNS = {
    Kind.TRANSFER: "Payment of {amount} to {who}",
    Kind.DEPOSIT: "Deposit of {amount} to {who}",
    Kind.REQUEST_TO_PAY: "Request for {amount} from {who}",
    Kind.REFUND: "Refund of {amount} to {who}",
}
NOTHING_MOVED = "No money moved."
STOPPED = {
    "ROLE_TAKEN": "Stopped: the maker no longer has the role for it.",
    "DESK_CLOSED": "Stopped: the till was closed.",
}
# The only end here that is no end at MTN: the database is an older copy of itself.
FORGOTTEN = (
    "The bot runs on an older copy of its records, in which this one was not sent yet. It may have gone through all"
    " the same: ask an admin before you ask for it again."
)


def card(view: CardView, zone: ZoneInfo, *, sandbox: bool) -> str:
    """Return a card's text for the transaction's present state."""
    txn = view.txn
    lines = [f"<b>{TITLES[txn.kind].format(amount=money(txn.amount))}</b>", *_facts(view, sandbox=sandbox)]
    return "\n".join([*lines, "", _state(view, zone)])


def _facts(view: CardView, *, sandbox: bool) -> list[str]:
    txn = view.txn
    collecting = txn.kind is Kind.REQUEST_TO_PAY
    environment = "sandbox, no real money" if sandbox else "LIVE"
    facts = [
        f"{'From' if collecting else 'To'}: {_who(txn)}",
        f"{'Into' if collecting else 'From'}: {ACCOUNTS.get(txn.kind, 'disbursement account')} ({environment})",
        f"Note: {escape(txn.note)}",
    ]
    if view.original_code:
        facts.append(f"Refund of: {view.original_code}")
    if view.card.role is CardRole.CHECKER:
        facts.append(f"Asked by: {escape(view.maker)} at {escape(view.desk)}")
    if txn.approvals_needed and txn.self_approval:
        facts.append("One person may ask and approve here: it is switched on in the settings.")
    return [*facts, f"Reference: <code>{txn.short_code}</code>"]


def _who(txn: Transaction) -> str:
    if txn.payee_name is None:
        return f"{txn.msisdn}\nName: asking MTN …"
    return f"{txn.msisdn}\nName: {escape(txn.payee_name) if txn.payee_name else 'MTN gave no name'}"


def _state(view: CardView, zone: ZoneInfo) -> str:
    txn = view.txn
    match txn.state:
        case State.DRAFT if txn.repeat_asked:
            return (
                "⚠️ The same amount to the same number is still open, or ended less than ten minutes ago."
                " Really once more?"
            )
        case State.DRAFT:
            then = " An admin must approve it after that." if txn.approvals_needed else ""
            return f"Confirm until {clock_time(txn.expires_at, zone)}. Nothing moves before.{then}"
        case State.AWAITING_APPROVAL:
            return f"⏳ Waiting for approval until {clock_time(txn.expires_at, zone)}.{_approvals(view)}"
        case State.READY if view.frozen:
            until = clock_time(txn.send_by, zone) if txn.send_by else "its time is over"
            return f"🛑 Not sent: sending is stopped. It leaves when sending goes on, if that is before {until}."
        case State.READY:
            return "⏳ Sending to MTN …"
        case State.UNKNOWN:
            return _unknown(view)
        case State.PENDING:
            phone = txn.kind is Kind.REQUEST_TO_PAY
            return "⏳ Waiting for the payer to approve on the phone." if phone else "⏳ MTN is working on it."
        case State.REVIEW:
            return _review(txn)
        case _:
            return _final(view)


def _approvals(view: CardView) -> str:
    """Return who has approved and how many are missing, where one person is not enough."""
    needed = view.txn.approvals_needed
    if needed < 2:
        return ""
    if not view.approved_by:
        return f" {needed} people must approve it."
    who = ", ".join(escape(name) for name in view.approved_by)
    return f" Approved by {who}; {needed - len(view.approved_by)} more needed."


def _unknown(view: CardView) -> str:
    txn = view.txn
    if txn.refused_code is not None:
        return f"⏳ MTN refused: {plain(txn.refused_code)}. Making sure, about two minutes; do not send it again yet."
    if txn.send_closed:
        return "✋ Nothing more will be sent, but it may have gone through before. Still asking MTN."
    if txn.held:
        return (
            f"⏳ MTN answered twice with an error: {plain(txn.last_answer)}. Press Retry to send the same payment"
            " again (it cannot move twice), or Cancel."
        )
    if view.can_retry:
        return (
            "⏳ MTN has not said whether it has this one. Retry sends the same payment again (it cannot move twice);"
            " Cancel stops trying."
        )
    if txn.ambiguous == 0 and txn.last_answer is not None:
        return f"⏳ Not with MTN yet: {plain(txn.last_answer)}. Trying again. Do not send it again yourself."
    return "⏳ Sent to MTN, waiting for its answer. Do not send it again."


def _review(txn: Transaction) -> str:
    why = {
        "MISMATCH": "MTN's answer does not fit what was asked",
        "HANDED_OVER": "MTN has not said whether it has this one",
        "OTHER_API_USER": "it was sent under an MTN user this bot no longer has",
    }.get(txn.failure_code or "", "MTN does not tell how it ended")
    return f"⚠️ A person must look at this: {why}. Do not send it again."


def _final(view: CardView) -> str:
    txn = view.txn
    if txn.state is State.SUCCESSFUL:
        known_as = f" MTN's id: {escape(txn.financial_transaction_id)}." if txn.financial_transaction_id else ""
        return f"✅ Successful.{known_as}"
    if txn.failure_code == "RESTORED":
        return f"✖️ {FORGOTTEN}"
    if txn.state is State.CANCELLED:
        return f"✖️ {_stopped_by(view)} {NOTHING_MOVED}"
    return f"❌ {_why_not(txn)}"


def _stopped_by(view: CardView) -> str:
    if view.txn.failure_code == "APPROVAL_REFUSED":
        return f"Rejected by {escape(view.decided_by or 'an admin')}."
    return STOPPED.get(view.txn.failure_code or "", "Cancelled.")


def _why_not(txn: Transaction) -> str:
    match txn.state:
        case State.FAILED:
            return f"Failed: {plain(txn.failure_code)}. {NOTHING_MOVED}"
        case State.REJECTED:
            return f"Failed: MTN refused it, {plain(txn.refused_code)}. {NOTHING_MOVED}"
        case State.UNSENT:
            return f"Failed: it never reached MTN. {NOTHING_MOVED}"
        case _ if txn.send_by is not None:
            return f"Not sent: its time was over before it could leave. {NOTHING_MOVED}"
        case _:
            return f"Not confirmed or approved in time. {NOTHING_MOVED}"


def end(view: CardView, state: State, by: str | None) -> str:
    """Return the message that tells a transaction's end, or that a person must look at it."""
    txn = view.txn
    who = f"{txn.msisdn}" + (f" ({escape(txn.payee_name)})" if txn.payee_name else "")
    noun = NOUNS[txn.kind].format(amount=f"<b>{money(txn.amount)}</b>", who=who)
    match state:
        case State.SUCCESSFUL:
            sentence = f"✅ {noun} was successful."
        case State.FAILED:
            sentence = f"❌ {noun} failed: {plain(txn.failure_code)}. {NOTHING_MOVED}"
        case State.REJECTED:
            sentence = f"❌ {noun} failed: MTN refused it, {plain(txn.refused_code)}. {NOTHING_MOVED}"
        case State.UNSENT:
            sentence = f"❌ {noun} failed: it never reached MTN. {NOTHING_MOVED}"
        case State.CANCELLED if txn.failure_code == "RESTORED":
            sentence = f"✖️ {noun}: {FORGOTTEN}"
        case State.CANCELLED if txn.failure_code in STOPPED:
            sentence = f"✖️ {noun}: {STOPPED[txn.failure_code]} {NOTHING_MOVED}"
        case State.CANCELLED:
            sentence = f"✖️ {noun} was rejected by {escape(by or 'an admin')}. {NOTHING_MOVED}"
        case State.EXPIRED:
            sentence = f"⌛ {noun} was not sent: its time was over. {NOTHING_MOVED} Ask again if you still want it."
        case _:
            sentence = f"⚠️ {noun}: a person must look at this. Do not send it again."
    return f"{sentence}\nReference: <code>{txn.short_code}</code>"
