"""`python -m momo sandbox`: arguments, signals and printing. Needs nothing but aiohttp."""

import argparse
import asyncio
import ipaddress
import json
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from momo.sandbox.core import Sandbox
from momo.sandbox.explained import explanation
from momo.sandbox.fault_plan import MATCH_NAMES
from momo.sandbox.profiles import PROFILES, profile
from momo.sandbox.server import SandboxServer
from momo.sandbox.settings import Settings

Rule = dict[str, Any]
_COUNTS = ("count", "skip", "probability")


@dataclass(frozen=True, slots=True)
class Described:
    """What the arguments ask for; no sandbox if only for an explanation."""

    host: str
    port: int
    sandbox: Sandbox | None


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT, and return the exit code."""
    asked = described(arguments)
    if asked.sandbox is None:
        print(explanation())
        return 0
    return asyncio.run(_serve(asked.sandbox, asked.host, asked.port))


def described(arguments: Sequence[str]) -> Described:
    """Read the arguments; what cannot be read ends the program with its usage and the code 2."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        sandbox = None if options.explain else _sandbox(options)
    except (ValueError, TypeError, KeyError, OSError) as problem:
        parser.error(str(problem))
    return Described(options.host, options.port, sandbox)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m momo sandbox",
        description="A local MoMo platform to develop and test against. Look at /_sandbox/ in a browser.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=_port, default=9000, help="port to listen on, 0 for any (default: %(default)s)")
    add("--profile", default="sandbox", choices=PROFILES, metavar="NAME", help="sandbox, or a market such as mtnuganda")
    add("--set", action="append", default=[], type=_pair, metavar="NAME=VALUE", help="turn a switch; see --explain")
    add(
        "--fault",
        action="append",
        default=[],
        type=fault_rule,
        metavar="RULE",
        help="such as lose_answer,operation=transfer,count=1",
    )
    add("--faults", type=Path, metavar="FILE", help="a JSON list of rules, each as /_sandbox/faults takes it")
    add("--clock", default="real", choices=("real", "virtual"), help="virtual: time passes only by /_sandbox/clock")
    add("--seed", type=int, help="makes keys, tokens and chance the same every time")
    add("--explain", action="store_true", help="list profiles, switches with their reasons, and faults")
    return parser


def _sandbox(options: argparse.Namespace) -> Sandbox:
    """The sandbox that the arguments and the environment describe."""
    sandbox = Sandbox(
        time.monotonic if options.clock == "real" else _standing_still,
        options.seed,
        settings=profile(options.profile).but(_switches(options.set)),
        **_keys(os.environ),
    )
    rules = [*options.fault, *(json.loads(options.faults.read_text("utf-8")) if options.faults else [])]
    for rule in rules:
        sandbox.faults.add_rule(rule)
    return sandbox


def _keys(environment: Mapping[str, str]) -> dict[str, str]:
    names = {"collection": "c", "disbursement": "d", "remittance": "e"}
    return {
        f"{product}_key": environment.get(f"MOMO_{product.upper()}_SUBSCRIPTION_KEY") or letter * 32
        for product, letter in names.items()
    }


def _switches(pairs: Sequence[tuple[str, str]]) -> dict[str, object]:
    """Values as JSON where the switch is no text."""
    usual = Settings().as_dict()
    return {name: text if isinstance(usual.get(name), str) else _value(text) for name, text in pairs}


def fault_rule(text: str) -> Rule:
    """Read a rule from one word: the fault's name, then name=value for what it matches, counts or takes."""
    name, *rest = text.split(",")
    rule: Rule = {"name": name, "match": {}, "args": {}}
    for key, value in map(_pair, rest):
        if key in MATCH_NAMES:
            rule["match"][key] = value
        elif key in _COUNTS:
            rule[key] = _value(value)
        else:
            rule["args"][key] = _value(value)
    return rule


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def _value(text: str) -> Any:
    """JSON, or else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _standing_still() -> float:
    return 0.0


async def _serve(sandbox: Sandbox, host: str, port: int) -> int:
    stop = _stop_signal()  # before the line that says it is there: who reads it may end it
    server = SandboxServer(sandbox)
    try:
        await server.start(host, port)
    except OSError as problem:
        print(f"cannot listen on {host}:{port}: {problem.strerror}", file=sys.stderr)
        await server.stop()
        return 1
    print(f"MoMo sandbox listening on {server.url}", flush=True)
    if not is_loopback(host):
        print(f"Warning: {host} can be reached from other machines; anybody there can use it.", file=sys.stderr)
    await stop.wait()
    await server.stop()
    return 0


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach *host*; a name we do not know counts as open."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _stop_signal() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set from now on."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
