"""What a card and a transaction's end say. Every value is escaped where it is put in; all of it is HTML.

"Successful", "paid" and "received" are said of nothing but a final SUCCESSFUL.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat import guard, prospects
from bot.chat.formats import clock_time, escape, money, number
from bot.chat.language import _, later, ngettext
from bot.chat.reasons import advice, plain
from bot.domain.purging import is_removed
from bot.domain.transactions import Kind, State, Transaction
from bot.service.views import CardView
from bot.store.cards import CardRole

TITLES = {
    Kind.TRANSFER: later("Pay {amount}"),
    Kind.DEPOSIT: later("Deposit {amount}"),
    Kind.REQUEST_TO_PAY: later("Ask for {amount}"),
    Kind.REFUND: later("Refund {amount}"),
}
NOUNS = {
    Kind.TRANSFER: later("Payment of {amount} to {who}"),
    Kind.DEPOSIT: later("Deposit of {amount} to {who}"),
    Kind.REQUEST_TO_PAY: later("Request for {amount} from {who}"),
    Kind.REFUND: later("Refund of {amount} to {who}"),
}
NOTHING_MOVED = later("No money moved.")
STOPPED = {
    "ROLE_TAKEN": later("Stopped: the maker no longer has the role for it."),
    "DESK_CLOSED": later("Stopped: the till was closed."),
}
REVIEWED = {
    "MISMATCH": later("MTN's answer does not fit what was asked"),
    "HANDED_OVER": later("MTN has not said whether it has this one"),
    "OTHER_API_USER": later("it was sent under an MTN user this bot no longer has"),
}
# The only end here that is no end at MTN: the database is an older copy of itself.
FORGOTTEN = later(
    "The bot runs on an older copy of its records, in which this one was not sent yet. It may have gone through all"
    " the same: ask an admin before you ask for it again."
)


def card(view: CardView, zone: ZoneInfo, *, sandbox: bool) -> str:
    """Return a card's text for the transaction's present state."""
    txn = view.txn
    title = f"<b>{_(TITLES[txn.kind]).format(amount=money(txn.amount))}</b>"
    lines = [title, *prospects.in_words(view), *_facts(view, zone, sandbox=sandbox)]
    return "\n".join([*lines, "", _state(view, zone)])


def _facts(view: CardView, zone: ZoneInfo, *, sandbox: bool) -> list[str]:
    txn = view.txn
    collecting = txn.kind is Kind.REQUEST_TO_PAY
    party = _("From: {number}") if collecting else _("To: {number}")
    account = _("Into: collection account ({world})") if collecting else _("From: disbursement account ({world})")
    facts = [
        party.format(number=number(txn.msisdn)),
        *([] if is_removed(txn.msisdn) else [_name(txn)]),
        *guard.lines(view),
        account.format(world=_("sandbox, no real money") if sandbox else _("LIVE")),
        *([_("Note: {note}").format(note=escape(txn.note))] if txn.note else []),
    ]
    if view.original_code:
        facts.append(_("Refund of: {code}").format(code=view.original_code))
    if view.card.role is CardRole.CHECKER:
        facts.append(_("Asked by: {maker} at {desk}").format(maker=escape(view.maker), desk=escape(view.desk)))
    if txn.approvals_needed and txn.self_approval:
        facts.append(_("One person may ask and approve here: it is switched on in the settings."))
    return [*facts, *prospects.lines(view, zone), _reference(txn)]


def _reference(txn: Transaction) -> str:
    return _("Reference: <code>{code}</code>").format(code=txn.short_code)


def _name(txn: Transaction) -> str:
    if txn.payee_name is None:
        return _("Name: asking MTN …")
    return _("Name: {name}").format(name=escape(txn.payee_name)) if txn.payee_name else _("Name: MTN gave no name")


def _state(view: CardView, zone: ZoneInfo) -> str:
    txn = view.txn
    match txn.state:
        case State.DRAFT if txn.repeat_asked:
            return _(
                "⚠️ The same amount to the same number is still open, or ended less than ten minutes ago."
                " Really once more?"
            )
        case State.DRAFT:
            until = _("Confirm until {time}. Nothing moves before.").format(time=clock_time(txn.expires_at, zone))
            then = [_("An admin must approve it after that.")] if txn.approvals_needed else []
            return " ".join([until, *then])
        case State.AWAITING_APPROVAL:
            until = _("⏳ Waiting for approval until {time}.").format(time=clock_time(txn.expires_at, zone))
            return f"{until} {_approvals(view)}".rstrip()
        case State.READY if view.frozen:
            return _held_up(txn.send_by, zone)
        case State.READY:
            return _("⏳ Sending to MTN …")
        case State.UNKNOWN:
            return _unknown(view)
        case State.PENDING:
            return _pending(view, zone)
        case State.REVIEW:
            return _review(txn)
        case _:
            return _final(view)


def _pending(view: CardView, zone: ZoneInfo) -> str:
    if view.txn.kind is not Kind.REQUEST_TO_PAY:
        return _("⏳ MTN is working on it.")
    if view.payer_until is None:
        return _("⏳ Waiting for the payer to approve on the phone.")
    return _("⏳ Waiting for the payer to approve on the phone, until about {time}.").format(
        time=clock_time(view.payer_until, zone)
    )


def _held_up(send_by: datetime | None, zone: ZoneInfo) -> str:
    if send_by is None:
        return _("🛑 Not sent: sending is stopped.")
    return _("🛑 Not sent: sending is stopped. It leaves when sending goes on, if that is before {time}.").format(
        time=clock_time(send_by, zone)
    )


def _approvals(view: CardView) -> str:
    """Return who has approved and how many are missing, where one person is not enough."""
    needed = view.txn.approvals_needed
    if needed < 2:
        return ""
    if not view.approved_by:
        return _("{n} people must approve it.").format(n=needed)
    missing = needed - len(view.approved_by)
    return ngettext("Approved by {names}; {n} more needed.", "Approved by {names}; {n} more needed.", missing).format(
        names=", ".join(escape(name) for name in view.approved_by), n=missing
    )


def _unknown(view: CardView) -> str:
    txn = view.txn
    if txn.refused_code is not None:
        return _("⏳ MTN refused: {why}. Making sure, about two minutes; do not send it again yet.").format(
            why=plain(txn.refused_code, txn.kind)
        )
    if txn.send_closed:
        return _("✋ Nothing more will be sent, but it may have gone through before. Still asking MTN.")
    if txn.held:
        return _(
            "⏳ MTN answered twice with an error: {why}. Press Retry to send the same payment"
            " again (it cannot move twice), or Cancel."
        ).format(why=plain(txn.last_answer, txn.kind))
    if view.can_retry:
        return _(
            "⏳ MTN has not said whether it has this one. Retry sends the same payment again (it cannot move twice);"
            " Cancel stops trying."
        )
    if txn.ambiguous == 0 and txn.last_answer is not None:
        return _("⏳ Not with MTN yet: {why}. Trying again. Do not send it again yourself.").format(
            why=plain(txn.last_answer, txn.kind)
        )
    return _("⏳ Sent to MTN, waiting for its answer. Do not send it again.")


def _review(txn: Transaction) -> str:
    why = _(REVIEWED.get(txn.failure_code or "", later("MTN does not tell how it ended")))
    return _("⚠️ A person must look at this: {why}. Do not send it again.").format(why=why)


def _final(view: CardView) -> str:
    txn = view.txn
    if txn.state is State.SUCCESSFUL:
        if txn.financial_transaction_id:
            return _("✅ Successful. MTN's id: {id}.").format(id=escape(txn.financial_transaction_id))
        return _("✅ Successful.")
    if txn.failure_code == "RESTORED":
        return f"✖️ {_(FORGOTTEN)}"
    if txn.state is State.CANCELLED:
        return f"✖️ {_stopped_by(view)} {_(NOTHING_MOVED)}"
    return f"❌ {_why_not(txn)} {_(NOTHING_MOVED)} {advice(txn)}".rstrip()


def _stopped_by(view: CardView) -> str:
    if view.txn.failure_code == "APPROVAL_REFUSED":
        return _("Rejected by {name}.").format(name=escape(view.decided_by or _("an admin")))
    return _(STOPPED.get(view.txn.failure_code or "", later("Cancelled.")))


def _why_not(txn: Transaction) -> str:
    match txn.state:
        case State.FAILED:
            return _("Failed: {why}.").format(why=plain(txn.failure_code, txn.kind))
        case State.REJECTED:
            return _("Failed: MTN refused it, {why}.").format(why=plain(txn.refused_code, txn.kind))
        case State.UNSENT:
            return _("Failed: it never reached MTN.")
        case _ if txn.send_by is not None:
            return _("Not sent: its time was over before it could leave.")
        case _:
            return _("Not confirmed or approved in time.")


def end(view: CardView, state: State, by: str | None) -> str:
    """Return the message that tells a transaction's end, or that a person must look at it."""
    txn = view.txn
    who = number(txn.msisdn) + (f" ({escape(txn.payee_name)})" if txn.payee_name else "")
    what = _(NOUNS[txn.kind]).format(amount=f"<b>{money(txn.amount)}</b>", who=who)
    return "\n".join(filter(None, [_ended(txn, state, what, by), advice(txn), _reference(txn)]))


