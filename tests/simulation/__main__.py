"""`python -m tests.simulation FIRST:COUNT`: plays seeds, and with options mutants or scenarios. See `--help`."""

import argparse
import sys

from tests.simulation import run

MOST_REPORTED, PROGRESS_EVERY = 5, 200


def main() -> int:
    """Return the exit code: 0 when nothing was found."""
    options = _options()
    if options.mutants is not None:
        return 0 if run.hunt_all(options.mutants) else 1
    if options.exhaustive or options.pairs:
        return 0 if run.play_scenarios(1 if options.exhaustive else 1_000_000, options.pairs) else 1
    return _seeds(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description="Play the bot's world by seed.")
    parser.add_argument("seeds", nargs="?", default="0:100", help="FIRST:COUNT, by default 0:100")
    parser.add_argument("--profile", type=int, help="the kind of trouble; by default the seed modulo their number")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--mutants", nargs="?", const="", metavar="NAME", help="plant bugs, tell when each is caught")
    parser.add_argument("--exhaustive", action="store_true", help="die at every boundary of the four scenarios")
    parser.add_argument("--pairs", type=int, default=0, metavar="N", help="... and N times at two boundaries each")
    parser.add_argument("--fingerprints", action="store_true", help="print the hash of each seed's history")
    return parser.parse_args()


def _seeds(options: argparse.Namespace) -> int:
    first, _, count = options.seeds.partition(":")
    seeds = range(int(first), int(first) + int(count or 1))
    tally = run.Tally()
    for seed, outcome in run.play_many(seeds, options.profile, options.jobs):
        tally.add(seed, outcome)
        if options.fingerprints:
            print(seed, outcome.fingerprint)
        if outcome.violations and len(tally.failed) <= MOST_REPORTED:
            print(run.report(seed, options.profile, outcome), flush=True)
        if tally.seeds % PROGRESS_EVERY == 0:
            print(tally.line(), file=sys.stderr, flush=True)
    print(tally.line())
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
