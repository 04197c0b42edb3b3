"""The library's command line: `python -m momo COMMAND`.

The sandbox needs aiohttp alone; all other commands need the extra `cli`.
"""

import sys
from collections.abc import Sequence

from momo.sandbox import command as sandbox


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["sandbox"]:
        return sandbox.main(given[1:])
    try:
        from momo.cli import main as run
    except ModuleNotFoundError as missing:
        print(f"{missing.name} is not installed: this command needs `pip install 'momo-desk[cli]'`.", file=sys.stderr)
        return 2
    return run(given)


if __name__ == "__main__":
    sys.exit(main())
