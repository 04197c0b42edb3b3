"""One contender in a process of its own: told in JSON lines what to do, tells in JSON lines what it took.

Runs in the peers' virtual environment too, so it imports nothing but the standard library and one contender.
"""

import asyncio
import importlib
import inspect
import json
import os
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def main() -> None:
    """Serve orders from standard input until it ends."""
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # two of the peers print bodies and responses
    module = importlib.import_module(f"contenders.{sys.argv[1]}")
    setup = json.loads(sys.stdin.readline())
    if inspect.iscoroutinefunction(module.contender):
        asyncio.run(_serve_async(module, setup, answers))
    else:
        _serve(module, setup, answers)


async def _serve_async(module, setup, answers) -> None:
    pay, status = await module.contender(setup)
    known: list[str] = []
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        await _many(order, pay, status, _calls(_warming(order), known, status))
        calls = _calls(order, known, status)
        started = _clocks()
        errors, made = await _many(order, pay, status, calls)
        answers.write(json.dumps(_took(started, order, errors, status)) + "\n")
        known.extend(made)


async def _many(order, pay, status, calls):
    made, errors = [], 0

    async def work() -> None:
        nonlocal errors
        for reference_id in calls:
            try:
                if order["operation"] == "pay":
                    made.append(await pay())
                elif status is not None:
                    await status(reference_id)
            except Exception:
                errors += 1

    await asyncio.gather(*(work() for _ in range(order["concurrency"])))
    return errors, made


def _serve(module, setup, answers) -> None:
    pay, status = module.contender(setup)
    known: list[str] = []
    with ThreadPoolExecutor(64) as threads:
        while line := sys.stdin.readline():
            order = json.loads(line)
            list(threads.map(partial(_once, order, pay, status), _calls(_warming(order), known, status)))
            calls = list(_calls(order, known, status))
            started = _clocks()
            if order["concurrency"] == 1:
                done = [_once(order, pay, status, one) for one in calls]
            else:
                done = list(threads.map(partial(_once, order, pay, status), calls))
            errors = sum(one is None for one in done)
            answers.write(json.dumps(_took(started, order, errors, status)) + "\n")
            known.extend(one for one in done if one and order["operation"] == "pay")


def _once(order, pay, status, reference_id):
    try:
        return pay() if order["operation"] == "pay" else status(reference_id) or reference_id
    except Exception:
        return None


def _calls(order, known, status):
    """What each call is about; one iterator, shared by all who work."""
    if order["operation"] == "pay":
        return iter([""] * order["calls"])
    if status is None:
        return iter([])
    return iter([known[n % len(known)] for n in range(order["calls"])])


def _warming(order):
    """Calls that do not count: the connections of the turn before may have gone cold."""
    return {**order, "calls": 2 * order["concurrency"]}


def _clocks() -> tuple[float, float]:
    return time.process_time(), time.perf_counter()


def _took(started, order, errors, status):
    cpu, wall = (now - before for now, before in zip(_clocks(), started, strict=True))
    can = order["operation"] == "pay" or status is not None
    return {"cpu": cpu, "wall": wall, "calls": order["calls"], "errors": errors, "can": can}


if __name__ == "__main__":
    main()
