"""The library's command line: `python -m momo sandbox`.

Only arguments, signals and printing; what a command does is in the module it names.
"""

import argparse
import asyncio
import ipaddress
import os
import signal
import sys
from collections.abc import Sequence

from momo.sandbox import Sandbox, SandboxServer


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code."""
    options = _parser().parse_args(arguments)
    return asyncio.run(_serve_sandbox(options.host, options.port))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m momo", description="MTN MoMo, from the command line.")
    commands = parser.add_subparsers(dest="command", required=True)
    sandbox = commands.add_parser("sandbox", help="a local MoMo platform to develop and test against")
    sandbox.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    sandbox.add_argument("--port", type=_port, default=9000, help="port to listen on, 0 for any (default: %(default)s)")
    return parser


async def _serve_sandbox(host: str, port: int) -> int:
    """Serve until SIGTERM or SIGINT."""
    stop = _stop_signal()  # before the line that says it is there: who reads it may end it
    server = SandboxServer(_sandbox_of_environment())
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


def _sandbox_of_environment() -> Sandbox:
    return Sandbox(
        collection_key=os.environ.get("MOMO_COLLECTION_SUBSCRIPTION_KEY") or "c" * 32,
        disbursement_key=os.environ.get("MOMO_DISBURSEMENT_SUBSCRIPTION_KEY") or "d" * 32,
        remittance_key=os.environ.get("MOMO_REMITTANCE_SUBSCRIPTION_KEY") or "e" * 32,
    )


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


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


if __name__ == "__main__":
    sys.exit(main())
