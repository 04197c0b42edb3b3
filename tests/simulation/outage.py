"""An hour without MTN, and an hour without Telegram, on the virtual clock.

    python -m tests.simulation.outage [mtn] [telegram] [--seed N] [--small]

Writes what came of it into benchmarks/RESULTS.md, unless it is the small one that the tests play. The exit code is 1
when anything was not as it must be.
"""

import argparse
import sys
import time

from benchmarks.results import record
from tests.simulation import mtn_away, telegram_away
from tests.simulation.knobs import MINUTE

STATES = ("SUCCESSFUL", "FAILED", "REJECTED", "UNSENT", "EXPIRED", "PENDING", "REVIEW", "UNKNOWN")
ABOUT_MTN = """\
Seed {seed}. {count:,} transactions confirmed in {minutes:.0f} minutes without MTN by {cashiers} cashiers, on the
virtual clock. Of what MTN was asked meanwhile {refused:.0%} was refused a connection, {silent:.0%} got no answer,
{errors:.0%} an error, and of {lost:.0%} the answer was lost after MTN had done it. Five calls a second to MTN.

{table}

* Goal (30 minutes after, each is final, PENDING at MTN, or UNKNOWN with Retry offered): {goal}.
* Told that it failed: {told}, of which {failed} failed at MTN, and {never} never reached it, which is what is said;
  wrongly: {wrongly}.
* Money moved once for {once:,}, never for {not_moved:,}, more than once for {twice}.
* {pressed} pressed Retry afterwards; then all was over: {ended}.
* {posts:,} attempts, {gets:,} lookups, {messages:,} messages."""
ABOUT_TELEGRAM = """\
Seed {seed}. {count:,} transactions of {cashiers} private chats and two groups ended while Telegram was away for
{minutes:.0f} minutes: {waiting:,} ends waited, and an edit of each card. {share:.1%} of Telegram's answers were lost
afterwards. Times are those of the virtual clock, from the moment Telegram is back.

* Goal (all delivered within Telegram's limits, as digests): {goal}.
* {told:,} ends told in {messages:,} messages, the last after {last:.0f} s; with {edits:,} edits of cards all was quiet
  after {quiet:.0f} s.
* Refused by Telegram as too fast: {refused}. New messages at most: {busiest}.
* {lost} answers lost; {repeats} ends told once more, {unmarked} of them without saying "(repeat)"."""
SCALES = {False: (mtn_away.FULL, telegram_away.FULL), True: (mtn_away.SMALL, telegram_away.SMALL)}


def main() -> int:
    """Play what is asked for; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", metavar="WHAT", help="mtn, telegram, or by default both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true")
    options = parser.parse_args()
    parts = {"mtn": _without_mtn, "telegram": _without_telegram}
    broken = [problem for name in options.what or parts for problem in parts[name](options.seed, options.small)]
    print("\n".join(broken or ["nothing is broken"]))
    return 1 if broken else 0


def _without_mtn(seed: int, small: bool) -> list[str]:
    scale, began = SCALES[small][0], time.process_time()
    found = mtn_away.play(seed, scale)
    _keep("Outage of MTN", small, [*_about_mtn(seed, scale, found), _cost(began)])
    return found.problems()


def _about_mtn(seed: int, scale: mtn_away.Scale, found: mtn_away.Found) -> list[str]:
    refused, silent, errors = found.shares
    shown = [state for state in STATES if any(look.states[state] for look in found.looks)]
    rows = [[f"{look.minutes:.0f}", *(str(look.states[s]) for s in shown), str(look.retries)] for look in found.looks]
    told, moved = found.told_failed, found.moved
    facts = {
        "seed": seed, "count": scale.transactions, "minutes": scale.away / MINUTE, "cashiers": scale.cashiers,
        "refused": refused, "silent": silent - refused, "errors": errors - silent, "lost": 1 - errors,
        "goal": _goal(found.problems()), "failed": told["FAILED"], "never": told["never there"],
        "told": sum(told.values()), "wrongly": found.wrongly_failed(), "once": moved[1], "not_moved": moved[0],
        "twice": found.moved_twice(), "pressed": found.retries_pressed, "ended": _counted(found.ended),
        "posts": found.calls["POST"], "gets": found.calls["GET"], "messages": found.messages,
    }  # fmt: skip
    table = "\n".join(_table(["minutes after", *shown, "Retry offered"], rows))
    return [ABOUT_MTN.format(table=table, **facts)]


def _without_telegram(seed: int, small: bool) -> list[str]:
    scale, began = SCALES[small][1], time.process_time()
    found = telegram_away.play(seed, scale)
    _keep("Outage of Telegram", small, [*_about_telegram(seed, scale, found), _cost(began)])
    return found.problems()


def _about_telegram(seed: int, scale: telegram_away.Scale, found: telegram_away.Found) -> list[str]:
    facts = {
        "seed": seed, "count": scale.transactions, "cashiers": scale.cashiers, "minutes": scale.away / MINUTE,
        "waiting": found.waiting, "share": telegram_away.LOST_ANSWERS, "goal": _goal(found.problems()),
        "told": found.told, "messages": found.messages, "last": found.last_told, "edits": found.edits,
        "quiet": found.quiet_after, "refused": found.refused, "lost": found.answers_lost, "repeats": found.repeats,
        "unmarked": found.unmarked, "busiest": ", ".join(f"{n} in {where}" for where, n in found.busiest.items()),
    }  # fmt: skip
    return [ABOUT_TELEGRAM.format(**facts)]


def _goal(problems: list[str]) -> str:
    return f"NOT met: {'; '.join(problems)}" if problems else "met"


def _counted(states: dict[str, int]) -> str:
    return ", ".join(f"{state} {count:,}" for state, count in sorted(states.items()))


def _cost(began: float) -> str:
    return f"* CPU for all of it: {time.process_time() - began:.0f} s."


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return ["| " + " | ".join(row) + " |" for row in (head, ["---:"] * len(head), *rows)]


def _keep(title: str, small: bool, lines: list[str]) -> None:
    if small:
        print("\n".join([title, *lines]))
    else:
        record(title, "tests/simulation/outage.py", "\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
