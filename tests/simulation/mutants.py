"""The table of planted bugs: what each is called, how it is planted, and where it can show.

The bugs themselves are in `bugs_of_sending.py`, `bugs_of_people.py` and `bugs_of_messages.py`.
"""

from tests.simulation import bugs_of_messages as messages
from tests.simulation import bugs_of_people as people
from tests.simulation import bugs_of_sending as sending
from tests.simulation.planting import Believer, Mutant

EVIDENCE, NEVER_THERE, MOVES = ("txn_evidence",), ("txn_never_there",), ("txn_moves",)
MUTANTS: tuple[Mutant, ...] = (
    # Ids and order
    Mutant("new reference on retry", sending.new_reference, ("txn_frozen",)),
    Mutant("POST before persist", sending.post_before_persist, ("txn_frozen",)),
    Mutant("persist after POST", sending.persist_after_post),
    Mutant("journal after POST", sending.journal_after_post),
    # What an answer means
    Mutant("timeout = FAILED", sending.timeout_is_failed, EVIDENCE),
    Believer("callback body trusted", lambda _: None, EVIDENCE),
    Mutant("404 = never", sending.not_found_is_never, NEVER_THERE),
    Mutant("409 = FAILED", sending.duplicate_is_failed, EVIDENCE),
    Mutant("gives up after 8 polls", sending.gives_up, EVIDENCE),
    Mutant("instant REJECTED", sending.instant_rejected, NEVER_THERE, ("late_and_double", "lossy")),
    Mutant("optimistic doubt", sending.optimistic_doubt, (), ("late_and_double", "lossy", "outages")),
    Mutant("UNSENT after a minute", sending.unsent_too_soon, (), ("late_and_double", "lossy", "slow_and_stale")),
    # When an attempt may be made
    Mutant("no rest before a re-post", sending.no_rest),
    Mutant("no send window", sending.no_window),
    Mutant("sent after Cancel", sending.sent_after_cancel),
    Mutant("never held", sending.never_held, (), ("lossy", "outages", "late_and_double")),
    Mutant("the clock may be set back", sending.clock_set_back, (), ("bad_host",)),
    # Races and rights
    Mutant("no compare-and-set", people.no_cas, (*MOVES, *EVIDENCE, "txn_approved", "txn_refund_bound")),
    Mutant("last write wins", people.last_write_wins, MOVES, ("callbacks",)),
    Mutant("self-approval", people.self_approval, ("decision_by_another", "txn_approved")),
    Mutant("no authorisation check", people.no_authority),
    Mutant("anybody confirms", people.anybody_confirms),
    Mutant("one approval pressed twice counts twice", people.presses_counted, ("txn_approved",), ("many_hands",)),
    Mutant("former admins' approvals count", people.former_admins_counted, ("txn_approved",), ("many_hands",)),
    Mutant("a role taken away stops nothing", people.role_change_stops_nothing, (), ("many_hands",)),
    Mutant("stale buttons work", people.stale_buttons),
    # Amounts
    Mutant("no refund bound", people.no_refund_bound, ("txn_refund_bound", "txn_refund_bound_forgotten")),
    Mutant("limit checked only when typed", people.limit_when_typed),
    Mutant("no second question", people.no_second_question),
    Mutant("no second question for another till's", people.same_till_only),
    # Stops, and a copy that is put back
    Mutant("a stop is ignored by the sender", people.freeze_ignored, ("attempt_while_frozen",)),
    Mutant("one person lets sending go on", people.thaw_by_one, ("freeze_ends",)),
    Mutant("who is alone does not wait", people.alone_without_waiting, (), ("many_hands",)),
    Mutant("an anomaly stops nothing", people.anomaly_stops_nothing, (), ("broken_promises", "flaky_telegram")),
    Mutant("a restored copy goes on sending", people.restored_goes_on, (), ("restored",)),
    Mutant("a restored copy sends again", people.restored_sends_again, (), ("restored",)),
    Mutant(
        "a forgotten refund is free",
        people.forgotten_refund_is_free,
        ("txn_refund_bound", "txn_refund_bound_forgotten"),
        ("restored",),
    ),
    Mutant("what a copy forgot stays forgotten", people.forgotten_for_good, (), ("restored",)),
    # Updates and messages
    Mutant("notifies from memory", messages.notify_from_memory),
    Mutant("marks before it sends", messages.mark_before_send),
    Mutant("acknowledges before it persists", messages.ack_before_persist),
    Mutant("effect and done in two transactions", messages.two_transactions),
    Mutant("an old question's buttons answer the open one", messages.old_buttons_answer),
    Mutant("a group's old id is written to", messages.old_chat_kept, (), ("flaky_telegram", "swarm")),
    Mutant("Retry is not offered by itself", messages.retry_not_offered, (), ("outages", "slow_and_stale", "lossy")),
    Mutant("a loop never rests", messages.loop_never_rests),
    Mutant("what was being said at a death is not said", messages.forgets_what_it_was_saying),
    Mutant("of ends told together the first alone is told", messages.only_the_first_of_a_flood),
)
