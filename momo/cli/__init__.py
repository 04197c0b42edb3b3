"""The command line, but for the sandbox: needs the extra `cli`.

Exit codes say what happened to the money:

    0  done: what was asked for is SUCCESSFUL, or was shown
    1  failed or refused: nothing has moved
    2  the command or the configuration is wrong: nothing has moved
    3  not known yet: ask with `status` and the same reference id
"""

from momo.cli.app import main

__all__ = ["main"]
