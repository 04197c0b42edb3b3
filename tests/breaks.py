"""Each countermeasure of docs/safety.md taken out, to see that its test fails: ``python -m tests.breaks [ROW ...]``.

What lives here: the breaks, as texts to replace, and how they are made in a copy of the tree, never in the tree
itself. What must not: the tests. Where a second wall behind a check would hide it, both are taken out.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".*cache", "__pycache__", ".hypothesis")
FAILED = re.compile(r"^\d+ failed", re.MULTILINE)


class Edit(NamedTuple):
    """A text that a file has exactly once, and what is put in its place."""

    file: str
    old: str
    new: str = ""


class Break(NamedTuple):
    """A row of the table of threats, the test that must fail, and what takes the countermeasure out."""

    row: int
    test: str
    edits: tuple[Edit, ...]


LOGS = "bot/logs.py"
CALLBACKS = "bot/service/callbacks.py"
CARDS = "bot/store/cards.py"
APPROVALS = "bot/service/approvals.py"
PAYMENTS = "bot/service/payments.py"
ACCESS = "bot/chat/access.py"
CONTEXT = "bot/chat/context.py"
CHATS = "bot/service/chats.py"
ROLES = "bot/service/roles.py"
DOORKEEPER = "bot/web/doorkeeper.py"
TRANSPORT = "momo/transport.py"
FORMATS = "bot/chat/formats.py"
AMOUNTS = "bot/chat/amounts.py"
CAPS = "bot/chat/caps.py"
STEADY = "bot/domain/steady.py"
SETTLING = "bot/domain/settling.py"
# fmt: off
BREAKS = tuple(Break(row, test, tuple(Edit(*edit) for edit in edits)) for row, test, *edits in (
    (1, "test_nothing_escapes_a_process_that_dies_of_an_exception", (LOGS, "            redact,\n")),
    (1, "test_no_log_holds_a_secret_a_number_or_a_name", (LOGS, '"telegram", "aiosqlite")', ")")),
    (2, "test_another_program_that_stays_for_a_minute_stops_all_sending",
     ("bot/service/anomalies.py", "if since is not None and tx.now - since >= RIVAL_STAYS:", "if 0:")),
    (2, "test_a_callback_with_a_token_that_never_left_the_house_stops_all_sending",
     (CALLBACKS, "        if txn.failure_code != RESTORED:", "        if 0:")),
    (3, "test_a_false_update_is_refused_and_leaves_no_trace",
     ("bot/web/telegram.py", "if not hmac.compare_digest(given, self._secret):", "if not given:")),
    (3, "test_the_webhooks_secret_is_compared_in_constant_time",
     ("bot/web/telegram.py", "not hmac.compare_digest(given, self._secret)", "not given == self._secret")),
    (4, "test_a_nonce_with_one_bit_turned_finds_no_card",
     (CARDS, "WHERE (nonce = :nonce OR", "WHERE (1 OR :nonce = nonce OR")),
    (4, "test_data_with_one_bit_turned_changes_nothing",
     (CARDS, "WHERE (nonce = :nonce OR", "WHERE (1 OR :nonce = nonce OR")),
    (4, "test_no_made_up_data_changes_anything",
     (CARDS, "WHERE (nonce = :nonce OR", "WHERE (1 OR :nonce = nonce OR"),
     ("bot/chat/handlers/presses.py", "if not fits or txn.short_code", "if 0 and txn.short_code")),
    (5, "test_a_hundred_presses_of_three_admins_are_one_decision",
     (APPROVALS, "if txn.state is not State.AWAITING_APPROVAL or decisions", "if 0 and decisions")),
    (5, "test_three_admins_at_the_same_time_send_once",
     (APPROVALS, "if txn.state is not State.AWAITING_APPROVAL or decisions", "if 0 and decisions")),
    (5, "test_confirm_pressed_twenty_times_sends_once",
     (PAYMENTS, "    if txn.state is not State.DRAFT:", "    if 0:")),
    (6, "test_a_press_counts_to_the_last_millisecond_before_the_end",
     (PAYMENTS, "    if txn.expires_at <= tx.now:", "    if 0:")),
    (6, "test_a_copy_of_a_card_in_another_chat_decides_nothing",
     (CARDS, "nonce = :nonce) AND chat_id = :chat", "nonce = :nonce) AND :chat")),
    (7, "test_a_borrowed_name_gives_no_right",
     (APPROVALS, "if user_id not in roles.approvers(tx, policy, txn.desk_id):",
     ("able = [people.name_of(tx.conn, one) for one in roles.approvers(tx, policy, txn.desk_id)]\n"
      "    if people.name_of(tx.conn, user_id) not in able:")),
     (APPROVALS, "    roles.demand(tx, policy, user_id, txn.desk_id, Right.APPROVE)\n")),
    (7, "test_a_press_of_somebody_without_the_right_gets_only_an_answer",
     (APPROVALS, "    if user_id not in roles.approvers(tx, policy, txn.desk_id):", "    if 0:"),
     (APPROVALS, "    roles.demand(tx, policy, user_id, txn.desk_id, Right.APPROVE)\n")),
    (8, "test_a_message_that_is_not_a_persons_own_starts_nothing",
     (ACCESS, "            and message.sender_chat is None\n")),
    (8, "test_an_anonymous_admin_starts_nothing",
     (ACCESS, "            and message.sender_chat is None\n"),
     (ACCESS, "            and not person.is_bot\n")),
    (9, "test_a_forward_starts_nothing", (ACCESS, "            and message.forward_origin is None\n")),
    (9, "test_an_edited_message_starts_nothing", (ACCESS, "filters.UpdateType.MESSAGE & _Own", "_Own")),
    (9, "test_a_channel_post_starts_nothing", (ACCESS, "filters.UpdateType.MESSAGE & _Own", "_Own")),
    (10, "test_a_command_older_than_five_minutes_is_shown_back",
     (CONTEXT, "timedelta(minutes=5)", "timedelta(days=5)")),
    (10, "test_what_was_typed_while_the_bot_was_away_is_shown_back_and_not_done",
     (CONTEXT, "timedelta(minutes=5)", "timedelta(days=5)")),
    (11, "test_a_group_nobody_opened_is_no_desk_even_to_the_owner",
     ("bot/service/seats.py", "    if own is not None or not private:", "    if own is not None:")),
    (11, "test_a_group_nobody_opens_is_left_after_a_day",
     ("bot/service/visits.py", "            outbox.add(tx, chat_id, Form.LEAVE, Lane.PROGRESS)\n")),
    (12, "test_the_moved_cards_button_is_pressed_in_the_new_chat", (CHATS, "    people.move_chat(tx, old, new)\n")),
    (12, "test_an_open_card_goes_on_in_the_new_chat", (CHATS, "    people.move_chat(tx, old, new)\n")),
    (13, "test_an_admin_who_left_the_admins_chat_does_not_approve",
     (ROLES, "    return not any(memberships.is_away(", "    return True or any(memberships.is_away(")),
    (13, "test_who_left_the_group_is_refused_in_private_until_back",
     (ROLES, "    return not any(memberships.is_away(", "    return True or any(memberships.is_away(")),
    (14, "test_nobody_approves_their_own",
     (APPROVALS, "    if user_id in _left_out(txn):\n        raise Refusal(Why.OWN_APPROVAL)\n")),
    (14, "test_the_database_refuses_an_own_approval_the_program_let_through",
     ("bot/store/migrations/0001_till.sql", "  WHEN NEW.decision = 'approve'\n", "  WHEN 0\n")),
    (15, "test_an_admin_made_this_hour_approves_nothing_where_there_is_a_delay",
     (ROLES, "grant.granted_at > tx.now - policy.new_admin_delay", "grant.granted_at > tx.now")),
    (15, "test_a_change_of_role_is_announced_to_the_admins_but_not_twice_in_one_chat",
     ("bot/service/staff.py", "    _announce(tx, policy, by, user_id, role, desk_id, told_in)\n")),
    (16, "test_fifty_small_ones_move_no_more_than_one_large_one",
     ("bot/service/limits.py", "    if scope is not None:", "    if 0:")),
    (16, "test_a_frozen_till_sends_nothing_for_the_first_time",
     ("bot/store/agenda.py", '"NOT EXISTS(SELECT 1 FROM freeze WHERE ended_at_ms IS NULL)"', '"1"')),
    (17, "test_a_hundred_thousand_forged_callbacks_change_nothing",
     ("bot/domain/schedule.py", "HINT_QUIET = timedelta(seconds=5)", "HINT_QUIET = timedelta(seconds=0.1)")),
    (17, "test_a_lying_callback_to_the_right_address_is_not_believed",
     (CALLBACKS, "            rung += 1\n",
     ("            seen = 'INSERT INTO observation(txn_id, at_ms, source, momo_status) SELECT id, 1, ?, ? FROM txn'\n"
      "            tx.conn.execute(seen + ' WHERE callback_token = ?', ['GET', 'SUCCESSFUL', token])\n"
      "            if txn := transactions.of_token(tx.conn, token):\n"
      "                transactions.move(tx, txn, type(txn.state).SUCCESSFUL, 'callback')\n"))),
    (18, "test_silent_callers_do_not_keep_others_out",
     (DOORKEEPER, "next(iter(self._silent)).abort()", "next(reversed(self._silent)).abort()")),
    (18, "test_a_newcomer_takes_the_place_of_the_one_silent_longest",
     (DOORKEEPER, "next(iter(self._silent)).abort()", "pass")),
    (18, "test_who_says_nothing_is_hung_up_on", (DOORKEEPER, "        self._wait_for(connection, HEAD_SECONDS)\n")),
    (18, "test_a_head_too_long_is_refused",
     (DOORKEEPER, "if max(end, 0) > LARGEST_HEAD or (end < 0 and len(self._head) > LARGEST_HEAD):", "if 0:")),
    (19, "test_a_redirect_leads_nowhere", (TRANSPORT, "allow_redirects=False", "allow_redirects=True")),
    (19, "test_a_proxy_of_the_environment_is_not_used", (TRANSPORT, "trust_env=False", "trust_env=True")),
    (20, "test_an_address_without_tls_stops_the_start",
     ("bot/setting_values.py", 'if parts.scheme == "http" and not is_loopback(host):', "if 0:")),
    (20, "test_a_certificate_nobody_vouches_for_ends_it_before_a_word_is_sent",
     (TRANSPORT, "ssl=self._ssl", "ssl=False")),
    (21, "test_secrets_and_phone_numbers_do_not_pass", (LOGS, "return _NUMBERS.sub(_mask_match, text)", "return text")),
    (21, "test_one_tills_people_are_not_named_in_another",
     ("bot/service/telling.py", "            state=txn.state,\n            **facts,\n        )\n",
     ("            state=txn.state,\n            **facts,\n        )\n"
      "        first = tx.conn.execute('SELECT chat_id FROM desk ORDER BY id').fetchone()[0]\n"
      "        outbox.add(tx, first, Form.END, Lane.END, card_id=card.id, state=txn.state)\n"))),
    (22, "test_no_text_adds_markup_to_a_card", (FORMATS, 'html.escape(UNSEEN.sub("", text))', 'UNSEEN.sub("", text)')),
    (22, "test_every_mark_of_direction_and_every_space_without_width_is_taken_out",
     (FORMATS, 'html.escape(UNSEEN.sub("", text))', "html.escape(text)")),
    (23, "test_what_is_no_amount_is_refused", (AMOUNTS, '    if whole.startswith("0") and whole != "0":', "    if 0:")),
    (23, "test_what_two_people_read_in_two_ways_is_never_guessed", (AMOUNTS, "    if either:", "    if 0:")),
    (23, "test_no_float_is_in_money_code", ("bot/domain/limits.py", "used = spent[", "used = 0.0 + spent[")),
    (24, "test_what_is_no_number_is_refused", ("bot/chat/numbers.py", "    if len(digits) != length:", "    if 0:")),
    (25, "test_the_same_payment_within_ten_minutes_asks_again_with_another_button",
     (PAYMENTS, "(not again and _same_again(tx, txn))", "0")),
    (26, "test_a_command_over_the_cap_is_told_once_and_does_nothing", (CAPS, "len(recent) < self._most", "True")),
    (26, "test_no_more_people_are_remembered_than_there_is_room_for",
     (CAPS, "            del self._passed[next(iter(self._passed))]", "            pass")),
    (27, "test_an_update_brought_twice_makes_one_card",
     ("bot/store/inbox.py", '" ON CONFLICT DO NOTHING"', '" ON CONFLICT DO UPDATE SET done = 0"')),
    (28, "test_a_clock_set_back_makes_no_deadline_later",
     (STEADY, "self._told = max(self._wall(), self._told)", "self._told = self._wall()")),
    (28, "test_a_run_goes_on_from_the_moment_an_earlier_one_saw", (STEADY, "self._told = max(self(), moment)", "pass")),
    (29, "test_only_its_owner_can_read_a_copy", ("bot/store/backup.py", "part.touch(0o600", "part.touch(0o644")),
    (29, "test_nobody_but_the_bot_may_read_the_files", ("bot/store/database.py", "os.umask(0o077)", "os.umask(0o022)")),
    (30, "test_every_file_of_a_locked_package_has_its_hash",
     ("uv.lock", 'hash = "sha256:9243213661e29250eb41368e5daa826fc017156c3b8a11440826b2e3ed376472"', 'hash = "md5:0"')),
    (30, "test_what_is_installed_is_what_is_locked", ("Dockerfile", "uv sync --locked", "uv sync")),
    (31, "test_the_container_runs_as_nobody_special", ("Dockerfile", "USER desk\n")),
    (31, "test_no_secret_is_named_in_the_image", ("Dockerfile", "ENV PATH", "ENV MOMO_COLLECTION_API_KEY=x PATH")),
    (32, "test_a_changed_field_is_found",
     ("bot/store/audit.py", ' or bytes(row["hash"]) != link(after.hash, tuple(row)[1:9])')),
    (32, "test_a_finished_transaction_that_was_changed_is_told_once",
     ("bot/store/seals.py", 'bool(data["seal"] == _digest(row, data["columns"]))', "True")),
    (32, "test_a_row_changed_from_outside_is_found_when_the_lot_falls_on_it",
     (SETTLING, "    if result.amount is not None and result.amount != txn.amount:\n        return False\n")),
    (32, "test_the_digest_holds_the_day_and_the_head_of_the_trail",
     ("bot/service/digest.py", "audit.head(tx.conn).hash.hex()", "None")),
    (33, "test_no_answer_is_never_an_end",
     (SETTLING, "        _not_found(txn, decision, now)\n",
      "        _not_found(txn, decision, now)\n    else:\n        decision.to = State.FAILED\n")),
    (33, "test_retry_opens_the_window_under_the_same_reference",
     (PAYMENTS, '"send_by": tx.now + SEND_WITHIN, ', "")),
    (33, "test_an_hour_without_mtn_loses_nothing_and_calls_nothing_failed",
     (SETTLING, "        _not_found(txn, decision, now)\n",
      "        _not_found(txn, decision, now)\n    else:\n        decision.to = State.FAILED\n")),
    (34, "test_guessed_codes_of_another_till_are_answered_alike",
     ("bot/service/history.py", "txn.desk_id == seat.desk.id", "True")),
))
# fmt: on


def home_of(test: str, tree: Path = ROOT) -> Path:
    """Return the one file of a tree that has this test."""
    [home] = [file for file in tree.glob("tests/**/test_*.py") if f"def {test}(" in file.read_text("utf-8")]
    return home


@contextmanager
def broken(tree: Path, edits: Iterable[Edit]) -> Iterator[None]:
    """Have texts replaced in a tree for a while."""
    before = {tree / edit.file: (tree / edit.file).read_text("utf-8") for edit in edits}
    for edit in edits:
        text = (tree / edit.file).read_text("utf-8")
        (tree / edit.file).write_text(text.replace(edit.old, edit.new), "utf-8")
    try:
        yield
    finally:
        for file, text in before.items():
            file.write_text(text, "utf-8")


def fails(tree: Path, test: str) -> bool:
    """Tell whether a test fails in a tree; one that could not even be set up has not failed."""
    command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", f"{home_of(test, tree)}::{test}"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    return FAILED.search(done.stdout) is not None


def main(rows: set[int]) -> int:
    """Make every break, or those of some rows; print what came of each, and return how many no test noticed."""
    unnoticed = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(shutil.copytree(ROOT, Path(folder, "tree"), ignore=NOT_COPIED))
        for row, test, edits in BREAKS:
            if not rows or row in rows:
                with broken(tree, edits):
                    noticed = fails(tree, test)
                unnoticed += not noticed
                print(f"{row:>3}  {'fails' if noticed else 'HOLDS':6} {test}", flush=True)
    print(f"{unnoticed} breaks that no test noticed")
    return unnoticed


if __name__ == "__main__":
    sys.exit(main({int(row) for row in sys.argv[1:]}) > 0)
