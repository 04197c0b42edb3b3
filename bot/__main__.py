"""``python -m bot run | check | backup | restore | export | purge | demo | tour``: the program's commands."""

import argparse
import asyncio
import atexit
import contextlib
import json
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot import app, commands, logs
from bot.checking import findings
from bot.checking.run import every
from bot.domain.checkup import Finding
from bot.service.accounts import ForeignAccount
from bot.settings import Settings, SettingsError, load_settings
from bot.store.lock import AlreadyRunning
from bot.store.migrations import NewerDatabase
from bot.store.restoring import RestoreFailed
from bot.store.soundness import Unusable
from bot.web.control import NoAnswer
from bot.wiring import Outside, now

FAILED, WRONG_SETTINGS, CANNOT_START = 1, 2, 3
LOCK_SECONDS = 30.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    options = _parser().parse_args(arguments)
    exit_code: int = options.command(options)
    return exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="A MoMo till in a Telegram chat.")
    there = parser.add_subparsers(required=True)
    run = there.add_parser("run", help="run the bot; its settings come from the environment")
    run.add_argument("--no-wait", action="store_true", help="give up at once if another bot holds the database")
    run.set_defaults(command=_run)
    check = there.add_parser("check", help="look at everything the bot needs, and say what is wrong and the cure")
    check.add_argument("--json", action="store_true", help="for scripts; the exit code is 0 when nothing is wrong")
    check.set_defaults(command=_check)
    backup = there.add_parser("backup", help="copy the database, also while the bot runs")
    backup.add_argument("dest", type=Path, metavar="DEST", help="a file that does not exist yet, or a directory")
    backup.set_defaults(command=_backup)
    restore = there.add_parser("restore", help="put a copy in the database's place, while no bot runs")
    restore.add_argument("source", type=Path, metavar="SOURCE", help="a file that `backup` made")
    restore.set_defaults(command=_restore)
    export = there.add_parser("export", help="everything of one till as JSON Lines and CSV, also while the bot runs")
    export.add_argument("desk", metavar="DESK", help="the till's title or its chat id")
    export.add_argument("dest", type=Path, metavar="DEST", help="a directory that does not exist yet")
    export.set_defaults(command=_export)
    purge = there.add_parser("purge", help="remove numbers, names and texts of what is over, also while the bot runs")
    purge.add_argument("--older-than", required=True, metavar="DAYS|DATE", help="such as 400, or 2025-12-31")
    purge.add_argument("--desk", default="", metavar="DESK", help="one till alone, by its title or its chat id")
    purge.add_argument("--dry-run", action="store_true", help="count what would be removed, and remove nothing")
    purge.set_defaults(command=_purge)
    demo = there.add_parser("demo", help="the playground: everything on this machine, no account needed")
    demo.add_argument("--port", type=int, default=8000, help="port of the page")
    demo.set_defaults(command=_demo)
    tour = there.add_parser("tour", help="a scripted conversation in the playground, printed")
    tour.set_defaults(command=_tour)
    return parser


def _run(options: argparse.Namespace) -> int:
    return _with_settings(lambda settings: app.run(settings, 0.5 if options.no_wait else LOCK_SECONDS))


def _check(options: argparse.Namespace) -> int:
    """Tell what is found, also when the settings themselves are what is wrong."""
    try:
        settings = load_settings(os.environ)
    except SettingsError as error:
        found = [findings.of_mistake(mistake) for mistake in error.mistakes]
    else:
        logs.configure("ERROR", secrets=settings.secrets)
        found = asyncio.run(every(settings, Outside()))
    _tell(found, as_json=options.json)
    return 0 if findings.passed(found) else FAILED


def _tell(found: list[Finding], *, as_json: bool) -> None:
    print(json.dumps(findings.as_json(found), indent=2) if as_json else "\n".join(map(findings.line, found)))


def _backup(options: argparse.Namespace) -> int:
    return _with_settings(lambda settings: _back_up(settings, options.dest.absolute()))


async def _back_up(settings: Settings, dest: Path) -> int:
    made = await commands.back_up(settings, dest)
    if "error" in made:
        _complain(made["error"])
        return FAILED
    print("{path}: {size} bytes, {rows} audit rows, head {head}".format_map(made))
    return 0


def _restore(options: argparse.Namespace) -> int:
    return _with_settings(lambda settings: _put_back(settings, options.source.absolute()))


async def _put_back(settings: Settings, source: Path) -> int:
    print("\n".join(await commands.restore(settings, source)))
    return 0


def _export(options: argparse.Namespace) -> int:
    return _with_settings(lambda settings: _give_out(settings, options.desk, options.dest.absolute()))


async def _give_out(settings: Settings, desk: str, dest: Path) -> int:
    done = await commands.export(settings, desk, dest)
    if "error" in done:
        _complain(done["error"])
        return FAILED
    print(f"{dest}: {', '.join(f'{n} {kind}' for kind, n in done.items())}")
    return 0


def _purge(options: argparse.Namespace) -> int:
    return _with_settings(lambda settings: _remove_old(settings, options))


async def _remove_old(settings: Settings, options: argparse.Namespace) -> int:
    before = _moment(options.older_than, settings)
    if before is None:
        _complain("--older-than: write a number of days, or a date such as 2025-12-31")
        return FAILED
    done = await commands.purge(settings, before, options.desk, dry_run=options.dry_run)
    if "error" in done:
        _complain(done["error"])
        return FAILED
    counted = ", ".join(f"{n} {name}" for name, n in done["counts"].items())
    print(f"{'would remove' if options.dry_run else 'removed'} what is older than {before:%Y-%m-%d}: {counted}")
    if done["note"]:
        print(done["note"])
    return 0


def _moment(text: str, settings: Settings) -> datetime | None:
    """Read so many days ago, or the beginning of a day of the till's."""
    try:
        if text.isascii() and text.isdecimal():
            return now() - timedelta(days=int(text))
        return datetime.combine(date.fromisoformat(text), time(), settings.timezone)
    except (ValueError, OverflowError):
        return None


def _with_settings(command: Callable[[Settings], Coroutine[Any, Any, int]]) -> int:
    """Run a command of the program; what keeps it from starting is one sentence, and its exit code."""
    try:
        settings = load_settings(os.environ)
    except SettingsError as error:
        _complain(error)
        return WRONG_SETTINGS
    readable = None if settings.log_format is None else settings.log_format == "console"
    logs.configure(settings.log_level, secrets=settings.secrets, readable=readable)
    try:
        return asyncio.run(command(settings))
    except RestoreFailed as error:
        _complain(error)
        return FAILED
    except (AlreadyRunning, NewerDatabase, Unusable, ForeignAccount, NoAnswer, OSError) as error:
        _complain(error)
        return CANNOT_START


def _complain(error: object) -> None:
    """Say what went wrong, if anybody can be told; the exit code says it too."""
    with contextlib.suppress(OSError):
        print(error, file=sys.stderr)


def _let_go_of_words() -> None:
    """Throw away what is said and cannot be written: left to Python, it would change the exit code into 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _demo(options: argparse.Namespace) -> int:
    from bot.playground import demo

    return demo.main(options.port)


def _tour(_: argparse.Namespace) -> int:
    from bot.playground import tour

    return tour.main()


if __name__ == "__main__":
    atexit.register(_let_go_of_words)
    sys.exit(main())