def _ended(txn: Transaction, state: State, what: str, by: str | None) -> str:
    match state:
        case State.SUCCESSFUL:
            return _("✅ {what} was successful.").format(what=what)
        case State.FAILED:
            return _("❌ {what} failed: {why}. No money moved.").format(
                what=what, why=plain(txn.failure_code, txn.kind)
            )
        case State.REJECTED:
            return _("❌ {what} failed: MTN refused it, {why}. No money moved.").format(
                what=what, why=plain(txn.refused_code, txn.kind)
            )
        case State.UNSENT:
            return _("❌ {what} failed: it never reached MTN. No money moved.").format(what=what)
        case State.CANCELLED if txn.failure_code == "RESTORED":
            return f"✖️ {what}: {_(FORGOTTEN)}"
        case State.CANCELLED if txn.failure_code in STOPPED:
            return f"✖️ {what}: {_(STOPPED[txn.failure_code])} {_(NOTHING_MOVED)}"
        case State.CANCELLED:
            return _("✖️ {what} was rejected by {name}. No money moved.").format(
                what=what, name=escape(by or _("an admin"))
            )
        case State.EXPIRED:
            return _(
                "⌛ {what} was not sent: its time was over. No money moved. Ask again if you still want it."
            ).format(what=what)
        case _:
            return _("⚠️ {what}: a person must look at this. Do not send it again.").format(what=what)
