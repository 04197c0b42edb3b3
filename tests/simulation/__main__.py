"""`python -m tests.simulation FIRST:COUNT`: plays seeds, and with options mutants or scenarios. See `--help`."""

import argparse
import sys

from tests.simulation import run

MOST_REPORTED, PROGRESS_EVERY = 5, 500


def main() -> int:
    """Return the exit code: 0 when nothing was found."""
    options = _options()
    if options.machine:
        return 0 if run.play_programs(options.machine, options.mutants) else 1
    if options.mutants is not None:
        return 0 if run.hunt_all(options.mutants, options.most, options.jobs) else 1
    if options.exhaustive or options.pairs:
        return 0 if run.play_scenarios(1 if options.exhaustive else 1_000_000, options.pairs) else 1
    return _seeds(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description="Play the bot's world by seed.")
    parser.add_argument("seeds", nargs="?", default="0:100", help="FIRST:COUNT, by default 0:100")
    parser.add_argument("--profile", type=int, help="the kind of trouble; by default the seed modulo their number")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--mutants", nargs="?", const="", metavar="NAME", help="plant bugs, tell when each is caught")
    parser.add_argument("--most", type=int, default=run.MUTANT_SEEDS, metavar="N", help="... and give up after N seeds")
    parser.add_argument("--exhaustive", action="store_true", help="die at every boundary of the four scenarios")
    parser.add_argument("--machine", type=int, default=0, metavar="N", help="play N programs by hypothesis")
    parser.add_argument("--pairs", type=int, default=0, metavar="N", help="... and N times at two boundaries each")
    parser.add_argument("--fingerprints", action="store_true", help="print the hash of each seed's history")
    return parser.parse_args()


def _seeds(options: argparse.Namespace) -> int:
    first, _, count = options.seeds.partition(":")
    tallies = run.Tallies(options.profile)
    try:
        with run.interruptible():
            for seed in run.play_many(range(int(first), int(first) + int(count or 1)), options.profile, options.jobs):
                _take(options, tallies, *seed)
    except run.Interrupted:
        print("interrupted: the figures so far")
    print(tallies.table(), flush=True)
    return 1 if tallies.all.failed else 0


def _take(options: argparse.Namespace, tallies: run.Tallies, seed: int, outcome: run.Outcome) -> None:
    tallies.add(seed, outcome)
    if options.fingerprints:
        print(seed, outcome.fingerprint)
    if outcome.violations:
        run.keep(seed, options.profile, outcome.violations[0])
    if outcome.violations and len(tallies.all.failed) <= MOST_REPORTED:
        print(run.report(seed, options.profile, outcome), flush=True)
    if tallies.all.seeds % PROGRESS_EVERY == 0:
        print(tallies.all.line(), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
