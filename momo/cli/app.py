"""All commands under one name."""

import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from momo.cli import doctor, looking, moving, provisioning
from momo.cli.endings import Code
from momo.sandbox import command as sandbox_command

app = typer.Typer(
    help="MTN MoMo, from the command line. Keys come from the environment: MOMO_BASE_URL, MOMO_TARGET_ENVIRONMENT, "
    "MOMO_CURRENCY, and MOMO_COLLECTION_ or MOMO_DISBURSEMENT_ with API_USER, API_KEY and SUBSCRIPTION_KEY.",
    epilog="Exit codes: 0 successful or shown; 1 failed or refused, nothing has moved; 2 wrong use or configuration; "
    "3 not known yet: ask with status and the same reference id.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    provisioning.provision,
    doctor.doctor,
    looking.balance,
    moving.transfer,
    moving.request_to_pay,
    moving.refund,
    looking.status,
    looking.watch,
):
    app.command()(command)


@app.command(add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def sandbox(options: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """A local MoMo platform to develop and test against; needs no extra."""
    raise typer.Exit(sandbox_command.main(options or []))


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code."""
    try:
        return int(app(args=list(arguments), prog_name="python -m momo"))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    except Exception:  # noqa: BLE001 - Python's own code for it would be 1: failed, nothing has moved
        traceback.print_exc()
        return Code.UNKNOWN
