"""The library's command line: `python -m momo sandbox`."""

import sys
from collections.abc import Sequence

from momo.sandbox import command as sandbox


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["sandbox"]:
        return sandbox.main(given[1:])
    print("usage: python -m momo sandbox [--help]", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
