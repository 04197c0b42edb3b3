"""The client against raw aiohttp and its peers, on the loopback sandbox: CPU per call and calls per second.

    python -m benchmarks.client [--rounds N] [--venv DIR]

Each contender lives in a process of its own and is given its turns in rounds, so that a machine that is busy for a
while is busy for all of them. The CPU is that of the contender's process alone. The sandbox has a process too, and a
core of its own where there are two: at 64 concurrent calls it is often the slower side, which hides differences
between the fast contenders but not between fast and slow ones. The peers are installed into a virtual environment of
their own, never into the project's.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.results import record
from benchmarks.rig import pin
from momo.wire import basic_token

HERE = Path(__file__).parent
PEERS = {
    "mtn_momo_client": "mtn-momo-client==2.0.1",
    "mtnmomo": "mtnmomo==3.0.1",
    "mobilemoney_py": "mobilemoney.py==0.1.2",
}
OURS = ("momo", "raw_aiohttp")
OPERATIONS = ("pay", "status")
CALLS = {1: 60, 64: 256}  # in each turn, by concurrency
SUBSCRIPTION_KEY = "c" * 32


class Worker:
    """A contender's process."""

    def __init__(self, name: str, python: str, setup: dict[str, str]) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [python, str(HERE / "worker.py"), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": str(HERE.parent) if name in OURS else ""},
        )
        pin(self._process.pid, last=True)
        self._say(setup)

    def run(self, operation: str, concurrency: int, calls: int) -> dict[str, float]:
        """Make so many calls and tell what they took."""
        self._say({"operation": operation, "concurrency": concurrency, "calls": calls})
        assert self._process.stdout is not None
        answer: dict[str, float] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)

    def _say(self, what: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()


def main() -> None:
    """Measure, and put what was found into RESULTS.md."""
    options = _options()
    python = _peers_python(Path(options.venv))
    sandbox = subprocess.Popen(
        [sys.executable, "-m", "momo", "sandbox", "--port", "0"], stdout=subprocess.PIPE, text=True, cwd=HERE.parent
    )
    try:
        pin(sandbox.pid, last=False)
        assert sandbox.stdout is not None
        setup = _setup(sandbox.stdout.readline().split()[-1])
        workers = [Worker(name, sys.executable, setup) for name in OURS]
        workers += [Worker(name, python, setup) for name in PEERS]
        turns = _measure(workers, options.rounds)
        for worker in workers:
            worker.close()
    finally:
        sandbox.terminate()
        sandbox.wait(10)
    text = _page(turns, options.rounds)
    record("The client", "client.py", text)


def _measure(workers: list[Worker], rounds: int) -> dict[tuple[str, str, int], list[dict[str, float]]]:
    """Every contender in turn, round after round; the first round warms up and does not count."""
    turns: dict[tuple[str, str, int], list[dict[str, float]]] = {}
    for number in range(rounds + 1):
        order = workers[number % len(workers) :] + workers[: number % len(workers)]
        for concurrency, calls in CALLS.items():
            for operation in OPERATIONS:
                for worker in order:
                    took = worker.run(operation, concurrency, calls)
                    if number:
                        turns.setdefault((worker.name, operation, concurrency), []).append(took)
        print(f"round {number} of {rounds}", file=sys.stderr)
    return turns


def _setup(url: str) -> dict[str, str]:
    """A user and a token in the sandbox, which is told to be lenient with what the peers send."""
    _ask(f"{url}/_sandbox/settings", {"refuse_token_body": False})
    made = _ask(f"{url}/_sandbox/provision", {"product": "collection", "callback_host": "localhost"})
    user, key = made["apiUser"], made["apiKey"]
    request = urllib.request.Request(f"{url}/collection/token/", data=b"", method="POST")
    request.add_header("Ocp-Apim-Subscription-Key", SUBSCRIPTION_KEY)
    request.add_header("Authorization", basic_token(user, key))
    token = json.loads(urllib.request.urlopen(request).read())["access_token"]
    return {"url": url, "user": user, "key": key, "subscription_key": SUBSCRIPTION_KEY, "token": token}


def _ask(url: str, body: object) -> dict[str, str]:
    request = urllib.request.Request(url, data=json.dumps(body).encode(), method="POST")
    answer: dict[str, str] = json.loads(urllib.request.urlopen(request).read())
    return answer


def _peers_python(venv: Path) -> str:
    """The Python of a virtual environment with the peers in it, made if need be."""
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *PEERS.values()], check=True)
    return str(python)


# --- the page


def _page(turns: dict[tuple[str, str, int], list[dict[str, float]]], rounds: int) -> str:
    lines = [
        f"aiohttp {version('aiohttp')}; {', '.join(PEERS.values())}; medians of {rounds} rounds after one to warm up;",
        "`pay` is a request to pay (JSON out), `status` its status (JSON in).",
        "",
        "| call | at once | contender | CPU per call, µs | to raw aiohttp | calls a second | failed |",
        "|---|---|---|---|---|---|---|",
    ]
    for operation in OPERATIONS:
        for concurrency in CALLS:
            lines += [_row(turns, name, operation, concurrency) for name in (*OURS, *PEERS)]
    return "\n".join([*lines, "", *_verdict(turns), ""])


def _row(turns: dict[tuple[str, str, int], list[dict[str, float]]], name: str, operation: str, concurrency: int) -> str:
    took = turns[name, operation, concurrency]
    start = f"| {operation} | {concurrency} | {name} |"
    if not took[0]["can"]:
        return f"{start} has no such call | | | |"
    failed = sum(one["errors"] for one in took) / sum(one["calls"] for one in took)
    cpu, rate = _cpu(took), median(_rate(one) for one in took)
    ratio = _ratio(turns, name, operation, concurrency)
    return f"{start} {cpu * 1e6:.0f} | {ratio:.2f} | {rate:.0f} | {failed:.0%} |"


def _cpu(took: list[dict[str, float]]) -> float:
    return median(one["cpu"] / one["calls"] for one in took)


def _rate(one: dict[str, float]) -> float:
    """Calls that succeeded, by the second."""
    return (one["calls"] - one["errors"]) / one["wall"]


def _ratio(
    turns: dict[tuple[str, str, int], list[dict[str, float]]], name: str, operation: str, concurrency: int
) -> float:
    """To raw aiohttp in the same round: what the machine does meanwhile hits both."""
    pairs = zip(turns[name, operation, concurrency], turns["raw_aiohttp", operation, concurrency], strict=True)
    return median(one["cpu"] / other["cpu"] for one, other in pairs)


def _verdict(turns: dict[tuple[str, str, int], list[dict[str, float]]]) -> list[str]:
    worst = max(_ratio(turns, "momo", operation, n) for operation in OPERATIONS for n in CALLS)
    lines = [f"Goal 1: at most 1.25 times raw aiohttp's CPU per call. Worst seen: {worst:.2f}."]
    for operation in OPERATIONS:
        ours = median(_rate(one) for one in turns["momo", operation, 64])
        rivals = [turns[name, operation, 64] for name in PEERS]
        fastest = max(median(_rate(one) for one in took) for took in rivals if took[0]["can"])
        times = ours / fastest
        lines.append(f"Goal 2: at least 3 times the fastest peer at 64 at once. `{operation}`: {times:.1f} times.")
    return [f"{line}  " for line in lines]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.client")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--venv", default=str(Path(tempfile.gettempdir()) / "momo-benchmark-peers"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
